/* Points: the events in view, as marks side by side, in stacks, or stamped when they are many. Methods of the layer. */
(function (Rutter) {
  "use strict";

  const { WORLD, draw } = Rutter;
  const { MARK_PX, MOST_FANNED } = Rutter.fan;

  Rutter.points = function (app) {
    const stamp = new draw.Stamp();

    return {
      /* Collects the events in view: rows and their pixels, one entry for each copy of the world. */
      pointsInView() {
        const { events } = app;
        const { left, top, width, height, world } = this.view;
        const scale = world / WORLD;
        const margin = 40;
        const rows = (this.rows = this.rows && this.rows.length >= events.size * this.copies.length ? this.rows
          : new Uint32Array(events.size * this.copies.length));
        const px = (this.px = this.px && this.px.length === rows.length ? this.px : new Float32Array(rows.length));
        const py = (this.py = this.py && this.py.length === rows.length ? this.py : new Float32Array(rows.length));
        let n = 0;
        for (const copy of this.copies) {
          const dx = copy * world - left;
          for (let k = 0; k < events.size; k++) {
            const i = events.found[k];
            const x = events.x[i] * scale + dx;
            const y = events.y[i] * scale - top;
            if (x < -margin || x > width + margin || y < -margin || y > height + margin || !events.placed(i)) continue;
            rows[n] = i;
            px[n] = x;
            py[n++] = y;
          }
        }
        return (this.count = n);
      },

      drawHalos(ctx) {
        const { events } = app;
        const { left, top, width, world } = this.view;
        const seen = new Set();
        for (const copy of this.copies) {
          for (let k = 0; k < events.size; k++) {
            const i = events.found[k];
            if (!(events.radius[i] > 0) || !events.placed(i)) continue;
            const x = events.x[i] / WORLD + copy;
            const y = events.y[i] / WORLD;
            const reach = Math.max(40, draw.radiusPx(Math.min(events.radius[i], 2500), y, world) * 1.6);
            if (x * world - left < -reach || x * world - left > width + reach) continue;
            const key = `${events.x[i]} ${events.y[i]} ${events.radius[i]} ${copy}`;
            if (seen.has(key)) continue;
            seen.add(key);
            ctx.globalAlpha = this.alpha(events, i);
            draw.halo(ctx, app.style.kind(events.word("kind", i)).color,
              { x, y, km: events.radius[i], world, left, top, least: MARK_PX + 4 });
          }
        }
        ctx.globalAlpha = 1;
      },

      drawPoints(ctx) {
        const { events } = app;
        const groups = Rutter.fan.groups(this.px, this.py, this.count, (k) => events.startMs(this.rows[k]));
        for (const group of groups) {
          const { x, y, members } = group;
          if (members.length > MOST_FANNED) {
            const tally = new Map();
            for (const k of members) {
              const { color } = app.style.kind(events.word("kind", this.rows[k]));
              tally.set(color, (tally.get(color) || 0) + 1);
            }
            const r = draw.stack(ctx, [...tally], members.length, x, y, app.ground(), app.ink());
            this.hits.push({ x, y, r, rows: members.map((k) => this.rows[k]) });
            continue;
          }
          const places = Rutter.fan.places(group, this.px, this.py);
          ctx.globalAlpha = 0.55;
          ctx.strokeStyle = app.ink();
          ctx.lineWidth = 0.75;
          ctx.beginPath();
          places.forEach(([dx, dy], slot) => {
            const k = members[slot];
            if (Math.hypot(x + dx - this.px[k], y + dy - this.py[k]) <= MARK_PX) return;
            ctx.moveTo(this.px[k], this.py[k]);
            ctx.lineTo(x + dx, y + dy);
          });
          ctx.stroke();
          places.forEach(([dx, dy], slot) => {
            const i = this.rows[members[slot]];
            const look = app.style.kind(events.word("kind", i));
            ctx.globalAlpha = this.alpha(events, i);
            const hollow = events.word("status", i) === "candidate";
            draw.mark(ctx, look, x + dx, y + dy, MARK_PX, { rim: this.rim, hollow });
            this.hits.push({ x: x + dx, y: y + dy, r: MARK_PX + 1, rows: [i] });
          });
        }
        ctx.globalAlpha = 1;
      },

      stampPoints(ctx, ratio) {
        const { events } = app;
        const colors = events.kind.values.map((kind) => draw.pixel(app.style.kind(kind).color, 235));
        stamp.begin(ctx.canvas.width, ctx.canvas.height, ratio);
        for (let k = 0; k < this.count; k++) stamp.disc(this.px[k], this.py[k], colors[events.kind.codes[this.rows[k]]]);
        stamp.end(ctx);
      },

      drawSelected(ctx) {
        for (const hit of this.hits) {
          if (!hit.rows.some((i) => app.isSelected("events", i))) continue;
          ctx.beginPath();
          ctx.arc(hit.x, hit.y, hit.r + 5, 0, 2 * Math.PI);
          ctx.strokeStyle = app.ink();
          ctx.lineWidth = 2.5;
          ctx.stroke();
        }
      },
    };
  };
})((window.Rutter = window.Rutter || {}));

/* Points: the events in view, as marks side by side, in stacks, or stamped when they are many. Methods of the layer. */
(function (Rutter) {
  "use strict";

  const { WORLD, draw } = Rutter;
  const { MARK_PX, MOST_FANNED } = Rutter.fan;
  const MANY = 1500; // from here points are stamped
  const FEW_PLACES = 300; // but not when all of them stand in so few places
  const PLACE_PX = 16;
  const MARGIN_PX = 40;
  const STAMPED_ALPHA = 235;

  Rutter.points = function (app) {
    return {
      /* Collects the events in view as long as they are few: rows and their pixels, one entry for each copy of the world. */
      pointsInView() {
        const { events } = app;
        const { left, top, width, height, world } = this.view;
        const scale = world / WORLD;
        const { rows, px, py } = (this.few = this.few || { rows: new Uint32Array(MANY), px: new Float64Array(MANY), py: new Float64Array(MANY) });
        Object.assign(this, { rows, px, py });
        let n = 0;
        for (const copy of this.copies) {
          const dx = copy * world - left;
          for (let r = 0; r < events.ends; r += 2) {
            for (let i = events.runs[r], to = events.runs[r + 1]; i < to; i++) {
              const x = events.x[i] * scale + dx;
              if (x < -MARGIN_PX || x > width + MARGIN_PX) continue;
              const y = events.y[i] * scale - top;
              if (y < -MARGIN_PX || y > height + MARGIN_PX || !events.placed(i)) continue;
              if (n === MANY) return (this.count = MANY + 1);
              rows[n] = i;
              px[n] = x;
              py[n++] = y;
            }
          }
        }
        return (this.count = n);
      },

      drawHalos(ctx) {
        const { events } = app;
        const { left, top, width, height, world } = this.view;
        const seen = new Set();
        const most = 40 + 12 * Math.min(events.widest, 2500) * (world / 40000); // no halo is wider, even far north
        for (const copy of this.copies) {
          for (let k = 0; k < events.size; k++) {
            const i = events.found[k];
            if (!(events.radius[i] > 0) || !events.placed(i)) continue;
            const x = events.x[i] / WORLD + copy;
            const y = events.y[i] / WORLD;
            if (y * world - top < -most || y * world - top > height + most) continue;
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
        const { px, py, rows } = this;
        const { codes } = events.kind;
        const looks = events.kind.values.map((name) => app.style.kind(name));
        const marks = [];
        const ways = [];
        const add = (k, x, y) => {
          const i = rows[k];
          marks.push({ code: codes[i], hollow: events.word("status", i) === "candidate", x, y, alpha: this.alpha(events, i) });
          this.hits.push({ x, y, r: MARK_PX + 1, rows: [i] });
        };
        for (const group of Rutter.fan.groups(px, py, this.count, (k) => events.startMs(rows[k]))) {
          const { x, y, members } = group;
          if (members.length === 1) add(members[0], x, y);
          else if (members.length > MOST_FANNED) {
            const tally = new Map();
            for (const k of members) {
              const { color } = looks[codes[rows[k]]];
              tally.set(color, (tally.get(color) || 0) + 1);
            }
            const r = draw.stack(ctx, [...tally], members.length, x, y, app.ground(), app.ink());
            this.hits.push({ x, y, r, rows: members.map((k) => rows[k]) });
          } else {
            Rutter.fan.places(group, px, py).forEach(([dx, dy], slot) => {
              const k = members[slot];
              if (Math.hypot(x + dx - px[k], y + dy - py[k]) > MARK_PX) ways.push([px[k], py[k], x + dx, y + dy]);
              add(k, x + dx, y + dy);
            });
          }
        }
        if (ways.length) this.drawWays(ctx, ways);
        Rutter.drawMarks(ctx, marks, looks, { stamp: this.stamp, r: MARK_PX, rim: this.rim, ratio: this.ratio });
      },

      /* From where marks belong to where there was room for them. */
      drawWays(ctx, ways) {
        ctx.globalAlpha = 0.55;
        ctx.strokeStyle = app.ink();
        ctx.lineWidth = 0.75;
        ctx.beginPath();
        for (const [ax, ay, bx, by] of ways) {
          ctx.moveTo(ax, ay);
          ctx.lineTo(bx, by);
        }
        ctx.stroke();
        ctx.globalAlpha = 1;
      },

      /* False where all stand in a few places, which only a number can show. */
      stampPoints() {
        const { events } = app;
        this.count = this.stamp.plot(events);
        if (this.stamp.places <= FEW_PLACES) return false;
        this.shades = Rutter.shades(app, events);
        this.paintPoints();
        return true;
      },

      paintPoints() {
        const { kind } = app.events;
        const colors = kind.values.flatMap((name) => {
          const { color } = app.style.kind(name);
          return Rutter.ALPHAS.map((alpha) => draw.pixel(color, Math.round(STAMPED_ALPHA * alpha)));
        });
        this.stamp.paint(kind.codes, colors, this.shades);
      },

      drawEvents(ctx, many) {
        if (app.display === "heat") this.drawHeat(ctx);
        else if (app.display === "clusters") this.drawClusters(ctx);
        else if (many) this.drawClusters(ctx, PLACE_PX);
        else this.drawPoints(ctx);
      },

      drawSelected(ctx) {
        const { selected, events } = app;
        if (!selected || selected.layer !== "events" || !app.show.events || !app.holds(selected) || !events.mask[selected.i]) return;
        ctx.strokeStyle = app.ink();
        ctx.lineWidth = 2.5;
        const ring = (x, y, r) => {
          ctx.beginPath();
          ctx.arc(x, y, r + 5, 0, 2 * Math.PI);
          ctx.stroke();
        };
        for (const hit of this.hits) if (this.holdsRow(hit, selected.i)) ring(hit.x, hit.y, hit.r);
        if (this.hits.length || !events.placed(selected.i)) return;
        const { left, top, world } = this.view;
        const look = app.style.kind(events.word("kind", selected.i));
        for (const copy of this.copies) {
          const x = (events.x[selected.i] / WORLD + copy) * world - left;
          const y = (events.y[selected.i] / WORLD) * world - top;
          draw.mark(ctx, look, x, y, MARK_PX, { rim: this.rim });
          ring(x, y, MARK_PX);
        }
      },
    };
  };
  Rutter.MANY_POINTS = MANY;
})((window.Rutter = window.Rutter || {}));

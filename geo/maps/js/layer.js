/* Layer: one canvas over the map. Draws the rows that are in the window, pass the filter and are in view, in every copy of
   the world that is in view, and knows what it drew where. */
(function (Rutter) {
  "use strict";

  const { WORLD, draw } = Rutter;
  const { MARK_PX, MOST_FANNED } = Rutter.fan;
  const MANY = 1500; // from here points are stamped
  const MANY_ROUTES = 150; // from here lines go without casing and arrowheads
  const RIM = { light: "#ffffff", dark: "#14191e" };

  function createLayer(app) {
    const stamp = new draw.Stamp();

    return new (L.Layer.extend({
      onAdd(map) {
        const pane = map.getPane("rutter") || map.createPane("rutter");
        pane.style.zIndex = 450;
        pane.style.pointerEvents = "none";
        this.canvas = L.DomUtil.create("canvas", "rutter-canvas leaflet-zoom-animated", pane);
        this.canvas.setAttribute("aria-hidden", "true");
        this.hits = [];
        this.drawn = [];
        this.redraw();
      },

      onRemove() {
        cancelAnimationFrame(this.frame);
        this.canvas.remove();
      },

      getEvents() {
        const { later, redraw, follow } = this;
        return { move: later, moveend: redraw, viewreset: redraw, resize: redraw, zoomanim: follow };
      },

      later() {
        if (!this.frame) this.frame = requestAnimationFrame(() => this.redraw());
      },

      /* During the animation of a zoom the old picture is stretched. */
      follow(event) {
        const scale = this._map.getZoomScale(event.zoom, this.zoom);
        L.DomUtil.setTransform(this.canvas, this._map._latLngToNewLayerPoint(this.corner, event.zoom, event.center), scale);
      },

      redraw() {
        cancelAnimationFrame(this.frame);
        this.frame = 0;
        const map = this._map;
        if (!map || map._animatingZoom) return;
        const size = map.getSize();
        const ratio = window.devicePixelRatio || 1;
        const { canvas } = this;
        const width = Math.round(size.x * ratio);
        const height = Math.round(size.y * ratio);
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
          canvas.style.width = `${size.x}px`;
          canvas.style.height = `${size.y}px`;
        }
        this.zoom = map.getZoom();
        this.corner = map.containerPointToLatLng([0, 0]);
        L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
        const view = map.getPixelBounds();
        const world = 256 * 2 ** this.zoom;
        this.view = { left: view.min.x, top: view.min.y, width: size.x, height: size.y, world };
        this.copies = [];
        const last = Math.floor((view.min.x + size.x) / world);
        for (let k = Math.floor(view.min.x / world); k <= last; k++) this.copies.push(k);
        const ctx = canvas.getContext("2d");
        ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        ctx.clearRect(0, 0, size.x, size.y);
        this.hits = [];
        this.drawn = [];
        this.vessels = [];
        this.rim = RIM[app.theme()];
        this.alpha = (table, i) => 0.4 + 0.6 * (table.share(i) === null ? 1 : table.share(i));
        const { show } = app;
        const points = show.events ? this.pointsInView() : 0;
        if (show.events && show.halos && points <= MANY) this.drawHalos(ctx);
        if (show.routes) this.drawRoutes(ctx);
        if (show.events) {
          if (points > MANY) this.stampPoints(ctx, ratio);
          else this.drawPoints(ctx);
        }
        if (show.routes && show.moving) this.drawVessels(ctx);
        this.drawSelected(ctx);
      },

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

      drawRoutes(ctx) {
        const { routes } = app;
        const { left, top, width, height, world } = this.view;
        ctx.lineCap = "round";
        ctx.lineJoin = "round";
        for (let k = 0; k < routes.size; k++) {
          const i = routes.found[k];
          const path = routes.path(i);
          if (!path) continue;
          const look = app.style.mode(routes.word("mode", i));
          const dash = app.style.dash(routes.word("basis", i));
          const [x0, y0, x1, y1] = path.box;
          if (y1 * world - top < -20 || y0 * world - top > height + 20) continue;
          for (let copy = this.copies[0] - 1; copy <= this.copies[this.copies.length - 1] + 1; copy++) {
            const shift = left - copy * world;
            if (x1 * world - shift < -20 || x0 * world - shift > width + 20) continue;
            this.drawn.push([i, copy]);
            const chosen = app.isSelected("routes", i);
            const plain = routes.size > MANY_ROUTES && !chosen;
            draw.trace(ctx, path, world, shift, top);
            ctx.globalAlpha = chosen ? 0.9 : 0.55;
            ctx.strokeStyle = this.rim;
            ctx.lineWidth = chosen ? 8 : 4.5;
            if (!plain) ctx.stroke();
            ctx.globalAlpha = chosen ? 1 : this.alpha(routes, i);
            ctx.strokeStyle = look.color;
            ctx.lineWidth = chosen ? 4 : plain ? 1 : 2.5;
            ctx.lineCap = dash.length ? "butt" : "round";
            ctx.setLineDash(dash);
            ctx.stroke();
            ctx.setLineDash([]);
            if (!plain) this.drawArrows(ctx, i, look.color, world, shift, top);
          }
        }
        ctx.globalAlpha = 1;
      },

      /* One arrowhead in the middle of the way, and at its end; only one on a line too short for both. */
      drawArrows(ctx, i, color, world, shift, top) {
        const path = app.routes.path(i);
        const size = Math.max(path.box[2] - path.box[0], path.box[3] - path.box[1]) * world;
        if (size < 14 || path.x.length < 2) return;
        ctx.fillStyle = color;
        ctx.strokeStyle = this.rim;
        for (const share of size > 70 ? [0.5, 0.985] : [0.6]) {
          const [x, y, heading] = app.routes.pointAt(i, share);
          draw.arrow(ctx, x * world - shift, y * world - top, heading, size > 40 ? 6 : 5);
        }
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

      /* Shipments at the window's end: where each is along its way between departure and arrival. */
      drawVessels(ctx) {
        const { routes } = app;
        const { left, top, width, world } = this.view;
        const t = app.playhead();
        for (let k = 0; k < routes.size; k++) {
          const i = routes.found[k];
          const depart = routes.startMs(i);
          const arrive = routes.overAt(i);
          if (!routes.path(i) || !(depart <= t && t < arrive)) continue;
          const [x, y, heading] = routes.pointAt(i, (t - depart) / (arrive - depart));
          const mode = routes.word("mode", i);
          const rough = !["exact", "day"].includes(routes.word("precision", i));
          for (let copy = this.copies[0] - 1; copy <= this.copies[this.copies.length - 1] + 1; copy++) {
            const px = (x + copy) * world - left;
            if (px < -20 || px > width + 20) continue;
            const py = y * world - top;
            ctx.globalAlpha = 1;
            draw.vessel(ctx, mode, app.style.mode(mode).color, this.rim, px, py, heading, rough);
            this.vessels.push({ i, x: px, y: py, lon: 360 * x - 180, lat: (180 / Math.PI) * Rutter.latitude(y) });
          }
        }
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
    }))();
  }

  Object.assign(Rutter, { createLayer, MANY_POINTS: MANY });
})((window.Rutter = window.Rutter || {}));

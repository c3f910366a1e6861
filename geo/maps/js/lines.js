/* Lines: the routes in view and the shipments on their way. Methods of the layer. */
(function (Rutter) {
  "use strict";

  const { draw } = Rutter;
  const MANY_ROUTES = 150; // from here lines go without casing and arrowheads

  Rutter.lines = function (app) {
    return {
      drawRoutes(ctx) {
        const { routes } = app;
        const { left, top, width, height, world } = this.view;
        ctx.lineCap = "round";
        ctx.lineJoin = "round";
        for (let k = 0; k < routes.size; k++) {
          const i = routes.found[k];
          if (this.linesStamped && !app.isSelected("routes", i)) continue;
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
            const wide = app.widths.of(i);
            ctx.lineWidth = wide + (chosen ? 4 : 2);
            if (!plain) ctx.stroke();
            ctx.globalAlpha = chosen ? 1 : this.alpha(routes, i);
            ctx.strokeStyle = look.color;
            ctx.lineWidth = chosen ? wide + 1.5 : plain ? Math.max(1, wide / 2.5) : wide;
            ctx.lineCap = dash.length ? "butt" : "round";
            ctx.setLineDash(plain ? dash : dash.map((px) => px * Math.max(1, wide / 3)));
            ctx.stroke();
            ctx.setLineDash([]);
            if (!plain) this.drawArrows(ctx, i, look.color, world, shift, top, wide);
          }
        }
        ctx.globalAlpha = 1;
      },

      /* One arrowhead in the middle of the way, and at its end; only one on a line too short for both. */
      drawArrows(ctx, i, color, world, shift, top, wide) {
        const path = app.routes.path(i);
        const size = Math.max(path.box[2] - path.box[0], path.box[3] - path.box[1]) * world;
        if (size < 14 || path.x.length < 2) return;
        ctx.fillStyle = color;
        ctx.strokeStyle = this.rim;
        for (const share of size > 70 ? [0.5, 0.985] : [0.6]) {
          const [x, y, heading] = app.routes.pointAt(i, share);
          draw.arrow(ctx, x * world - shift, y * world - top, heading, (size > 40 ? 6 : 5) + Math.max(0, wide - Rutter.PLAIN_PX));
        }
      },

      /* Shipments at the window's end: where each is along its way between departure and arrival. */
      drawVessels(ctx) {
        const { routes } = app;
        const { left, top, width, world } = this.view;
        const t = app.playhead();
        const moving = [];
        for (let k = 0; k < routes.size; k++) {
          const i = routes.found[k];
          const depart = routes.startMs(i);
          const arrive = routes.overAt(i);
          if (!(depart <= t && t < arrive) || !routes.path(i)) continue;
          const share = (t - depart) / (arrive - depart);
          const [x, y, heading] = routes.pointAt(i, share);
          const copies = [];
          const mode = routes.word("mode", i);
          const rough = !["exact", "day"].includes(routes.word("precision", i));
          for (let copy = this.copies[0] - 1; copy <= this.copies[this.copies.length - 1] + 1; copy++) {
            const px = (x + copy) * world - left;
            if (px < -150 || px > width + 150) continue;
            copies.push(copy);
            const py = y * world - top;
            this.vessels.push({ i, mode, heading, rough, x: px, y: py, lon: 360 * x - 180, lat: (180 / Math.PI) * Rutter.latitude(y) });
          }
          moving.push({ i, share, copies });
        }
        Rutter.trails(ctx, routes, moving, this.view, (i) => app.style.mode(routes.word("mode", i)).color);
        for (const { x, y, mode, heading, rough } of this.vessels) {
          draw.vessel(ctx, mode, app.style.mode(mode).color, this.rim, x, y, heading, rough);
        }
      },
    };
  };
})((window.Rutter = window.Rutter || {}));

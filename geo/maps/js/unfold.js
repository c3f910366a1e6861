/* Unfold: a stack of a few events under the pointer is spread in a ring, each to be read and picked; it folds again when
   the pointer leaves it. */
(function (Rutter) {
  "use strict";

  const { draw } = Rutter;
  const MOST = 12;
  const MARK_PX = 7;
  const BETWEEN_PX = 19;
  const LEAVE_PX = 14;

  class Unfold {
    constructor(app) {
      this.app = app;
      this.open = null;
      this.canvas = L.DomUtil.create("canvas", "rutter-unfolded", app.map.getContainer());
      this.canvas.setAttribute("aria-hidden", "true");
      this.canvas.hidden = true;
      app.map.on("movestart zoomstart resize", () => this.close());
      app.on("window", () => this.close());
      app.on("display", () => this.close());
    }

    /* Follows the pointer: opens over a stack, closes beside it. */
    follow(point) {
      const { open } = this;
      if (open && Math.hypot(point.x - open.x, point.y - open.y) <= open.reach + LEAVE_PX) return;
      this.close();
      const { layer } = this.app;
      const hit = layer.hits.find((h) => Math.hypot(h.x - point.x, h.y - point.y) <= h.r + 2 && this.size(h) > 1);
      if (!hit || this.size(hit) > MOST) return;
      this.spread(hit, layer.rowsOf ? layer.rowsOf(hit) : hit.rows);
    }

    size(hit) { return hit.rows ? hit.rows.length : hit.total || 1; }

    spread(hit, rows) {
      const { events } = this.app;
      const list = Array.from(rows).sort((a, b) => events.startMs(a) - events.startMs(b) || a - b);
      const reach = Math.max(hit.r + MARK_PX + 6, (list.length * BETWEEN_PX) / (2 * Math.PI));
      const marks = list.map((i, k) => {
        const angle = (2 * Math.PI * k) / list.length - Math.PI / 2;
        return { i, x: hit.x + reach * Math.cos(angle), y: hit.y + reach * Math.sin(angle) };
      });
      this.open = { x: hit.x, y: hit.y, reach: reach + MARK_PX, marks };
      this.draw();
    }

    draw() {
      const { app, canvas, open } = this;
      const ratio = window.devicePixelRatio || 1;
      const half = Math.ceil(open.reach + 8);
      canvas.hidden = false;
      canvas.width = canvas.height = Math.round(2 * half * ratio);
      Object.assign(canvas.style, { width: `${2 * half}px`, height: `${2 * half}px`,
        transform: `translate(${open.x - half}px, ${open.y - half}px)` });
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, (half - open.x) * ratio, (half - open.y) * ratio);
      ctx.beginPath();
      ctx.arc(open.x, open.y, open.reach + 5, 0, 2 * Math.PI);
      ctx.globalAlpha = 0.82;
      ctx.fillStyle = app.ground();
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.strokeStyle = app.ink();
      ctx.lineWidth = 0.75;
      for (const { x, y } of open.marks) {
        ctx.beginPath();
        ctx.moveTo(open.x, open.y);
        ctx.lineTo(x, y);
        ctx.stroke();
      }
      const rim = app.ground();
      for (const { i, x, y } of open.marks) {
        const hollow = app.events.word("status", i) === "candidate";
        draw.mark(ctx, app.style.kind(app.events.word("kind", i)), x, y, MARK_PX, { rim, hollow });
      }
    }

    close() {
      this.open = null;
      this.canvas.hidden = true;
    }

    /* The one mark of an open ring that is under a point, or null where no ring is open there. */
    at({ x, y }, reach) {
      if (!this.open) return null;
      const mark = this.open.marks.find((m) => Math.hypot(m.x - x, m.y - y) <= MARK_PX + 1 + reach);
      return mark ? [{ layer: "events", i: mark.i }] : null;
    }
  }

  Rutter.Unfold = Unfold;
})((window.Rutter = window.Rutter || {}));

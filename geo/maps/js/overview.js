/* Overview: a small map of the world that says where this view is. Its middle is Greenwich or 180 degrees, whichever lies
   nearer to the view, so that the view does not stand at its edge. A click goes there. */
(function (Rutter) {
  "use strict";

  const { make } = Rutter;
  const WIDE_PX = 150;
  const TOP = 0.09; // of the square world: from 80 degrees north
  const FOOT = 0.76; // to 62 degrees south
  const ROOM = [700, 420];

  class Overview {
    constructor(app, land) {
      this.app = app;
      this.land = land;
      this.turn = 0;
      this.canvas = make("canvas", { role: "img", class: "rutter-overview-map" });
      this.toggle = make("button", { type: "button", class: "rutter-overview-fold", "aria-label": "World map",
        title: "Fold or unfold the world map", "aria-expanded": "true", on: { click: () => this.setOpen(!this.open) } },
      make("i", { "aria-hidden": "true" }));
      this.root = make("div", { class: "rutter-overview" }, this.canvas, this.toggle);
      this.canvas.addEventListener("click", (e) => this.go(e.offsetX, e.offsetY));
      L.DomEvent.disableClickPropagation(this.root);
      const { root } = this;
      this.control = new (L.Control.extend({ options: { position: "bottomleft" }, onAdd: () => root }))();
      this.control.addTo(app.map);
      this.open = true;
      app.map.on("move resize", () => this.later());
      app.on("theme", () => this.later());
      land.ready.then(() => this.draw());
      this.draw();
    }

    setOpen(open) {
      this.open = open;
      this.toggle.setAttribute("aria-expanded", String(open));
      this.draw();
    }

    later() {
      if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
    }

    /* Where a point of the world square stands on the small map. */
    toPx(x, y) { return [(((x - this.turn) % 1) + 1) % 1 * WIDE_PX, (y - TOP) * WIDE_PX]; }

    draw() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const { app, canvas } = this;
      const size = app.map.getSize();
      this.root.hidden = size.x < ROOM[0] || size.y < ROOM[1];
      canvas.hidden = !this.open;
      if (this.root.hidden || !this.open) return;
      const center = app.map.getCenter().wrap();
      this.turn = Math.abs(center.lng) > 90 ? 0.5 : 0;
      const ratio = window.devicePixelRatio || 1;
      const high = Math.round((FOOT - TOP) * WIDE_PX);
      canvas.width = Math.round(WIDE_PX * ratio);
      canvas.height = Math.round(high * ratio);
      Object.assign(canvas.style, { width: `${WIDE_PX}px`, height: `${high}px` });
      const ctx = canvas.getContext("2d");
      const colour = Rutter.palette();
      ctx.scale(ratio, ratio);
      ctx.fillStyle = colour.sea;
      ctx.fillRect(0, 0, WIDE_PX, high);
      ctx.translate(0, -TOP * WIDE_PX);
      for (const turn of [-1, 0, 1]) this.drawLand(ctx, (turn - this.turn) * WIDE_PX, colour.land);
      this.drawView(ctx);
      const east = `${Math.abs(Math.round(center.lng))}° ${center.lng < 0 ? "west" : "east"}`;
      const north = `${Math.abs(Math.round(center.lat))}° ${center.lat < 0 ? "south" : "north"}`;
      canvas.setAttribute("aria-label", `Small map of the world: the middle of this view is at ${north}, ${east}`);
    }

    drawLand(ctx, shift, color) {
      const data = this.land._detail(0);
      if (!data || shift >= WIDE_PX || shift <= -WIDE_PX) return;
      if (this.drawnFrom !== data) {
        this.drawnFrom = data;
        this.path = new Path2D();
        for (let i = 0; i < data.rings; i++) {
          for (let j = data.starts[i]; j < data.starts[i + 1]; j++) {
            const [x, y] = [data.x[j] * WIDE_PX, data.y[j] * WIDE_PX];
            if (j === data.starts[i]) this.path.moveTo(x, y);
            else this.path.lineTo(x, y);
          }
          this.path.closePath();
        }
      }
      ctx.save();
      ctx.translate(shift, 0);
      ctx.fillStyle = color;
      ctx.fill(this.path);
      ctx.restore();
    }

    drawView(ctx) {
      const { map } = this.app;
      const world = 256 * 2 ** map.getZoom();
      const view = map.getPixelBounds();
      const wide = Math.min(1, (view.max.x - view.min.x) / world) * WIDE_PX;
      const high = ((view.max.y - view.min.y) / world) * WIDE_PX;
      const [x] = this.toPx((view.min.x + view.max.x) / 2 / world, 0);
      const y = (view.min.y / world) * WIDE_PX;
      const grow = Math.max(0, (6 - Math.min(wide, high)) / 2); // a view of a street is still seen
      this.box = { x: x - wide / 2 - grow, y: y - grow, wide: wide + 2 * grow, high: high + 2 * grow };
      ctx.strokeStyle = this.app.theme() === "dark" ? "#ffc46b" : "#b3261e";
      ctx.fillStyle = `${ctx.strokeStyle}22`;
      ctx.lineWidth = 1.5;
      for (const turn of [-WIDE_PX, 0, WIDE_PX]) {
        const [left, right] = [this.box.x + turn, this.box.x + this.box.wide + turn];
        if (right < 0 || left > WIDE_PX) continue;
        ctx.fillRect(left, this.box.y, this.box.wide, this.box.high);
        ctx.strokeRect(left, this.box.y, this.box.wide, this.box.high);
      }
    }

    go(px, py) {
      const { map, player } = this.app;
      const lng = 360 * (px / WIDE_PX + this.turn) - 180;
      const lat = (Rutter.latitude(Math.min(0.97, py / WIDE_PX + TOP)) * 180) / Math.PI;
      const near = lng + 360 * Math.round((map.getCenter().lng - lng) / 360);
      map.setView([lat, near], map.getZoom(), { animate: !player.calm.matches });
    }
  }

  /* Only where the offline map is: its land is what is drawn. */
  Rutter.addOverview = (app) => (app.map.rutterGround ? new Overview(app, app.map.rutterGround.offline) : null);
})((window.Rutter = window.Rutter || {}));

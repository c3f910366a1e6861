/* Flows: routes with the same two ends as one curved band, as wide as they are many or carry much. Follows window and
   filter. A band bends to the right of its way, so that there and back lie side by side. */
(function (Rutter) {
  "use strict";

  const { WORLD, draw } = Rutter;
  const LEAST_PX = 2;
  const MOST_PX = 14;
  const BEND = 0.16;
  const PIECES = 28;
  const LOOP_PX = 16;
  const MOST_COUNTS = 60;

  class Flows {
    constructor(app) {
      this.app = app;
      this.by = null; // "shipments", a unit, or null: lines are drawn one by one
      this.bands = [];
      app.on("window", () => (this.stale = true));
      this.renew();
    }

    /* The widest band is measured over everything, so that widths can be compared from window to window. */
    renew() {
      const { routes } = this.app.picture;
      this.stale = true;
      if (this.by && !this.measures().includes(this.by)) this.by = null;
      this.most = {};
      const all = Array.from({ length: this.app.routes.count }, (_, i) => i);
      const bands = this.gather(all);
      for (const measure of this.measures()) this.most[measure] = Math.max(...bands.map((band) => this.value(band, measure)), 1e-9);
      this.possible = routes.ends.length > 0;
    }

    measures() { return ["shipments", ...this.app.picture.routes.units.filter((unit) => unit && unit !== "shipments")]; }

    set(by) {
      this.by = by && this.measures().includes(by) ? by : null;
      this.stale = true;
      this.app.layer.redraw();
      this.app.emit("flows");
    }

    /* Rows by their two ends: [{from, to, rows, shipments, amounts}]. */
    gather(rows) {
      const { app } = this;
      const { from, to, unit, quantity } = app.picture.routes;
      const bands = new Map();
      for (const i of rows) {
        const row = app.routes.tableRow(i);
        if (from[row] < 0 || to[row] < 0) continue;
        const key = from[row] * 1e7 + to[row];
        const band = bands.get(key) || { from: from[row], to: to[row], rows: [], shipments: new Set(), amounts: {} };
        bands.set(key, band);
        band.rows.push(i);
        band.shipments.add(app.routes.word("shipment", i) || i);
        const name = app.picture.routes.units[unit[row]];
        if (unit[row] >= 0) band.amounts[name] = (band.amounts[name] || 0) + quantity[row];
      }
      return [...bands.values()];
    }

    value(band, measure) { return measure === "shipments" ? band.shipments.size : band.amounts[measure] || 0; }

    words(band) {
      const value = this.value(band, this.by);
      return this.by === "shipments" ? String(value) : value ? `${Rutter.amount(value)} ${this.by}` : "";
    }

    width(value) {
      return value ? LEAST_PX + (MOST_PX - LEAST_PX) * Math.sqrt(Math.min(1, value / this.most[this.by])) : 1;
    }

    name(place) { return this.app.picture.routes.ends[place][0] || "unnamed place"; }

    renewBands() {
      if (!this.stale) return;
      this.stale = false;
      const { routes } = this.app;
      this.bands = this.gather(Array.from(routes.found.subarray(0, routes.size)))
        .sort((a, b) => this.value(a, this.by) - this.value(b, this.by));
      for (const band of this.bands) band.curve = this.curve(band);
    }

    /* Points of the curve in world units, the shorter way round the world. */
    curve({ from, to }) {
      const { ends } = this.app.picture.routes;
      const [ax, ay] = [ends[from][1] / WORLD, ends[from][2] / WORLD];
      let [bx, by] = [ends[to][1] / WORLD, ends[to][2] / WORLD];
      bx += Math.round(ax - bx);
      if (from === to) return [[ax, ay]];
      const [cx, cy] = [(ax + bx) / 2 - BEND * 2 * (by - ay), (ay + by) / 2 + BEND * 2 * (bx - ax)];
      return Array.from({ length: PIECES + 1 }, (_, k) => {
        const t = k / PIECES;
        const at = (a, c, b) => (1 - t) ** 2 * a + 2 * t * (1 - t) * c + t * t * b;
        return [at(ax, cx, bx), at(ay, cy, by)];
      });
    }

    color(band) {
      const { app } = this;
      const modes = new Set(band.rows.map((i) => app.routes.word("mode", i)));
      return modes.size === 1 ? app.style.mode([...modes][0]).color : app.theme() === "dark" ? "#c3c9d2" : "#4b5563";
    }

    draw(ctx, layer) {
      this.renewBands();
      const { app } = this;
      const { left, top, width, height, world } = layer.view;
      this.drawn = [];
      const counts = [];
      for (const band of this.bands) {
        const value = this.value(band, this.by);
        const px = this.width(value);
        const color = this.color(band);
        const inferred = band.rows.every((i) => app.routes.word("basis", i) === "inferred");
        const xs = band.curve.map(([x]) => x);
        for (let copy = layer.copies[0] - 1; copy <= layer.copies[layer.copies.length - 1] + 1; copy++) {
          const line = band.curve.map(([x, y]) => [(x + copy) * world - left, y * world - top]);
          if ((Math.max(...xs) + copy) * world - left < -30 || (Math.min(...xs) + copy) * world - left > width + 30) continue;
          if (line.every(([, y]) => y < -30) || line.every(([, y]) => y > height + 30)) continue;
          this.drawn.push({ band, line, px });
          this.stroke(ctx, line, px, color, layer.rim, inferred);
          if (line.length > 1 && this.words(band)) counts.push([band, line[Math.round(PIECES * 0.45)], value]);
        }
      }
      counts.sort((a, b) => b[2] - a[2]);
      const taken = [];
      for (const [band, at] of counts.slice(0, MOST_COUNTS)) this.count(ctx, this.words(band), at, taken, layer);
      ctx.globalAlpha = 1;
    }

    stroke(ctx, line, px, color, rim, inferred) {
      ctx.beginPath();
      if (line.length === 1) ctx.arc(line[0][0], line[0][1] - LOOP_PX, LOOP_PX, 0, 2 * Math.PI);
      else line.forEach(([x, y], k) => (k ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
      ctx.lineCap = "butt";
      ctx.lineJoin = "round";
      ctx.globalAlpha = 0.6;
      ctx.strokeStyle = rim;
      ctx.lineWidth = px + 2;
      ctx.stroke();
      ctx.globalAlpha = 0.72;
      ctx.strokeStyle = color;
      ctx.lineWidth = px;
      if (inferred) ctx.setLineDash([Math.max(6, 1.5 * px), Math.max(4, px * 0.7)]);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.globalAlpha = 1;
      if (line.length === 1) return;
      const [a, b] = [line[Math.round(PIECES * 0.66)], line[Math.round(PIECES * 0.7)]];
      if (Math.hypot(line[0][0] - line[PIECES][0], line[0][1] - line[PIECES][1]) < 24) return;
      ctx.fillStyle = color;
      ctx.strokeStyle = rim;
      draw.arrow(ctx, b[0], b[1], Math.atan2(b[1] - a[1], b[0] - a[0]), 5 + px * 0.7);
    }

    count(ctx, text, [x, y], taken, layer) {
      ctx.font = "600 11px system-ui, sans-serif";
      const half = ctx.measureText(text).width / 2 + 5;
      const box = [x - half, y - 9, x + half, y + 9];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
      taken.push(box);
      ctx.globalAlpha = 0.92;
      ctx.fillStyle = layer.rim;
      ctx.beginPath();
      ctx.roundRect(x - half, y - 9, 2 * half, 18, 9);
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.fillStyle = this.app.ink();
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(text, x, y + 0.5);
      ctx.textAlign = "start";
    }

    /* The rows of the topmost band under a point. */
    rowsAt({ x, y }, reach) {
      for (const { band, line, px } of (this.drawn || []).slice().reverse()) {
        const far = line.length === 1 ? Math.abs(Math.hypot(x - line[0][0], y - line[0][1] + LOOP_PX) - LOOP_PX)
          : Math.min(...line.slice(1).map((to, k) => Rutter.toSegment(x, y, ...line[k], ...to)));
        if (far <= px / 2 + 3 + reach) return band.rows.map((i) => ({ layer: "routes", i, flow: band }));
      }
      return [];
    }
  }

  Rutter.Flows = Flows;
})((window.Rutter = window.Rutter || {}));

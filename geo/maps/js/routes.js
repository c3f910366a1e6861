/* Routes: lines with a time, and where along a line a share of the way is done. */
(function (Rutter) {
  "use strict";

  const { Table, WORLD, lowerBound } = Rutter;

  class Routes extends Table {
    constructor(packed, raw, texts) {
      super("routes", packed, raw, texts);
      const { column } = Rutter.packed;
      this.length = column(packed.length_km, raw);
      this.lines = column(packed.lines, raw);
      this.parts = column(packed.parts, raw);
      this.xs = column(packed.x, raw);
      this.ys = column(packed.y, raw);
      this.paths = new Array(this.count).fill(undefined);
    }

    placed(i) { return this.lines[i + 1] > this.lines[i]; }

    /* The least x and y and the most of each part, in world units. */
    get boxes() {
      if (!this.spans) {
        const { xs, ys, parts } = this;
        this.spans = new Uint32Array(4 * (parts.length - 1));
        for (let p = 0; p + 1 < parts.length; p++) {
          let [west, north, east, south] = [WORLD, WORLD, 0, 0];
          for (let v = parts[p]; v < parts[p + 1]; v++) {
            west = Math.min(west, xs[v]);
            north = Math.min(north, ys[v]);
            east = Math.max(east, xs[v]);
            south = Math.max(south, ys[v]);
          }
          this.spans.set([west, north, east, south], 4 * p);
        }
      }
      return this.spans;
    }

    /* A route as one run of points in world units, unwrapped: a line cut at 180 degrees goes on past the edge.
       `breaks` marks points that start a new stroke; `along` is the way on the ground so far, in radians of arc. */
    path(i) {
      if (this.paths[i] === undefined) this.paths[i] = this.placed(i) ? this.unwrap(i) : null;
      return this.paths[i];
    }

    unwrap(i) {
      const x = [];
      const y = [];
      const breaks = [];
      let shift = 0;
      for (let p = this.lines[i]; p < this.lines[i + 1]; p++) {
        for (let v = this.parts[p]; v < this.parts[p + 1]; v++) {
          const n = x.length;
          let px = this.xs[v] / WORLD;
          const py = this.ys[v] / WORLD;
          if (n && v === this.parts[p]) {
            shift = Math.round(x[n - 1] - px);
            const near = Math.abs(px + shift - x[n - 1]) < 1e-6 && Math.abs(py - y[n - 1]) < 1e-6;
            if (near) continue;
            breaks.push(n);
          }
          px += shift;
          x.push(px);
          y.push(py);
        }
      }
      const along = [0];
      let gaps = 0;
      for (let k = 1; k < x.length; k++) {
        const gap = breaks.includes(k);
        if (gap) gaps++;
        along.push(along[k - 1] + (gap ? 0 : arc(x[k - 1], y[k - 1], x[k], y[k])));
      }
      const least = (list) => list.reduce((a, b) => Math.min(a, b));
      const most = (list) => list.reduce((a, b) => Math.max(a, b));
      const box = [least(x), least(y), most(x), most(y)];
      return { x, y, along, box, breaks: gaps ? new Set(breaks) : null };
    }

    /* When a leg is over for the moving mark, in ms: a shipment is in one place, so known only to the day or not, it has
       ended one leg when the next begins. */
    overAt(i) {
      if (!this.over) {
        this.over = Float64Array.from({ length: this.count }, (_, k) => this.endMs(k));
        const legs = new Map();
        for (let k = 0; k < this.dated; k++) {
          const name = this.word("shipment", k);
          if (name) legs.set(name, [...(legs.get(name) || []), k]);
        }
        for (const list of legs.values()) {
          list.sort((a, b) => this.start[a] - this.start[b]);
          for (let k = 1; k < list.length; k++) {
            const next = this.startMs(list[k]);
            if (next > this.startMs(list[k - 1])) this.over[list[k - 1]] = Math.min(next, this.over[list[k - 1]]);
          }
        }
      }
      return this.over[i];
    }

    /* Where a share (0 to 1) of the way is done: [x, y, heading on the screen in radians]. */
    pointAt(i, share) {
      const path = this.path(i);
      const want = share * path.along[path.along.length - 1];
      let k = lowerBound(path.along, want, 1, path.along.length - 1);
      if (path.breaks) while (path.breaks.has(k) && k < path.along.length - 1) k++;
      const step = path.along[k] - path.along[k - 1];
      const part = step > 0 ? (want - path.along[k - 1]) / step : 0;
      const dx = path.x[k] - path.x[k - 1];
      const dy = path.y[k] - path.y[k - 1];
      return [path.x[k - 1] + part * dx, path.y[k - 1] + part * dy, Math.atan2(dy, dx)];
    }
  }

  const latitude = (y) => Math.atan(Math.sinh(Math.PI * (1 - 2 * y)));

  /* Arc between two points of the projection, in radians. */
  function arc(x1, y1, x2, y2) {
    const a = latitude(y1);
    const b = latitude(y2);
    const h = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(Math.PI * (x2 - x1)) ** 2;
    return 2 * Math.asin(Math.min(1, Math.sqrt(h)));
  }

  Object.assign(Rutter, { Routes, latitude });
})((window.Rutter = window.Rutter || {}));

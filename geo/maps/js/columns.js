/* Columns: tables as typed arrays, and the one question asked of them: which rows are in a window? */
(function (Rutter) {
  "use strict";

  const ARRAYS = { u8: Uint8Array, u32: Uint32Array, i32: Int32Array, f32: Float32Array, f64: Float64Array };
  const NOWHERE = 0xffffffff;
  const WORLD = 0x100000000;
  const UNKNOWN = 255;

  function bytes(base64) {
    const text = atob(base64);
    const out = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
    return out;
  }

  function decode(column) {
    return new ARRAYS[column.type](bytes(column.data).buffer);
  }

  /* The same rule as geo/timeline.py: half-open, and an instant belongs to the window it lies in. */
  function inWindow(start, end, t0, t1) {
    return start < t1 && (end > t0 || (start === end && start >= t0));
  }

  /* First position in [lo, hi) of a sorted array whose value is not below the given one. */
  function lowerBound(values, value, lo, hi) {
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (values[mid] < value) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }

  class Table {
    constructor(name, packed, texts) {
      this.name = name;
      this.texts = texts;
      this.count = packed.count;
      this.dated = packed.dated;
      this.base = packed.base;
      this.unit = packed.unit;
      this.start = decode(packed.start);
      this.end = decode(packed.end);
      this.buckets = packed.buckets;
      this.row = packed.row ? decode(packed.row) : null;
      this.confidence = decode(packed.confidence);
      this.mask = new Uint8Array(this.count).fill(1);
      this.found = new Uint32Array(this.count);
      this.size = 0;
      for (const name of ["kind", "mode", "basis", "precision", "status", "shipment"]) {
        if (packed[name]) this[name] = { values: packed[name].values, codes: decode(packed[name].codes) };
      }
    }

    startMs(i) { return i < this.dated ? this.start[i] * this.unit + this.base : NaN; }
    endMs(i) { return i < this.dated ? this.end[i] * this.unit + this.base : NaN; }
    word(column, i) { return this[column].values[this[column].codes[i]]; }
    text(column, i) { const values = this.texts()[this.name][column]; return values ? values[i] : ""; }
    id(i) { return this.text("id", i); }
    tableRow(i) { return this.row ? this.row[i] : i; }
    share(i) { return this.confidence[i] === UNKNOWN ? null : this.confidence[i] / 100; }

    /* Position of a row by its id, or -1. */
    find(id) {
      if (!this.byId) this.byId = new Map(this.texts()[this.name].id.map((key, i) => [key, i]));
      return this.byId.has(id) ? this.byId.get(id) : -1;
    }

    /* Fills `found` with the rows in [t0, t1) that pass the filter; the work follows what is found, not what is loaded:
       within a bucket nothing is longer than its third number, so nothing older than that can still reach the window. */
    select(t0, t1) {
      const a = (t0 - this.base) / this.unit;
      const b = (t1 - this.base) / this.unit;
      const { start, end, mask, found } = this;
      let n = 0;
      for (const [lo, hi, longest] of this.buckets) {
        const stop = lowerBound(start, b, lo, hi);
        for (let i = lowerBound(start, a - longest, lo, stop); i < stop; i++) {
          if (mask[i] && inWindow(start[i], end[i], a, b)) found[n++] = i;
        }
      }
      this.size = n;
      return n;
    }

    /* First start at or after a moment among the rows that pass the filter, in ms, or Infinity. */
    nextStart(t) {
      const a = (t - this.base) / this.unit;
      let best = Infinity;
      for (const [lo, hi] of this.buckets) {
        let i = lowerBound(this.start, a, lo, hi);
        while (i < hi && !this.mask[i]) i++;
        if (i < hi && this.start[i] < best) best = this.start[i];
      }
      return best === Infinity ? Infinity : best * this.unit + this.base;
    }

    /* How many of the found rows have each code of a column. */
    tally(column) {
      const { codes, values } = this[column];
      const counts = new Uint32Array(values.length);
      for (let k = 0; k < this.size; k++) counts[codes[this.found[k]]]++;
      return counts;
    }

    /* Rows pass when their bit is set (by table row, lowest bit first; null for all) and their code is not off. */
    setMask(bits, column, off) {
      const codes = this[column].codes;
      const dropped = this[column].values.map((value) => off.has(value));
      for (let i = 0; i < this.count; i++) {
        const row = this.row ? this.row[i] : i;
        const passes = !bits || (bits[row >> 3] >> (row & 7)) & 1;
        this.mask[i] = passes && !dropped[codes[i]] ? 1 : 0;
      }
    }

    span() {
      let first = Infinity;
      let last = -Infinity;
      for (let i = 0; i < this.dated; i++) {
        first = Math.min(first, this.startMs(i));
        last = Math.max(last, this.endMs(i), this.startMs(i) + 1); // an end is not part of the time, an instant is
      }
      return first === Infinity ? null : [first, last];
    }
  }

  class Events extends Table {
    constructor(packed, texts) {
      super("events", packed, texts);
      this.x = decode(packed.x);
      this.y = decode(packed.y);
      this.radius = decode(packed.radius);
    }

    placed(i) { return this.y[i] !== NOWHERE; }
  }

  class Routes extends Table {
    constructor(packed, texts) {
      super("routes", packed, texts);
      this.length = decode(packed.length);
      this.lines = decode(packed.lines);
      this.parts = decode(packed.parts);
      this.xs = decode(packed.x);
      this.ys = decode(packed.y);
      this.paths = new Array(this.count).fill(undefined);
    }

    placed(i) { return this.lines[i + 1] > this.lines[i]; }

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

  Object.assign(Rutter, { Events, Routes, WORLD, bytes, decode, inWindow, latitude, lowerBound });
})((window.Rutter = window.Rutter || {}));

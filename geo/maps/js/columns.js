/* Columns: tables as typed arrays, and the one question asked of them: which rows are in a window? */
(function (Rutter) {
  "use strict";

  const NOWHERE = 0xffffffff;
  const WORLD = 0x100000000;
  const UNKNOWN = 255;

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
    constructor(name, packed, raw, texts) {
      const { column } = Rutter.packed;
      this.name = name;
      this.texts = texts;
      this.count = packed.count;
      this.dated = packed.dated;
      this.base = packed.base;
      this.unit = packed.unit;
      this.start = column(packed.start, raw);
      this.end = column(packed.length, raw);
      for (let i = 0; i < this.dated; i++) this.end[i] += this.start[i] + packed.least;
      this.buckets = packed.buckets;
      this.backwards = packed.least < 0; // a row that ends before it starts is not in every window it starts in
      this.row = packed.row ? column(packed.row, raw) : null;
      this.confidence = column(packed.confidence, raw);
      this.mask = new Uint8Array(this.count).fill(1);
      this.masked = false;
      this.runs = new Uint32Array(64);
      this.ends = 0;
      this.size = 0;
      this.list = null;
      for (const name of ["kind", "mode", "basis", "precision", "status", "shipment"]) {
        if (packed[name]) this[name] = { values: packed[name].values, codes: column(packed[name].codes, raw) };
      }
    }

    startMs(i) { return i < this.dated ? this.start[i] * this.unit + this.base : NaN; }
    endMs(i) { return i < this.dated ? this.end[i] * this.unit + this.base : NaN; }
    word(column, i) { return this[column].values[this[column].codes[i]]; }
    tableRow(i) { return this.row ? this.row[i] : i; }
    share(i) { return this.confidence[i] === UNKNOWN ? null : this.confidence[i] / 100; }

    /* Texts lie in the order of the table. Those of a large table have to be loaded first: `load` gives null when the texts
       of these rows are at hand, else a promise. */
    load(rows) { return this.texts.load(rows.map((i) => this.tableRow(i))); }
    text(column, i) { return this.texts.at(column, this.tableRow(i)); }
    id(i) { return this.text("id", i); }

    /* Position of a row by its id, or -1; undefined while the ids are not all at hand. `seek` is the same as a promise. */
    find(id) {
      const place = this.texts.find(id);
      return place === undefined ? undefined : this.positionOf(place);
    }

    seek(id) { return this.texts.seek(id).then((place) => this.positionOf(place)); }
    positionOf(place) { return this.row && place >= 0 ? this.row.indexOf(place) : place; }

    /* The rows that `select` found, in order. */
    get found() {
      if (!this.list) {
        this.list = new Uint32Array(this.size);
        let n = 0;
        for (let r = 0; r < this.ends; r += 2) for (let i = this.runs[r]; i < this.runs[r + 1]; i++) this.list[n++] = i;
      }
      return this.list;
    }

    /* Finds the rows in [t0, t1) that pass the filter, as `runs` of neighbours: from, to, from, to ... up to `ends`. The work
       follows what is found, not what is loaded: within a bucket nothing is longer than its third number, so nothing
       older than that can still reach the window, and what starts in the window is in it without a look. */
    select(t0, t1) {
      const a = (t0 - this.base) / this.unit;
      const b = (t1 - this.base) / this.unit;
      const { start, end, mask } = this;
      this.ends = this.size = 0;
      this.list = null;
      for (const [lo, hi, longest] of this.buckets) {
        const stop = lowerBound(start, b, lo, hi);
        const from = lowerBound(start, a - longest, lo, stop);
        const inside = this.backwards ? stop : lowerBound(start, a, from, stop);
        for (let i = from; i < inside; i++) if (mask[i] && inWindow(start[i], end[i], a, b)) this.add(i, i + 1);
        for (let i = inside; i < stop;) {
          if (this.masked) while (i < stop && !mask[i]) i++;
          const first = i;
          if (this.masked) while (i < stop && mask[i]) i++;
          else i = stop;
          if (i > first) this.add(first, i);
        }
      }
      return this.size;
    }

    add(from, to) {
      this.size += to - from;
      if (this.ends && this.runs[this.ends - 1] === from) {
        this.runs[this.ends - 1] = to;
        return;
      }
      if (this.ends === this.runs.length) {
        const longer = new Uint32Array(2 * this.ends);
        longer.set(this.runs);
        this.runs = longer;
      }
      this.runs[this.ends++] = from;
      this.runs[this.ends++] = to;
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
      if (values.length === 1) counts[0] = this.size;
      else for (let r = 0; r < this.ends; r += 2) for (let i = this.runs[r], to = this.runs[r + 1]; i < to; i++) counts[codes[i]]++;
      return counts;
    }

    /* Rows pass when their bit is set (by table row, lowest bit first; null for all) and their code is not off. */
    setMask(bits, column, off) {
      const { codes } = this[column];
      const passes = Uint8Array.from(this[column].values, (value) => (off.has(value) ? 0 : 1));
      this.masked = Boolean(bits) || passes.includes(0);
      if (!bits) for (let i = 0; i < this.count; i++) this.mask[i] = passes[codes[i]];
      else for (let i = 0; i < this.count; i++) {
        const row = this.row ? this.row[i] : i;
        this.mask[i] = (bits[row >> 3] >> (row & 7)) & passes[codes[i]];
      }
    }

    span() {
      let first = Infinity;
      let last = -Infinity;
      const { start, end, base, unit } = this;
      for (const [lo] of this.buckets) first = Math.min(first, start[lo] * unit + base);
      for (let i = 0; i < this.dated; i++) {
        if (end[i] > last) last = end[i];
      }
      if (first === Infinity) return null;
      let latest = -Infinity; // an end is not part of the time, an instant is
      for (const [, hi] of this.buckets) latest = Math.max(latest, start[hi - 1] * unit + base + 1);
      return [first, Math.max(last * unit + base, latest)];
    }

    /* How many rows stand in no place. */
    get nowhere() {
      if (this.placeless === undefined) {
        this.placeless = 0;
        for (let i = 0; i < this.count; i++) if (!this.placed(i)) this.placeless++;
      }
      return this.placeless;
    }
  }

  class Events extends Table {
    constructor(packed, raw, texts) {
      super("events", packed, raw, texts);
      this.x = Rutter.packed.column(packed.x, raw);
      this.y = Rutter.packed.column(packed.y, raw);
      const none = "fill" in packed.radius && !packed.radius.fill;
      this.radius = none ? new Float32Array(0) : Rutter.packed.column(packed.radius, raw);
      this.widest = this.radius.reduce((a, b) => Math.max(a, b), 0);
    }

    placed(i) { return this.y[i] !== NOWHERE; }
  }

  Object.assign(Rutter, { Events, NOWHERE, Table, WORLD, inWindow, lowerBound });
})((window.Rutter = window.Rutter || {}));

/* Axis: where a moment stands on the track. Long stretches without rows are folded to narrow bands, so that eighty years
   with two busy ones still leave the busy ones room; a fold is drawn as such and time runs through it evenly. */
(function (Rutter) {
  "use strict";

  const { DAY, LENGTH, UNITS, add, ceil, floor, tickWords, wall } = Rutter.calendar;
  const CELLS = 2048;
  const FOLD_WORTH = 0.15; // a gap is folded when it takes this share of what is left
  const FOLD_WIDTH = 0.016;
  const MOST_FOLDS = 12;
  const BY_TIME = 0.4; // a busy stretch gets room for its length and for its rows
  const BIN_PX = 6;
  const TICK_PX = 46;
  const BIN_UNITS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century"];

  /* The whole of the tables on round dates: [t0, t1). */
  function extent(tables) {
    const spans = tables.map((table) => table.span()).filter(Boolean);
    if (!spans.length) return null;
    const first = Math.min(...spans.map((s) => s[0]));
    const last = Math.max(...spans.map((s) => s[1]));
    const unit = roundUnit(last - first);
    return [floor(first, unit), ceil(last, unit)];
  }

  const roundUnit = (ms) => (ms > 0.75 * LENGTH.year ? "year" : ms > 0.75 * LENGTH.month ? "month" : "day");

  const covered = new WeakMap(); // first table -> what was counted, which folding and unfolding does not change

  /* Rows per cell of the whole span, and the stretches [from, to) in which nothing lies, to the millisecond. */
  function cover(tables, domain) {
    const known = covered.get(tables[0]);
    if (known && known.key === String(domain)) return known;
    const [t0, t1] = domain;
    const open = new Float64Array(CELLS + 1);
    const rows = new Float64Array(CELLS);
    const first = new Float64Array(CELLS).fill(Infinity);
    const last = new Float64Array(CELLS).fill(-Infinity);
    for (const { start, end, base, unit, dated } of tables) {
      const scale = (CELLS * unit) / (t1 - t0);
      const shift = ((base - t0) * CELLS) / (t1 - t0);
      const long = (t1 - t0) / 8 / unit; // one row of half a century does not make the century busy
      const tick = 1 / unit;
      const low = new Float64Array(CELLS).fill(Infinity);
      const high = new Float64Array(CELLS).fill(-Infinity);
      for (let i = 0; i < dated; i++) {
        const a = start[i];
        const b = end[i] - a > long ? a + tick : end[i];
        const from = Math.min(CELLS - 1, (a * scale + shift) | 0);
        const to = Math.max(from, Math.min(CELLS - 1, ((b - tick) * scale + shift) | 0));
        rows[from]++;
        open[from]++;
        open[to + 1]--;
        if (a < low[from]) low[from] = a;
        if (b > high[to]) high[to] = b;
      }
      for (let c = 0; c < CELLS; c++) {
        first[c] = Math.min(first[c], low[c] * unit + base);
        last[c] = Math.max(last[c], high[c] * unit + base);
      }
    }
    const gaps = [];
    for (let c = 0, level = 0, quiet = false, since = -Infinity; c < CELLS; c++) {
      level += open[c];
      if (level > 0 && quiet && since > -Infinity) gaps.push([since, first[c]]);
      quiet = level === 0;
      since = Math.max(since, last[c]);
    }
    const found = { key: String(domain), gaps, rows };
    covered.set(tables[0], found);
    return found;
  }

  function segments(tables, domain, folded) {
    const [t0, t1] = domain;
    const whole = [{ t0, t1, fold: false, width: 1 }];
    if (!folded) return whole;
    const { gaps, rows } = cover(tables, domain);
    const at = (cell) => t0 + ((t1 - t0) * cell) / CELLS;
    const byLength = [...gaps].sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
    const folds = [];
    let left = t1 - t0;
    for (const gap of byLength) {
      const unit = roundUnit((t1 - t0) / 20);
      const from = ceil(gap[0], unit);
      const to = floor(gap[1], unit);
      if (folds.length >= MOST_FOLDS || to - from < FOLD_WORTH * left) continue;
      folds.push([from, to]);
      left -= to - from;
    }
    if (!folds.length) return whole;
    folds.sort((a, b) => a[0] - b[0]);
    const list = [];
    let from = t0;
    for (const [a, b] of folds) {
      if (a > from) list.push({ t0: from, t1: a, fold: false });
      list.push({ t0: a, t1: b, fold: true, width: FOLD_WIDTH });
      from = b;
    }
    if (from < t1) list.push({ t0: from, t1, fold: false });
    const total = rows.reduce((sum, n) => sum + n, 0);
    for (const part of list) {
      if (part.fold) continue;
      let inside = 0;
      for (let c = 0; c < CELLS; c++) if (at(c + 0.5) >= part.t0 && at(c + 0.5) < part.t1) inside += rows[c];
      const room = 1 - folds.length * FOLD_WIDTH;
      part.width = room * (BY_TIME * ((part.t1 - part.t0) / left) + (1 - BY_TIME) * (inside / total));
    }
    const sum = list.reduce((all, part) => all + part.width, 0);
    for (const part of list) part.width /= sum;
    return list;
  }

  class Axis {
    constructor(tables, domain, inset) {
      this.tables = tables;
      this.domain = domain;
      this.inset = inset;
      this.width = 0;
      this.view = [0, 1];
      this.fold(true);
    }

    /* Folds empty stretches, or shows time evenly; says whether there is anything to fold. */
    fold(folded) {
      this.parts = segments(this.tables, this.domain, folded);
      let u = 0;
      for (const part of this.parts) {
        part.u0 = u;
        u += part.width;
        part.u1 = u;
      }
      this.folded = folded;
      this.view = [0, 1];
      return this.parts.length > 1;
    }

    toU(t) {
      const parts = this.parts;
      let k = 0;
      while (k < parts.length - 1 && t >= parts[k].t1) k++;
      const part = parts[k];
      return part.u0 + ((t - part.t0) / (part.t1 - part.t0)) * part.width;
    }

    toT(u) {
      const parts = this.parts;
      let k = 0;
      while (k < parts.length - 1 && u >= parts[k].u1) k++;
      const part = parts[k];
      return part.t0 + ((u - part.u0) / part.width) * (part.t1 - part.t0);
    }

    get room() { return Math.max(1, this.width - 2 * this.inset); }
    toPx(t) { return this.inset + ((this.toU(t) - this.view[0]) / (this.view[1] - this.view[0])) * this.room; }

    fromPx(px) {
      return Math.min(this.domain[1], Math.max(this.domain[0], this.toT(this.shareAt(px))));
    }

    zoomed() { return this.view[1] - this.view[0] < 0.9999; }

    zoom(factor, px) {
      const [a, b] = this.view;
      const anchor = a + ((px - this.inset) / this.room) * (b - a);
      const size = Math.min(1, Math.max((b - a) / factor, this.least()));
      this.show(anchor - ((anchor - a) * size) / (b - a), size);
    }

    /* The share of the whole under a pixel. */
    shareAt(px) { return this.view[0] + ((px - this.inset) / this.room) * (this.view[1] - this.view[0]); }

    /* Shows what lies between two pixels. */
    showBetween(px0, px1) {
      const [a, b] = [this.shareAt(Math.min(px0, px1)), this.shareAt(Math.max(px0, px1))].map((u) => Math.min(1, Math.max(0, u)));
      const size = Math.min(1, Math.max(b - a, this.least()));
      this.show((a + b - size) / 2, size);
    }

    /* The smallest share that can be zoomed to: an hour or so. */
    least() {
      const perDay = (DAY / (this.domain[1] - this.domain[0])) * Math.min(...this.parts.map((p) => p.width));
      return Math.min(perDay * 0.05, 0.01);
    }

    pan(px) {
      const [a, b] = this.view;
      this.show(a - (px / this.room) * (b - a), b - a);
    }

    show(start, size) {
      const a = Math.min(1 - size, Math.max(0, start));
      this.view = [a, a + size];
    }

    /* The parts of the axis that are in view, with their place on the screen and their scale in ms for a pixel. */
    visible() {
      const list = [];
      for (const part of this.parts) {
        const x0 = this.toPx(part.t0);
        const x1 = part === this.parts[this.parts.length - 1] ? this.toPx(part.t1) :
          this.inset + ((part.u1 - this.view[0]) / (this.view[1] - this.view[0])) * this.room;
        if (x1 < 0 || x0 > this.width) continue;
        const scale = (part.t1 - part.t0) / Math.max(1e-9, x1 - x0);
        list.push({ ...part, x0, x1, scale, narrow: part.fold && x1 - x0 < 80 });
      }
      return list;
    }

    /* Marks of the axis: [{x, text, major}]. */
    ticks() {
      const marks = [];
      let free = -Infinity;
      for (const part of this.visible()) {
        if (part.narrow) {
          free = Math.max(free, part.x1 - 4);
          continue;
        }
        const unit = tickUnit(part.scale);
        const from = Math.max(part.t0, this.fromPx(0));
        const to = Math.min(part.t1, this.fromPx(this.width));
        let t = wall.ceil(from, unit.name, unit.every);
        for (let guard = 0; t < to && guard < 500; guard++, t = wall.add(t, unit.name, unit.every)) {
          const x = part.x0 + (t - part.t0) / part.scale;
          const text = tickWords(t, unit.name);
          const shown = x >= free + 3 && x + 7 * text.length < Math.min(part.x1 + 24, this.width);
          if (shown) free = x + 7 * text.length + 4;
          marks.push({ x, text: shown ? text : "", major: wall.floor(t, "year") === t });
        }
      }
      return marks;
    }

    /* Edges of the bars in view, in ms, sorted; each part of the axis has bars of its own unit. */
    edges() {
      const edges = [];
      for (const part of this.visible()) {
        const unit = BIN_UNITS.find((name) => LENGTH[name] / part.scale >= BIN_PX) || "century";
        edges.push(part.t0);
        if (part.narrow) continue;
        const from = Math.max(part.t0, this.fromPx(0));
        const to = Math.min(part.t1, this.fromPx(this.width));
        for (let t = floor(from, unit); t < to; t = add(t, unit, 1)) if (t > part.t0) edges.push(t);
      }
      const parts = this.visible();
      if (parts.length) edges.push(parts[parts.length - 1].t1);
      return edges;
    }
  }

  function tickUnit(scale) {
    const choices = [["second", 1], ["second", 10], ["minute", 1], ["minute", 10], ["hour", 1], ["hour", 6], ["day", 1],
      ["week", 1], ["month", 1], ["quarter", 1], ["year", 1], ["year", 2], ["year", 5], ["decade", 1], ["decade", 2],
      ["century", 1], ["century", 10]];
    const found = choices.find(([name, every]) => (LENGTH[name] * every) / scale >= TICK_PX);
    const [name, every] = found || ["century", 10];
    return { name, every };
  }

  Object.assign(Rutter, { Axis, extent, timeUnits: UNITS });
})((window.Rutter = window.Rutter || {}));

/* Bins: how many rows lie in each bar, by kind. One pass over the sorted columns, so that a million rows take some
   milliseconds. A row counts in every bar it touches; `wide` counts those that are longer than the bar, so known only
   roughly there. */
(function (Rutter) {
  "use strict";

  const SPARE = 1.01; // leap days and the like make no row longer than its bar

  Rutter.bins = function (table, column, edges) {
    const n = edges.length - 1;
    const kinds = table[column].values.length;
    const sharp = new Float64Array(n * kinds);
    const wide = new Float64Array((n + 1) * kinds);
    const { lowerBound } = Rutter;
    const { start, end, mask, base, unit, buckets } = table;
    const { codes } = table[column];
    const cuts = Float64Array.from(edges, (t) => (t - base) / unit);
    const lengths = Float64Array.from({ length: n }, (_, b) => SPARE * (cuts[b + 1] - cuts[b]));
    const [first, last] = [cuts[0], cuts[n]];

    /* A row that may reach into other bars than the one it begins in. */
    function count(i, bar) {
      const to = end[i];
      const row = codes[i];
      let over = bar;
      if (to > cuts[bar + 1]) over = Math.min(n - 1, lowerBound(cuts, to, bar + 1, n + 1) - 1);
      if (to - start[i] > lengths[bar]) {
        wide[row * (n + 1) + bar]++;
        wide[row * (n + 1) + over + 1]--;
      } else for (let b = bar; b <= over; b++) sharp[row * n + b]++;
    }

    const few = new Uint32Array(kinds);
    for (const [lo, hi, longest] of buckets) {
      const stop = lowerBound(start, last, lo, hi);
      let i = lowerBound(start, first - longest, lo, stop);
      for (let bar = 0; bar < n; bar++) {
        const right = cuts[bar + 1];
        const next = bar === n - 1 ? stop : lowerBound(start, right, i, stop);
        // What starts early enough in the bar ends in it, whatever its length: only its kind is looked at.
        const left = bar ? i : lowerBound(start, first, i, next);
        const inside = longest <= lengths[bar] ? lowerBound(start, Math.min(right, Math.floor(right - longest) + 1), left, next) : left;
        for (; i < left; i++) if (mask[i] && end[i] > first) count(i, bar);
        few.fill(0);
        for (; i < inside; i++) few[codes[i]] += mask[i];
        for (let k = 0; k < kinds; k++) sharp[k * n + bar] += few[k];
        for (; i < next; i++) if (mask[i]) count(i, bar);
      }
    }
    for (let k = 0; k < kinds; k++) {
      for (let b = 1; b <= n; b++) wide[k * (n + 1) + b] += wide[k * (n + 1) + b - 1];
    }
    return { n, kinds, sharp, wide };
  };
})((window.Rutter = window.Rutter || {}));

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
    const { start, end, mask, base, unit, buckets } = table;
    const { codes } = table[column];
    const cuts = Float64Array.from(edges, (t) => (t - base) / unit);
    const lengths = Float64Array.from({ length: n }, (_, b) => SPARE * (cuts[b + 1] - cuts[b]));
    const [first, last] = [cuts[0], cuts[n]];
    for (const [lo, hi, longest] of buckets) {
      const stop = Rutter.lowerBound(start, last, lo, hi);
      let bar = 0; // starts are sorted within a bucket, so it only grows
      for (let i = Rutter.lowerBound(start, first - longest, lo, stop); i < stop; i++) {
        if (!mask[i]) continue;
        const from = start[i];
        const to = end[i];
        if (to <= first && from < first) continue;
        while (bar + 1 < n && cuts[bar + 1] <= from) bar++;
        const row = codes[i];
        let over = bar;
        if (to > cuts[bar + 1]) {
          over = to - from > (cuts[n] - cuts[bar]) / 8 ? Math.max(bar, Rutter.lowerBound(cuts, to, bar, n + 1) - 1) : bar;
          while (over + 1 < n && cuts[over + 1] < to) over++;
          over = Math.min(n - 1, over);
        }
        if (to - from > lengths[bar]) {
          wide[row * (n + 1) + bar]++;
          wide[row * (n + 1) + over + 1]--;
        } else for (let b = bar; b <= over; b++) sharp[row * n + b]++;
      }
    }
    for (let k = 0; k < kinds; k++) {
      for (let b = 1; b <= n; b++) wide[k * (n + 1) + b] += wide[k * (n + 1) + b - 1];
    }
    return { n, kinds, sharp, wide };
  };
})((window.Rutter = window.Rutter || {}));

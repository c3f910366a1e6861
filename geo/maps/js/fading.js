/* Fading: a row whose date is known only roughly is as pale as little of its time lies in the window, and never gone; and
   paler where it is less sure. */
(function (Rutter) {
  "use strict";

  const { LENGTH } = Rutter.calendar;
  const LEAST = 0.3;
  const PALEST = 0.25;
  const STEPS = 8;
  const UNKNOWN = 255;

  /* For each precision the stretch in which a row was somewhere, in ms; a range is as wide as it is. */
  function doubts(table) {
    table.doubts = table.doubts || table.precision.values.map((name) => (name === "range" ? Infinity
      : ["day", "month", "quarter", "year"].includes(name) ? LENGTH[name] : 0));
    return table.doubts;
  }

  function faded(start, end, t0, t1, doubt) {
    const all = Math.min(end - start, doubt);
    if (!(all > 0)) return 1;
    const inside = Math.min(end, t1) - Math.max(start, t0);
    return LEAST + (1 - LEAST) * Math.min(1, Math.max(0, inside / all));
  }

  Rutter.fading = function (app, table, i) {
    if (i >= table.dated) return 1;
    return faded(table.startMs(i), table.endMs(i), ...app.window, doubts(table)[table.precision.codes[i]]);
  };

  const sure = (confidence) => (confidence === UNKNOWN ? 1 : 0.4 + 0.006 * confidence);
  const stepOf = (alpha) => Math.round(((1 - Math.max(PALEST, alpha)) / (1 - PALEST)) * (STEPS - 1));

  Rutter.paleness = (app, table, i) => Math.max(PALEST, sure(table.confidence[i]) * Rutter.fading(app, table, i));

  /* The alphas of the steps that `shades` gives. */
  Rutter.ALPHAS = Array.from({ length: STEPS }, (_, step) => 1 - ((1 - PALEST) * step) / (STEPS - 1));

  /* For each found row how pale it is, in steps, 0 for not at all; null where no row is pale. */
  Rutter.shades = function (app, table) {
    const { start, end, base, unit, confidence, runs, ends, precision: { codes } } = table;
    const [a, b] = app.window.map((t) => (t - base) / unit);
    if (table.allSure === undefined) table.allSure = confidence.every((value) => stepOf(sure(value)) === 0);
    if (!table.reach) table.reach = table.span() || [Infinity, -Infinity];
    if (table.allSure && app.window[0] <= table.reach[0] && app.window[1] >= table.reach[1]) return null;
    const known = Float64Array.from({ length: 256 }, (_, value) => sure(value));
    const plain = Uint8Array.from(known, stepOf);
    const doubt = doubts(table).map((ms) => ms / unit);
    const steps = (table.steps = table.steps || new Uint8Array(table.count));
    for (let r = 0; r < ends; r += 2) {
      for (let i = runs[r], to = runs[r + 1]; i < to; i++) {
        if (start[i] >= a && end[i] <= b) steps[i] = plain[confidence[i]];
        else steps[i] = stepOf(known[confidence[i]] * faded(start[i], end[i], a, b, doubt[codes[i]]));
      }
    }
    return steps;
  };
})((window.Rutter = window.Rutter || {}));

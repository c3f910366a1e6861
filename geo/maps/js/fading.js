/* Fading: a row whose date is known only roughly is as pale as little of its time lies in the window, and never gone. */
(function (Rutter) {
  "use strict";

  const { LENGTH } = Rutter.calendar;
  const LEAST = 0.3;

  /* The stretch somewhere in which a row was, in ms; 0 where its time is known. */
  function doubt(precision, length) {
    if (precision === "range") return length;
    return Math.min(length, ["day", "month", "quarter", "year"].includes(precision) ? LENGTH[precision] : 0);
  }

  Rutter.fading = function (app, table, i) {
    if (i >= table.dated) return 1;
    const [t0, t1] = app.window;
    const start = table.startMs(i);
    const end = table.endMs(i);
    const all = doubt(table.word("precision", i), end - start);
    if (!(all > 0)) return 1;
    const inside = Math.min(end, t1) - Math.max(start, t0);
    return LEAST + (1 - LEAST) * Math.min(1, Math.max(0, inside / all));
  };
})((window.Rutter = window.Rutter || {}));

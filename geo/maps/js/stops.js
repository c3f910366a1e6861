/* Stops: where a step leads, by the calendar or to the next row that begins. */
(function (Rutter) {
  "use strict";

  const { LENGTH, add, floor } = Rutter.calendar;

  const shown = (app) => [app.events, app.routes].filter((table) => app.show[table.name]);

  /* Last start before a moment among the rows that pass the filter, in ms, or -Infinity. */
  function startBefore(table, t) {
    const a = (t - table.base) / table.unit;
    let best = -Infinity;
    for (const [lo, hi] of table.buckets) {
      let i = Rutter.lowerBound(table.start, a, lo, hi) - 1;
      while (i >= lo && !table.mask[i]) i--;
      if (i >= lo && table.start[i] > best) best = table.start[i];
    }
    return best * table.unit + table.base;
  }

  const nextStart = (app, t) => Math.min(...shown(app).map((table) => table.nextStart(t)), Infinity);
  const lastStart = (app, t) => Math.max(...shown(app).map((table) => startBefore(table, t)), -Infinity);

  /* The next moment after t (before it for n < 0) at which a row has just begun, to the unit shown; null for none. */
  function eventStop(app, t, n) {
    const unit = Rutter.momentUnit(app);
    let stop = t;
    for (let left = Math.abs(n); left > 0; left--) {
      const found = n > 0 ? nextStart(app, stop) : lastStart(app, floor(stop - 1, unit));
      if (!Number.isFinite(found)) return stop === t ? null : stop;
      stop = add(floor(found, unit), unit, 1);
    }
    return stop;
  }

  /* Where one side of the window goes; null for nowhere. */
  function sideStop(app, side, n, step = app.step) {
    const t = app.window[side];
    if (step !== "event") return add(t, step, n);
    if (side) return eventStop(app, t, n);
    const unit = Rutter.momentUnit(app);
    const found = n > 0 ? nextStart(app, add(t, unit, 1)) : lastStart(app, t);
    return Number.isFinite(found) ? floor(found, unit) : null;
  }

  Rutter.stepBy = function (app, n, step = app.step) {
    app.player.pause();
    const [d0, d1] = app.domain;
    const [t0, t1] = app.window;
    const event = step === "event";
    const begin = app.isWhole() && app.mode === "trailing";
    const to = event ? eventStop(app, begin ? (n > 0 ? d0 : d1 + LENGTH.day) : t1, n) : null;
    if (event && to === null) {
      app.timeline.words.say(`Nothing ${n > 0 ? "begins after" : "began before"} this window`);
      return;
    }
    if (begin && event) app.setWindow(add(to, app.trailing, -1), null, to - add(to, app.trailing, -1));
    else if (begin) {
      const end = n > 0 ? add(d0, app.trailing, 1) : d1;
      app.setWindow(n > 0 ? d0 : add(d1, app.trailing, -1), Math.min(d1, end));
    } else if (app.mode === "cumulative") {
      const end = event ? to : add(t1, step, n);
      app.setWindow(d0, Math.max(event ? d0 + 1 : add(d0, step, 1), Math.min(d1, end)));
    } else app.setWindow(event ? to - (t1 - t0) : add(t0, step, n), null, t1 - t0);
    app.release();
  };

  Object.assign(Rutter, { eventStop, sideStop });
})((window.Rutter = window.Rutter || {}));

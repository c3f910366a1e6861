/* Choices: how time is shown and run through and how events are shown, as the address holds it:
   `step=month&mode=moment&loop=yes&bars=log&display=heat`. What is as it was at first is not written. */
(function (Rutter) {
  "use strict";

  const { LENGTH, add, floor, setZone } = Rutter.calendar;
  const VALUES = {
    step: ["hour", "day", "week", "month", "quarter", "year", "event"],
    mode: ["trailing", "cumulative", "moment"],
    loop: ["no", "yes"],
    bars: ["linear", "log"],
    times: ["utc", "local"],
    display: ["points", "clusters", "heat"],
  };
  const MOMENTS = ["minute", "hour", "day"];

  /* The smallest unit that is shown: a moment lasts this long, so that what is known to the day is found in it. */
  function momentUnit(app) {
    const whole = app.domain[1] - app.domain[0];
    if (whole < 3 * LENGTH.day) return "minute";
    return app.step === "hour" || whole < 60 * LENGTH.day ? "hour" : "day";
  }

  class Choices {
    constructor(app) {
      this.app = app;
      this.usual = { step: app.step, mode: app.mode, loop: "no", bars: "linear", times: "utc", display: app.display };
      this.values = { ...this.usual };
      // A window of any other length is no moment.
      app.on("window", () => {
        const length = app.window[1] - app.window[0];
        if (app.mode === "moment" && !MOMENTS.some((unit) => length === LENGTH[unit])) this.put("mode", "trailing");
      });
    }

    get(name) { return name in this.app ? this.app[name] : this.values[name]; }
    is(name, value) { return this.get(name) === value; }

    put(name, value) {
      if (name === "display") this.app.setDisplay(value);
      else if (name === "step" || name === "mode") this.app[name] = value;
      else this.values[name] = value;
      if (name === "times") setZone(value);
      this.app.emit("choice");
    }

    set(name, value) {
      const { app } = this;
      const before = app.mode;
      this.put(name, value);
      if (!app.dated) return;
      if (name === "mode") this.widen(before);
      else if (name === "step" && app.mode === "moment") {
        const start = floor(app.window[0], momentUnit(app));
        app.setWindow(start, null, LENGTH[momentUnit(app)]);
      }
    }

    /* What the window becomes when it is to be of another sort. */
    widen(before) {
      const { app } = this;
      const [t0, t1] = app.window;
      const unit = momentUnit(app);
      if (app.mode === "cumulative") app.setWindow(app.domain[0], t1);
      else if (app.mode === "moment") {
        const first = Math.min(app.events.nextStart(t0), app.routes.nextStart(t0));
        const at = app.isWhole() && first < Infinity ? first : t1 - 1;
        app.setWindow(floor(at, unit), null, LENGTH[unit]);
      } else if (before === "moment") app.setWindow(add(t1, app.trailing, -1), null, t1 - add(t1, app.trailing, -1));
    }

    /* By the hand of the reader: the outside hears of it. */
    choose(name, value) {
      this.app.player.pause();
      this.set(name, value);
      this.app.release();
    }

    toggle(name) {
      const values = VALUES[name];
      this.choose(name, values[(values.indexOf(this.get(name)) + 1) % values.length]);
    }

    /* Pairs for the address. */
    write() {
      const names = Object.keys(VALUES).filter((name) => !this.is(name, this.usual[name]));
      return names.map((name) => [name, this.get(name)]);
    }

    /* Follows an address, given as URLSearchParams; returns the pairs that are none of the values. */
    read(asked) {
      const missed = [];
      for (const [name, values] of Object.entries(VALUES)) {
        const given = asked.getAll(name);
        for (const value of given) if (!values.includes(value)) missed.push([name, value]);
        const wanted = given.find((value) => values.includes(value)) || this.usual[name];
        if (wanted === this.get(name)) continue;
        this.put(name, wanted);
        const { app } = this;
        const moment = app.window[1] - app.window[0] === LENGTH[momentUnit(app)];
        if (name === "mode" && app.dated && (wanted === "cumulative" || (wanted === "moment" && !moment))) this.widen();
      }
      return missed;
    }
  }

  Object.assign(Rutter, { Choices, DISPLAYS: VALUES.display, momentUnit });
})((window.Rutter = window.Rutter || {}));

/* Bar: the tools beside the dates. What is seldom wanted is behind one button; on a phone all of them are. */
(function (Rutter) {
  "use strict";

  const { button, icon, make, select } = Rutter;
  const STEPS = [...["hour", "day", "week", "month", "quarter", "year"].map((unit) => [unit, unit]), ["event", "next event"]];
  const SPEEDS = [0.5, 1, 2, 4, 8];
  const MODES = [["trailing", "Moving window"], ["cumulative", "Cumulative"], ["moment", "At one moment"]];
  const ZONES = [["utc", "UTC"], ["local", "local"]];
  const SAID = {
    mode: (value) => MODES.find(([name]) => name === value)[1],
    loop: (value) => (value === "yes" ? "Plays again and again" : "Plays once"),
    bars: (value) => (value === "log" ? "Bars on a logarithmic scale" : "Bars on a linear scale"),
    times: (value) => (value === "local" ? "Times as on this computer" : "Times in UTC"),
    step: (value) => `Steps of one ${value}`,
    display: (value) => `Events shown as ${value}`,
  };

  class Bar {
    constructor(timeline) {
      const { app } = timeline;
      Object.assign(this, { timeline, app });
      const choose = (name) => (value) => app.choices.choose(name, value);
      const toggle = (label, mark, name) => button(label, mark, () => app.choices.toggle(name));
      const named = (text, node) => make("label", {}, make("span", {}, text), node);
      this.play = button("Play", "play", () => app.player.toggle(), { class: "rutter-play" });
      this.step = select("Step", STEPS, app.step, choose("step"));
      this.speed = select("Speed", SPEEDS.map((speed) => [String(speed), `${speed}×`]), "1", (s) => (app.speed = Number(s)));
      this.mode = select("How the window grows", MODES, app.mode, choose("mode"));
      this.times = select("Times of day", ZONES, "utc", choose("times"));
      this.mode.className = "rutter-mode";
      const text = (label, title, run) => make("button", { type: "button", class: "rutter-text", title, on: { click: run } }, label);
      this.fold = timeline.foldButton = button("Fold empty years", "fold", () => timeline.toggleFold(), { "aria-pressed": "true" });
      this.log = toggle("Logarithmic bars", "log", "bars");
      this.loop = toggle("Play again and again", "loop", "loop");
      this.more = button("More about time", "more", () => this.setOpen(!this.open), { class: "rutter-more", "aria-expanded": "false" });
      this.tools = make("div", { class: "rutter-tools" },
        make("div", { class: "rutter-main" }, named("Step", this.step), named("Speed", this.speed), this.mode,
          text("All", "Show the whole span", () => app.showAll()),
          make("div", { class: "rutter-group", role: "group", "aria-label": "Time axis" }, this.fold, this.log,
            button("Zoom time out", "minus", () => timeline.zoom(1 / 2)), button("Zoom time in", "plus", () => timeline.zoom(2)),
            button("Fit time", "fit", () => timeline.fit()))),
        make("div", { class: "rutter-extra" }, this.loop, named("Times", this.times),
          text("Zoom to window", "Zoom the time axis to the window", () => timeline.zoomToWindow()),
          text("Keys", "The keys of the timeline (?)", () => timeline.keys.toggle())));
      const label = (node) => make("div", { class: "rutter-label" }, node, timeline.counts);
      timeline.dates = make("strong", {});
      timeline.datesButton = make("button", { type: "button", class: "rutter-dates", title: "Type dates",
        on: { click: () => timeline.typed.toggle() } }, timeline.dates);
      this.root = make("div", { class: "rutter-bar" },
        make("div", { class: "rutter-steppers" }, button("Step back", "left", () => app.stepBy(-1)), this.play,
          button("Step forward", "right", () => app.stepBy(1))), label(timeline.datesButton), this.tools, this.more);
      this.shown = { ...app.choices.usual };
      for (const name of ["choice", "display"]) app.on(name, () => this.show());
      app.on("play", () => this.showPlaying());
      this.show();
    }

    setOpen(open) {
      this.open = open;
      this.more.setAttribute("aria-expanded", String(open));
      this.tools.classList.toggle("rutter-open", open);
    }

    faster(by) {
      const next = Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.app.speed) + by));
      this.app.speed = SPEEDS[next];
      this.speed.value = String(SPEEDS[next]);
      this.timeline.words.say(`Speed ${SPEEDS[next]}`);
    }

    show() {
      const { choices } = this.app;
      for (const name of ["step", "mode", "times"]) this[name].value = choices.get(name);
      this.log.setAttribute("aria-pressed", String(choices.is("bars", "log")));
      this.loop.setAttribute("aria-pressed", String(choices.is("loop", "yes")));
      const [name] = Object.entries(this.shown).find(([key, value]) => !choices.is(key, value)) || [];
      if (!name) return;
      this.shown[name] = choices.get(name);
      this.timeline.words.say(SAID[name](this.shown[name]));
    }

    showPlaying() {
      const { playing } = this.app.player;
      const label = playing ? "Pause" : "Play";
      this.play.replaceChildren(icon(playing ? "pause" : "play"));
      this.play.setAttribute("aria-label", label);
      this.play.title = label;
    }
  }

  Rutter.Bar = Bar;
})((window.Rutter = window.Rutter || {}));

/* Keys: everything the panel does, by keyboard, while it has the focus; `?` lists them. */
(function (Rutter) {
  "use strict";

  const { button, make } = Rutter;
  const STEPS = ["hour", "day", "week", "month", "quarter", "year", "event"];
  const PAN_PX = 80;

  const ON_HANDLES = [
    ["← →", "one step back or forward; with Shift five. On a handle: that end of the window"],
    ["Home End", "to the first or the last date"],
  ];
  /* key, words, what it does with the timeline */
  const KEYS = [
    ["Space", "play or pause", ({ app }) => app.player.toggle()],
    ["<", "slower", ({ bar }) => bar.faster(-1)],
    [">", "faster", ({ bar }) => bar.faster(1)],
    ["N", "to the next event or departure", ({ app }) => Rutter.stepBy(app, 1, "event")],
    ["P", "to the one before", ({ app }) => Rutter.stepBy(app, -1, "event")],
    ["[", "window a step narrower", (timeline) => timeline.widen(-1)],
    ["]", "window a step wider", (timeline) => timeline.widen(1)],
    ["A", "everything", ({ app }) => app.showAll()],
    ["D", "type dates", ({ typed }) => typed.open()],
    ["M", "moving window, cumulative, one moment", ({ app }) => app.choices.toggle("mode")],
    ["R", "play again and again", ({ app }) => app.choices.toggle("loop")],
    ["+", "zoom the time axis in", (timeline) => timeline.zoom(2)],
    ["-", "zoom it out", (timeline) => timeline.zoom(1 / 2)],
    [",", "earlier on the axis", (timeline) => timeline.pan(PAN_PX)],
    [".", "later on the axis", (timeline) => timeline.pan(-PAN_PX)],
    ["Z", "zoom the axis to the window", (timeline) => timeline.zoomToWindow()],
    ["0", "fit the axis", (timeline) => timeline.fit()],
    ["F", "fold or unfold empty years", (timeline) => timeline.foldButton.hidden || timeline.toggleFold()],
    ["L", "bars on a logarithmic or a linear scale", ({ app }) => app.choices.toggle("bars")],
    ["U", "times in UTC or as on this computer", ({ app }) => app.choices.toggle("times")],
    ["?", "this list", ({ keys }) => keys.toggle()],
  ];

  class Keys {
    constructor(timeline) {
      this.timeline = timeline;
      const line = ([key, words]) => make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, words));
      this.list = make("section", { class: "rutter-keys rutter-float", hidden: true, role: "dialog", "aria-label": "Keys of the timeline",
        tabindex: "-1" }, make("h2", {}, "Keys, while the timeline has the focus"), button("Close", "close", () => this.toggle()),
      make("dl", {}, ...[...ON_HANDLES, ["1 – 7", STEPS.join(", ").replace(", event", ", next event") + ": how far a step goes"], ...KEYS].map(line)));
      timeline.root.addEventListener("keydown", (e) => this.key(e));
      const grips = [[timeline.handles[0], 0], [timeline.handles[1], 1], [timeline.body, null]];
      for (const [node, side] of grips) node.addEventListener("keydown", (e) => this.arrow(e, side));
    }

    toggle() {
      const open = this.list.hidden;
      this.list.hidden = !open;
      if (open) {
        this.back = document.activeElement;
        this.list.focus({ preventScroll: true });
      } else if (this.back) this.back.focus({ preventScroll: true });
    }

    key(event) {
      const { timeline } = this;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(SELECT|INPUT)$/.test(event.target.tagName)) return;
      if (event.key === "Escape") return void timeline.closeFloats();
      if (!timeline.app.dated) return;
      const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : "";
      if (key === "Space" && event.target.tagName === "BUTTON") return;
      const found = KEYS.find(([name]) => name === key || (key === "=" && name === "+"));
      const step = STEPS[Number(key) - 1];
      if (!found && !step) return;
      event.preventDefault();
      if (step) timeline.app.choices.choose("step", step);
      else found[2](timeline);
    }

    /* Arrows, Home and End on the handles (side 0 and 1) and on the window. */
    arrow(event, side) {
      const { app } = this.timeline;
      const [d0, d1] = app.domain;
      const [t0, t1] = app.window;
      const many = event.shiftKey ? 5 : 1;
      const by = { ArrowLeft: -many, ArrowDown: -many, ArrowRight: many, ArrowUp: many }[event.key];
      const ends = { Home: d0, End: d1 }[event.key];
      if (event.altKey || (by === undefined && ends === undefined)) return;
      event.preventDefault();
      event.stopPropagation();
      app.player.pause();
      const to = (which) => (ends !== undefined ? ends : Rutter.sideStop(app, which, by) ?? app.window[which]);
      const one = app.step === "event" ? 1 : null;
      const least = (t, n) => (one ? t + n : Rutter.calendar.add(t, app.step, n));
      if (app.mode === "moment" || (side === null && app.mode !== "cumulative")) {
        if (ends === undefined) return void Rutter.stepBy(app, by);
        app.setWindow(ends === d0 ? d0 : d1 - (t1 - t0), null, t1 - t0);
      } else if (side === 0) app.setWindow(Math.min(to(0), least(t1, -1)), t1);
      else app.setWindow(t0, Math.max(to(1), least(t0, 1)));
      app.release();
    }
  }

  Rutter.Keys = Keys;
})((window.Rutter = window.Rutter || {}));

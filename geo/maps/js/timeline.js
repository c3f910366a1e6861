/* Timeline: the panel under the map. A histogram stacked by kind, and over it the window with its two handles. */
(function (Rutter) {
  "use strict";

  const { LENGTH, add, dayWords, floor, lengthWords, plural, tickWords, windowWords } = Rutter.calendar;
  const { button, icon, make, select } = Rutter;
  const INSET = 14;
  const AXIS = 18;
  const LANE = 5;
  const MAGNET_PX = 5;
  const LEAST_MS = 1;

  class Timeline {
    constructor(app) {
      this.app = app;
      this.axis = new Rutter.Axis([app.events, app.routes], app.domain, INSET);
      this.build();
      this.listen();
      new ResizeObserver(() => this.resize()).observe(this.track);
      app.on("window", () => this.place());
      app.on("filter", () => this.draw());
      app.on("theme", () => this.draw());
      app.on("play", () => this.showPlaying());
    }

    build() {
      const { app } = this;
      this.playButton = button("Play", "play", () => app.player.toggle(), { class: "rutter-play" });
      this.dates = make("strong", {});
      this.counts = make("span", {});
      this.live = make("div", { class: "rutter-hidden", role: "status", "aria-live": "polite" });
      const steps = ["hour", "day", "week", "month", "quarter", "year"].map((unit) => [unit, unit]);
      const speeds = [0.5, 1, 2, 4, 8].map((speed) => [String(speed), `${speed}×`]);
      const modes = [["trailing", "Moving window"], ["cumulative", "Cumulative"]];
      this.step = select("Step", steps, app.step, (unit) => (app.step = unit));
      this.mode = select("How the window grows", modes, app.mode, (mode) => this.setMode(mode));
      this.mode.className = "rutter-mode";
      this.allButton = make("button", { type: "button", class: "rutter-text", title: "Show the whole span",
        on: { click: () => app.showAll() } }, "All");
      this.foldButton = button("Fold empty years", "fold", () => this.toggleFold(), { "aria-pressed": "true" });
      this.foldButton.hidden = this.axis.parts.length < 2;
      const tools = make("div", { class: "rutter-tools" },
        make("label", {}, make("span", {}, "Step"), this.step),
        make("label", {}, make("span", {}, "Speed"), select("Speed", speeds, "1", (s) => (app.speed = Number(s)))),
        this.mode, this.allButton,
        make("div", { class: "rutter-group", role: "group", "aria-label": "Time axis" },
          this.foldButton, button("Zoom time out", "minus", () => this.zoom(1 / 2)),
          button("Zoom time in", "plus", () => this.zoom(2)), button("Fit time", "fit", () => this.fit())));
      const label = make("div", { class: "rutter-label" }, this.dates, this.counts);
      const steppers = make("div", { class: "rutter-steppers" },
        button("Step back", "left", () => app.stepBy(-1)), this.playButton,
        button("Step forward", "right", () => app.stepBy(1)));
      this.canvas = make("canvas", { "aria-hidden": "true" });
      this.before = make("div", { class: "rutter-shade" });
      this.after = make("div", { class: "rutter-shade" });
      this.body = make("div", { class: "rutter-window", tabindex: "0", role: "slider",
        "aria-label": "Window, moved as a whole" });
      this.handles = ["Start of the window", "End of the window"].map((name, side) =>
        make("div", { class: `rutter-handle rutter-${side ? "end" : "start"}`, tabindex: "0", role: "slider",
          "aria-label": name, "aria-orientation": "horizontal" }));
      this.hint = make("div", { class: "rutter-hint", hidden: true });
      this.track = make("div", { class: "rutter-track" }, this.canvas, this.before, this.after, this.body,
        ...this.handles, this.hint);
      this.thumb = make("div", { class: "rutter-thumb" });
      this.root = make("section", { class: "rutter-panel", "aria-label": "Time" },
        make("div", { class: "rutter-bar" }, steppers, label, tools), this.track, this.thumb, this.live);
      this.track.hidden = !app.dated;
      this.root.classList.toggle("rutter-dateless", !app.dated);
    }

    /* Other rows: another span, other empty years. A part that was zoomed into stays where the span is the same. */
    renew() {
      const { app, axis } = this;
      const { domain, folded, view, width } = axis;
      this.axis = new Rutter.Axis([app.events, app.routes], app.domain, INSET);
      this.foldButton.hidden = this.axis.parts.length < 2;
      if (!folded) this.axis.fold(false);
      if (String(domain) === String(app.domain)) this.axis.view = view;
      this.axis.width = width;
      this.track.hidden = !app.dated;
      this.root.classList.toggle("rutter-dateless", !app.dated);
    }

    listen() {
      const grips = [[this.handles[0], "start"], [this.handles[1], "end"], [this.body, "body"]];
      for (const [node, part] of grips) {
        node.addEventListener("pointerdown", (e) => this.grab(e, part));
        node.addEventListener("keydown", (e) => this.key(e, part));
      }
      this.track.addEventListener("pointerdown", (e) => {
        if (e.target === this.body || this.handles.includes(e.target)) return;
        if (e.offsetY > this.track.clientHeight - AXIS && this.axis.zoomed()) this.grab(e, "axis");
        else this.grab(e, "track");
      });
      this.track.addEventListener("dblclick", () => this.fit());
      this.track.addEventListener("wheel", (e) => {
        e.preventDefault();
        const px = e.clientX - this.track.getBoundingClientRect().left;
        if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) this.axis.pan(-(e.deltaX || e.deltaY));
        else this.axis.zoom(Math.exp(-Math.max(-120, Math.min(120, e.deltaY)) / 240), px);
        this.draw();
      }, { passive: false });
      this.track.addEventListener("pointermove", (e) => this.point(e));
      this.track.addEventListener("pointerleave", () => (this.hint.hidden = true));
      this.root.addEventListener("keydown", (e) => {
        if (e.key !== " " || /^(BUTTON|SELECT|INPUT)$/.test(e.target.tagName)) return;
        e.preventDefault();
        this.app.player.toggle();
      });
    }

    /* One drag, from pointerdown to pointerup; the map follows at once, the outside hears of it on release. */
    grab(event, part) {
      if (event.button) return;
      event.preventDefault();
      const { app, axis } = this;
      app.player.pause();
      const left = this.track.getBoundingClientRect().left;
      const at = (e) => axis.fromPx(e.clientX - left);
      let [t0, t1] = app.window;
      if (part === "track") {
        const length = t1 - t0;
        const whole = t0 <= app.domain[0] && t1 >= app.domain[1];
        if (!whole) app.setWindow(this.snap(at(event) - length / 2), null, length);
        [t0, t1] = app.window;
        part = "body";
      }
      const grip = part === "start" || part === "end" ? this.handles[part === "end" ? 1 : 0] : this.body;
      grip.focus({ preventScroll: true });
      const from = at(event);
      let last = event.clientX;
      const edge = { start: app.window[0], end: app.window[1] }[part];
      const slip = edge === undefined ? 0 : event.clientX - left - axis.toPx(edge);
      const node = event.target;
      node.setPointerCapture(event.pointerId);
      this.root.classList.add("rutter-dragging");
      const move = (e) => {
        const t = axis.fromPx(e.clientX - left - slip);
        if (part === "axis") {
          axis.pan(e.clientX - last);
          this.draw();
        } else if (part === "start") app.setWindow(Math.min(this.snap(t), app.window[1] - LEAST_MS), app.window[1]);
        else if (part === "end") app.setWindow(app.window[0], Math.max(this.snap(t), app.window[0] + LEAST_MS));
        else if (app.mode === "cumulative") app.setWindow(t0, this.snap(t1 + t - from));
        else app.setWindow(this.snap(t0 + t - from), null, t1 - t0);
        last = e.clientX;
      };
      const drop = () => {
        node.removeEventListener("pointermove", move);
        this.root.classList.remove("rutter-dragging");
        app.release();
      };
      node.addEventListener("pointermove", move);
      node.addEventListener("lostpointercapture", drop, { once: true });
    }

    /* Whole days, and a round date of a larger unit when it is a few pixels away; finer than a day when zoomed in. */
    snap(t) {
      const { axis } = this;
      const near = (unit) => {
        const low = floor(t, unit);
        const high = add(low, unit, 1);
        return t - low < high - t ? low : high;
      };
      const scale = Math.abs(axis.toPx(t + LENGTH.day) - axis.toPx(t - LENGTH.day)) / 2;
      for (const unit of ["year", "quarter", "month"]) {
        const mark = near(unit);
        const other = add(mark, unit, 1);
        const roomy = Math.abs(axis.toPx(other) - axis.toPx(mark)) > 3 * MAGNET_PX;
        if (roomy && Math.abs(axis.toPx(mark) - axis.toPx(t)) < MAGNET_PX) return mark;
      }
      return near(scale < 60 ? "day" : scale < 1500 ? "hour" : scale < 90000 ? "minute" : "second");
    }

    key(event, part) {
      const { app } = this;
      const [d0, d1] = app.domain;
      let [t0, t1] = app.window;
      const many = event.shiftKey ? 5 : 1;
      const by = { ArrowLeft: -many, ArrowDown: -many, ArrowRight: many, ArrowUp: many }[event.key];
      const ends = { Home: d0, End: d1 }[event.key];
      if (by === undefined && ends === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      app.player.pause();
      const to = (t) => (ends !== undefined ? ends : add(t, app.step, by));
      if (part === "start") app.setWindow(Math.min(to(t0), add(t1, app.step, -1)), t1);
      else if (part === "end") app.setWindow(t0, Math.max(to(t1), add(t0, app.step, 1)));
      else if (app.mode === "cumulative") app.setWindow(t0, to(t1));
      else if (ends === undefined) app.stepBy(by);
      else app.setWindow(ends === d0 ? d0 : d1 - (t1 - t0), null, t1 - t0);
      app.release();
    }

    setMode(mode) {
      this.app.mode = mode;
      if (mode === "cumulative") this.app.setWindow(this.app.domain[0], this.app.window[1]);
      this.app.release();
    }

    toggleFold() {
      const folded = !this.axis.folded;
      this.axis.fold(folded);
      this.foldButton.setAttribute("aria-pressed", String(folded));
      this.draw();
    }

    zoom(factor) {
      const [x0, x1] = this.app.window.map((t) => this.axis.toPx(t));
      const middle = (x0 + x1) / 2;
      this.axis.zoom(factor, middle > 0 && middle < this.axis.width ? middle : this.axis.width / 2);
      this.draw();
    }

    fit() {
      this.axis.show(0, 1);
      this.draw();
    }

    resize() {
      this.axis.width = this.track.clientWidth;
      this.height = this.track.clientHeight;
      this.draw();
    }

    /* Puts window, shades and words where the window is; cheap enough for every frame. */
    place() {
      const { app, axis, track } = this;
      if (app.dated && axis.width) {
        const [x0, x1] = app.window.map((t) => Math.max(0, Math.min(axis.width, axis.toPx(t))));
        this.before.style.width = `${x0}px`;
        this.after.style.left = `${x1}px`;
        this.body.style.transform = `translateX(${x0}px)`;
        this.body.style.width = `${Math.max(2, x1 - x0)}px`;
        this.handles.forEach((handle, side) => {
          const x = side ? x1 : x0;
          handle.hidden = side === 0 && app.mode === "cumulative";
          handle.style.transform = `translateX(${x}px)`;
          const px = axis.toPx(app.window[side]);
          handle.classList.toggle("rutter-off", axis.zoomed() && (px < 0 || px > axis.width));
        });
      }
      this.describe();
      track.classList.toggle("rutter-whole", app.isWhole());
    }

    describe() {
      const { app } = this;
      const [t0, t1] = app.window;
      const { events, routes } = app;
      if (!app.dated) {
        this.dates.textContent = "Nothing here has a date";
        this.counts.textContent = app.leftOut();
        return;
      }
      const words = windowWords(t0, t1);
      this.dates.textContent = words;
      const counts = [lengthWords(t1 - t0), plural(events.size, "event")];
      if (routes.count) counts.push(plural(routes.size, "route"));
      this.counts.textContent = counts.join(" · ");
      const ends = [t0, t1 - 1];
      this.handles.forEach((handle, side) => {
        handle.setAttribute("aria-valuemin", String(app.domain[0]));
        handle.setAttribute("aria-valuemax", String(app.domain[1]));
        handle.setAttribute("aria-valuenow", String(app.window[side]));
        handle.setAttribute("aria-valuetext", dayWords(ends[side]));
      });
      this.body.setAttribute("aria-valuemin", String(app.domain[0]));
      this.body.setAttribute("aria-valuemax", String(app.domain[1]));
      this.body.setAttribute("aria-valuenow", String(t0));
      this.body.setAttribute("aria-valuetext", `${words}, ${counts.join(", ")}`);
    }

    announce() { this.live.textContent = `${this.dates.textContent}. ${this.counts.textContent}`; }

    showPlaying() {
      const playing = this.app.player.playing;
      this.playButton.replaceChildren(icon(playing ? "pause" : "play"));
      this.playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
      this.playButton.title = playing ? "Pause" : "Play";
    }

    /* The date and the count of the bar under the pointer. */
    point(event) {
      const px = event.clientX - this.track.getBoundingClientRect().left;
      const bar = (this.bars || []).find((b) => px >= b.x0 && px < b.x1);
      this.hint.hidden = !bar || event.buttons > 0;
      if (this.hint.hidden) return;
      const year = floor(bar.t0, "year") === bar.t0 && add(bar.t0, "year", 1) === bar.t1;
      const words = year ? tickWords(bar.t0, "year") : windowWords(bar.t0, bar.t1);
      this.hint.textContent = `${words} · ${plural(bar.total, "event")}`;
      const half = this.hint.offsetWidth / 2;
      this.hint.style.left = `${Math.max(half + 2, Math.min(this.axis.width - half - 2, (bar.x0 + bar.x1) / 2))}px`;
    }

    draw() {
      if (!this.app.dated || !this.axis.width) return this.describe();
      this.bars = Rutter.drawHistogram(this, { axisPx: AXIS, lanePx: LANE });
      const [a, b] = this.axis.view;
      this.thumb.style.left = `${100 * a}%`;
      this.thumb.style.width = `${100 * (b - a)}%`;
      this.thumb.hidden = !this.axis.zoomed();
      this.place();
    }
  }

  Rutter.Timeline = Timeline;
})((window.Rutter = window.Rutter || {}));

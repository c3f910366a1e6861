/* Timeline: the panel under the map. A histogram stacked by kind, and over it the window with its two handles. */
(function (Rutter) {
  "use strict";

  const { add, momentWords } = Rutter.calendar;
  const { make } = Rutter;
  const LANE = 5;
  const ROOM = { fine: { inset: 14, strip: 18 }, coarse: { inset: 30, strip: 30 } }; // for a finger, in CSS pixels

  class Timeline {
    constructor(app) {
      this.app = app;
      const room = ROOM[window.matchMedia("(pointer: coarse)").matches ? "coarse" : "fine"];
      Object.assign(this, room);
      app.choices = app.choices || new Rutter.Choices(app);
      this.axis = new Rutter.Axis([app.events, app.routes], app.domain, this.inset);
      this.words = new Rutter.Words(this);
      this.build();
      this.drag = new Rutter.Drag(this);
      this.track.addEventListener("pointermove", (e) => this.words.point(e));
      this.track.addEventListener("pointerleave", () => (this.hint.hidden = true));
      new ResizeObserver(() => this.resize()).observe(this.track);
      document.addEventListener("pointerdown", (e) => this.root.contains(e.target) || this.closeFloats());
      app.on("window", () => this.place());
      for (const name of ["filter", "theme", "choice"]) app.on(name, () => this.draw());
    }

    build() {
      const { app } = this;
      this.counts = make("span", {});
      this.live = make("div", { class: "rutter-hidden", role: "status", "aria-live": "polite" });
      this.canvas = make("canvas", { "aria-hidden": "true" });
      this.before = make("div", { class: "rutter-shade" });
      this.after = make("div", { class: "rutter-shade" });
      this.body = make("div", { class: "rutter-window", tabindex: "0", role: "slider",
        "aria-label": "Window, moved as a whole" });
      this.handles = ["Start of the window", "End of the window"].map((name, side) =>
        make("div", { class: `rutter-handle rutter-${side ? "end" : "start"}`, tabindex: "0", role: "slider",
          "aria-label": name, "aria-orientation": "horizontal" }));
      this.hint = make("div", { class: "rutter-hint", hidden: true });
      this.brush = make("div", { class: "rutter-brush", hidden: true });
      this.track = make("div", { class: "rutter-track" }, this.canvas, this.before, this.after, this.body,
        ...this.handles, this.brush, this.hint);
      this.thumb = make("div", { class: "rutter-thumb", title: "Move along the time axis" });
      this.bar = new Rutter.Bar(this);
      this.typed = new Rutter.Typed(app, this.datesButton);
      this.root = make("section", { class: "rutter-panel", "aria-label": "Time" }, this.bar.root, this.typed.form,
        this.track, this.thumb, this.live);
      this.keys = new Rutter.Keys(this);
      this.root.append(this.keys.list);
      this.showDated();
    }

    showDated() {
      const { app } = this;
      this.foldButton.hidden = this.axis.parts.length < 2;
      this.track.hidden = !app.dated;
      this.root.classList.toggle("rutter-dateless", !app.dated);
    }

    /* Other rows: another span, other empty years. A part that was zoomed into stays where the span is the same. */
    renew() {
      const { app, axis } = this;
      const { domain, folded, view, width } = axis;
      this.axis = new Rutter.Axis([app.events, app.routes], app.domain, this.inset);
      this.showDated();
      if (!folded) this.axis.fold(false);
      if (String(domain) === String(app.domain)) this.axis.view = view;
      this.axis.width = width;
    }

    closeFloats() {
      this.typed.close();
      if (!this.keys.list.hidden) this.keys.toggle();
      this.bar.setOpen(false);
    }

    /* The window longer or shorter by a step, at its end where there is room. */
    widen(n) {
      const { app } = this;
      app.player.pause();
      const [t0, t1] = app.window;
      const unit = app.step === "event" ? app.trailing : app.step;
      const end = Math.min(app.domain[1], Math.max(add(t1, unit, n), t0 + 1));
      if (app.mode === "moment" || (n < 0 && add(t1, unit, n) <= t0)) return;
      if (n > 0 && end === t1 && app.mode !== "cumulative") app.setWindow(Math.max(app.domain[0], add(t0, unit, -1)), t1);
      else app.setWindow(t0, end);
      app.release();
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
      this.showAxis();
    }

    showBetween(px0, px1) {
      this.axis.showBetween(px0, px1);
      this.showAxis();
    }

    zoomToWindow() {
      const [x0, x1] = this.app.window.map((t) => this.axis.toPx(t));
      const spare = (x1 - x0) / 10;
      this.showBetween(x0 - spare, x1 + spare);
    }

    pan(px) {
      this.axis.pan(px);
      this.showAxis();
    }

    fit() {
      this.axis.show(0, 1);
      this.showAxis();
    }

    showAxis() {
      this.draw();
      const { axis } = this;
      this.words.say(`Time axis from ${momentWords(Math.round(axis.fromPx(axis.inset)))} to ${
        momentWords(Math.round(axis.fromPx(axis.width - axis.inset)))}`);
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
        const moment = app.mode === "moment";
        const held = this.handles.indexOf(document.activeElement);
        this.handles.forEach((handle, side) => {
          handle.hidden = side ? moment : app.mode === "cumulative";
          handle.style.transform = `translateX(${moment ? (x0 + x1) / 2 : side ? x1 : x0}px)`;
          const px = axis.toPx(app.window[side]);
          handle.classList.toggle("rutter-off", axis.zoomed() && (px < 0 || px > axis.width));
        });
        if (held >= 0 && this.handles[held].hidden) this.handles[1 - held].focus({ preventScroll: true });
        this.handles[0].setAttribute("aria-label", moment ? "The moment" : "Start of the window");
        track.classList.toggle("rutter-moment", moment);
        this.body.tabIndex = moment ? -1 : 0;
      }
      this.words.describe();
      track.classList.toggle("rutter-whole", app.isWhole());
    }

    describe() { this.words.describe(); }
    announce() { this.words.announce(); }

    draw() {
      if (!this.app.dated || !this.axis.width) return this.describe();
      this.bars = Rutter.drawHistogram(this, { axisPx: this.strip, lanePx: LANE });
      const [a, b] = this.axis.view;
      const { inset, room } = this.axis;
      this.thumb.style.left = `${this.track.offsetLeft + inset + room * a}px`;
      this.thumb.style.width = `${room * (b - a)}px`;
      this.thumb.hidden = !this.axis.zoomed();
      this.place();
    }
  }

  Rutter.Timeline = Timeline;
})((window.Rutter = window.Rutter || {}));

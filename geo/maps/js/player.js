/* Player: lets the window run. Time flows evenly, one step in a fixed moment; where a stretch holds nothing, it jumps to
   the next row. Who asked for less motion gets whole steps instead. */
(function (Rutter) {
  "use strict";

  const { add, floor, LENGTH } = Rutter.calendar;
  const STEPS_PER_SECOND = 6;
  const CALM_MS = 700;

  class Player {
    constructor(app) {
      this.app = app;
      this.playing = false;
      this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    }

    toggle() {
      if (this.playing) this.pause();
      else this.play();
    }

    play() {
      const { app } = this;
      if (this.playing || !app.dated) return;
      const [d0, d1] = app.domain;
      const [t0, t1] = app.window;
      if (app.mode === "cumulative") {
        if (t1 >= d1) app.setWindow(d0, add(d0, app.step, 1));
      } else if (app.isWhole()) {
        app.setWindow(d0, Math.min(d1, add(d0, app.trailing, 1)));
      } else if (t1 >= d1) app.setWindow(d0, null, t1 - t0);
      this.playing = true;
      this.last = null;
      this.edge = app.window[1];
      app.emit("play");
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }

    tick(now) {
      if (!this.playing) return;
      const { app } = this;
      const passed = this.last === null ? 0 : Math.min(now - this.last, 250);
      if (this.calm.matches) {
        if (this.last === null || now - this.last >= CALM_MS / app.speed) {
          if (this.last !== null) this.edge = add(this.edge, app.step, 1);
          this.last = now;
          this.advance();
        }
      } else {
        this.edge += (passed / 1000) * STEPS_PER_SECOND * app.speed * LENGTH[app.step];
        this.last = now;
        if (passed) this.advance();
      }
      if (this.playing) this.frame = requestAnimationFrame((next) => this.tick(next));
    }

    advance() {
      const { app } = this;
      const d1 = app.domain[1];
      if (!app.events.size && !app.routes.size) {
        const next = Math.min(app.events.nextStart(this.edge), app.routes.nextStart(this.edge));
        if (next > this.edge + LENGTH[app.step]) this.edge = Math.min(next, d1);
      }
      const [t0, t1] = app.window;
      // Whole days are what the label can say; the moving marks follow the exact edge.
      const edge = Math.min(floor(this.edge, this.grain()), d1);
      if (edge === t1 && edge < d1) {
        app.layer.redraw();
        return;
      }
      if (app.mode === "cumulative") app.setWindow(app.domain[0], edge);
      else app.setWindow(edge - (t1 - t0), edge);
      if (edge >= d1) this.pause();
    }

    grain() { return this.app.step === "hour" ? "minute" : this.app.step === "day" ? "hour" : "day"; }

    /* Stops on a round date and tells the outside. */
    pause() {
      if (!this.playing) return;
      this.playing = false;
      cancelAnimationFrame(this.frame);
      const { app } = this;
      const [t0, t1] = app.window;
      const unit = this.grain();
      const edge = t1 >= app.domain[1] ? app.domain[1] : Math.max(floor(t1, unit), app.domain[0] + 1);
      const length = t1 - t0;
      app.setWindow(app.mode === "cumulative" ? app.domain[0] : floor(edge - length, unit), edge);
      app.emit("play");
      app.release();
    }
  }

  Rutter.Player = Player;
})((window.Rutter = window.Rutter || {}));

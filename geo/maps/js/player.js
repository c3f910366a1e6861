/* Player: lets the window run. Time flows evenly, one step in a fixed moment; where a stretch holds nothing, it jumps to
   the next row. Who asked for less motion gets whole steps instead, and so do steps from event to event. */
(function (Rutter) {
  "use strict";

  const { add, floor, LENGTH } = Rutter.calendar;
  const STEPS_PER_SECOND = 6;
  const CALM_MS = 700;
  const END_MS = 900; // how long the end stands before it all begins again

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
      if (app.mode === "trailing" && app.isWhole()) app.setWindow(d0, Math.min(d1, add(d0, app.trailing, 1)));
      else if (app.window[1] >= d1) this.rewind();
      this.playing = true;
      this.last = this.ended = null;
      this.edge = app.window[1];
      app.emit("play");
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }

    /* To the first step. */
    rewind() {
      const { app } = this;
      const [d0, d1] = app.domain;
      const [t0, t1] = app.window;
      const first = app.step === "event" ? Rutter.eventStop(app, d0, 1) : add(d0, app.step, 1);
      if (app.mode === "cumulative") app.setWindow(d0, Math.min(d1, first ?? d1));
      else app.setWindow(d0, null, t1 - t0);
      this.edge = app.window[1];
    }

    tick(now) {
      if (!this.playing) return;
      if (this.ended && now - this.ended < END_MS / this.app.speed) {
        this.frame = requestAnimationFrame((next) => this.tick(next));
        return;
      }
      if (this.ended) {
        this.rewind();
        this.ended = this.last = null;
      }
      this.now = now;
      const { app } = this;
      const passed = this.last === null ? 0 : Math.min(now - this.last, 250);
      const event = app.step === "event";
      if (this.calm.matches || event) {
        if (this.last === null || now - this.last >= CALM_MS / app.speed) {
          const next = event ? Rutter.eventStop(app, this.edge, 1) ?? app.domain[1] : add(this.edge, app.step, 1);
          if (this.last !== null) this.edge = next;
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
      if (app.step !== "event" && !app.events.size && !app.routes.size) {
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
      if (edge < d1) return;
      if (app.choices.is("loop", "yes")) this.ended = this.now;
      else this.pause();
    }

    grain() {
      const { mode, step } = this.app;
      if (mode === "moment" || step === "event") return Rutter.momentUnit(this.app);
      return step === "hour" ? "minute" : step === "day" ? "hour" : "day";
    }

    /* Stops on a round date and tells the outside. */
    pause() {
      if (!this.playing) return;
      this.playing = false;
      cancelAnimationFrame(this.frame);
      const { app } = this;
      const [t0, t1] = app.window;
      const unit = this.grain();
      const edge = t1 >= app.domain[1] ? app.domain[1] : Math.max(floor(t1, unit), app.domain[0] + 1);
      const start = app.mode === "moment" ? edge - LENGTH[unit] : floor(edge - (t1 - t0), unit);
      app.setWindow(app.mode === "cumulative" ? app.domain[0] : start, edge);
      app.emit("play");
      app.release();
    }
  }

  Rutter.Player = Player;
})((window.Rutter = window.Rutter || {}));

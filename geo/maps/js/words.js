/* Words: what the panel says of the window, to the eye and to screen readers. */
(function (Rutter) {
  "use strict";

  const { add, floor, isLocal, lengthWords, momentWords, plural, tickWords, windowWords } = Rutter.calendar;
  const PAUSE_MS = 5000; // while playing it is told no more often than this

  class Words {
    constructor(timeline) {
      this.timeline = timeline;
      this.app = timeline.app;
      this.told = 0;
    }

    describe() {
      const { app, timeline } = this;
      const [t0, t1] = app.window;
      const { events, routes } = app;
      if (!app.dated) {
        timeline.dates.textContent = "Nothing here has a date";
        timeline.counts.textContent = app.leftOut();
        return;
      }
      const words = windowWords(t0, t1);
      timeline.dates.textContent = words;
      const counts = [app.mode === "moment" ? `one ${lengthWords(t1 - t0).replace(/^1 /, "")}` : lengthWords(t1 - t0),
        plural(events.size, "event")];
      if (routes.count) counts.push(plural(routes.size, "route"));
      timeline.counts.textContent = counts.join(" · ");
      const said = (node, now, text) => {
        const values = { min: app.domain[0], max: app.domain[1], now, text };
        for (const [name, value] of Object.entries(values)) node.setAttribute(`aria-value${name}`, String(value));
      };
      // An end at midnight is said by its last day, which belongs to the window.
      const last = momentWords(t1).includes(":") ? t1 : t1 - 1;
      const day = (t) => (isLocal() || t !== t1 - 1 ? momentWords(t) : momentWords(floor(t, "day")));
      timeline.handles.forEach((handle, side) => said(handle, app.window[side], day(side ? last : t0)));
      said(timeline.body, t0, `${words}, ${counts.join(", ")}`);
      if (app.player && app.player.playing && performance.now() - this.told > PAUSE_MS) this.announce();
    }

    say(text) {
      this.told = performance.now();
      this.timeline.live.textContent = text;
    }

    announce() { this.say(`${this.timeline.dates.textContent}. ${this.timeline.counts.textContent}`); }

    /* The date and the count of the bar under the pointer. */
    point(event) {
      const { timeline } = this;
      const px = event.clientX - timeline.track.getBoundingClientRect().left;
      const bar = (timeline.bars || []).find((b) => px >= b.x0 && px < b.x1);
      if (event.buttons > 0) return;
      timeline.hint.hidden = !bar;
      if (bar) this.tip(bar.t0, bar.t1, (bar.x0 + bar.x1) / 2, plural(bar.total, "event"));
    }

    tip(t0, t1, x, count) {
      const { hint, axis } = this.timeline;
      const year = !isLocal() && floor(t0, "year") === t0 && add(t0, "year", 1) === t1;
      const [a, b] = count ? [t0, t1] : [floor(t0, "day"), add(floor(t1, "day"), "day", 1)];
      const words = year ? tickWords(t0, "year") : windowWords(a, b);
      hint.textContent = count ? `${words} · ${count}` : words;
      hint.hidden = false;
      const half = hint.offsetWidth / 2;
      hint.style.left = `${Math.max(half + 2, Math.min(axis.width - half - 2, x))}px`;
    }
  }

  Rutter.Words = Words;
})((window.Rutter = window.Rutter || {}));

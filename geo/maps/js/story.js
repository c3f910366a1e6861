/* Story: saved views that are gone through step by step, each with a text. A step's view is written as an address is, and
   ends as address.js reads it; the way there is flown, or jumped where less motion is asked for.

   app.story.set({steps: [{title, text, view, events, routes}], go: {step, turn} | null})
   events, routes: which rows fit the step's filter, a bit a row in base64, as the bridge has them; null for all          */
(function (Rutter) {
  "use strict";

  const { button, icon, make } = Rutter;
  const FLIGHT_MS = 1400;
  const READING_MS = [3500, 20000];
  const LETTER_MS = 45;
  const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’”])/;

  const ease = (share) => (share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) ** 2);

  /* Plain text as paragraphs; what is an address of a web page can be followed. */
  function paragraphs(text) {
    return text.split(/\n\s*\n/).filter((part) => part.trim()).map((part) => make("p", { dir: "auto" },
      ...part.trim().split(LINK).map((piece, k) => {
        const href = k % 2 ? Rutter.webAddress(piece) : null;
        return href ? make("a", { href, target: "_blank", rel: "noopener noreferrer" }, piece) : piece;
      })));
  }

  class Story {
    constructor(app, steps) {
      Object.assign(this, { app, steps: [], at: -1, there: -1, open: false, playing: false, turn: null, flight: 0 });
      this.build();
      this.set({ steps, go: null });
    }

    build() {
      this.count = make("span", { class: "rutter-quiet" });
      this.head = make("h2", { dir: "auto" });
      this.text = make("div", { class: "rutter-story-text" });
      this.left = make("p", { class: "rutter-quiet" });
      this.said = make("div", { "aria-live": "polite" }, this.head, this.text, this.left);
      this.back = button("Previous step", "left", () => this.hand(this.at - 1));
      this.next = button("Next step", "right", () => this.hand(this.at + 1));
      this.playButton = button("Play the story", "play", () => (this.playing ? this.pause() : this.play()), { class: "rutter-play" });
      const bar = make("div", { class: "rutter-story-bar" }, this.back, this.playButton, this.next, this.count,
        button("Close the story", "close", () => this.close()));
      this.root = make("section", { class: "rutter-story", "aria-label": "Story", tabindex: "-1", hidden: true,
        on: { keydown: (event) => this.key(event) } }, bar, this.said);
      this.app.map.getContainer().append(this.root);
      L.DomEvent.disableClickPropagation(this.root);
      L.DomEvent.disableScrollPropagation(this.root);
      const zoom = this.app.map.zoomControl && this.app.map.zoomControl.getContainer();
      const show = (event) => {
        event.preventDefault();
        if (this.open) this.close();
        else this.go(Math.max(0, this.at));
        if (this.open) this.root.focus({ preventScroll: true });
      };
      this.link = make("a", { href: "#", role: "button", class: "rutter-home", title: "Story", "aria-label": "Story", "aria-expanded": "false",
        on: { click: show } }, icon("list"));
      L.DomEvent.disableClickPropagation(this.link);
      if (zoom) zoom.append(this.link);
    }

    set({ steps, go }) {
      this.steps = Array.isArray(steps) ? steps : [];
      this.link.style.display = this.steps.length ? "" : "none";
      if (this.open && this.at >= this.steps.length) this.close();
      else if (this.open) this.fill();
      if (!go || go.turn === this.turn) return;
      this.turn = go.turn;
      this.go(go.step);
      if (go.play) this.play();
    }

    /* A page of its own begins with the first step, unless its address asks for a view. */
    begin() {
      if (this.steps.length && window.parent === window && !location.hash.includes("=")) this.go(0, true);
    }

    hand(step) {
      this.pause();
      this.go(step);
    }

    play() {
      if (!this.steps.length) return;
      this.playing = true;
      if (!this.open || this.at >= this.steps.length - 1) this.go(0);
      else this.wait();
      this.showPlaying();
    }

    pause() {
      this.playing = false;
      clearTimeout(this.waiting);
      this.showPlaying();
    }

    showPlaying() {
      const label = this.playing ? "Pause the story" : "Play the story";
      this.playButton.replaceChildren(icon(this.playing ? "pause" : "play"));
      this.playButton.setAttribute("aria-label", label);
      this.playButton.title = label;
    }

    /* Time to read, and on. */
    wait() {
      clearTimeout(this.waiting);
      if (!this.playing) return;
      if (this.at >= this.steps.length - 1) {
        this.pause();
        return;
      }
      const { title, text } = this.steps[this.at];
      const [least, most] = READING_MS;
      this.waiting = setTimeout(() => this.go(this.at + 1), Math.min(most, Math.max(least, LETTER_MS * (title.length + text.length))));
    }

    go(step, atOnce = false) {
      const { app } = this;
      if (!this.steps[step]) return;
      if (!this.open) this.before = { bits: { ...app.bits }, show: { ...app.show } };
      this.open = true;
      this.at = step;
      this.there = -1;
      this.fill();
      app.player.pause();
      app.popup.close();
      const asked = new URLSearchParams(this.steps[step].view);
      const calm = atOnce || app.player.calm.matches || !app.map.getSize().x;
      this.flight++;
      if (calm) this.arrive();
      else this.fly(asked, this.flight);
    }

    fly(asked, flight) {
      const { app } = this;
      const from = app.window;
      const to = ["from", "to"].map((key, side) => (asked.has(key) ? Date.parse(asked.get(key)) : app.domain[side]));
      const [west, south, east, north] = (asked.get("bounds") || "").split(",").map(Number);
      if (Number.isFinite(north)) {
        const right = east < west ? east + 360 : east;
        const turns = 360 * Math.round((app.map.getCenter().lng - (west + right) / 2) / 360);
        app.map.flyToBounds([[south, west + turns], [north, right + turns]], { duration: FLIGHT_MS / 1000, padding: [0, 0] });
      }
      const begun = performance.now();
      const tick = () => {
        if (flight !== this.flight) return;
        const share = Math.min(1, (performance.now() - begun) / FLIGHT_MS);
        if (share >= 1) {
          this.arrive();
          return;
        }
        const [t0, t1] = [0, 1].map((side) => from[side] + ease(share) * (to[side] - from[side]));
        if (t1 - t0 >= 1) app.setWindow(t0, t1);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    }

    /* The very view, however the way was. */
    arrive() {
      const { app } = this;
      const { view, events, routes } = this.steps[this.at];
      app.map.stop();
      for (const [layer, bits] of [["events", events], ["routes", routes]]) {
        app.setBits(layer, bits ? Rutter.bytes(bits) : null);
      }
      this.shown(this.before.show);
      const missed = Rutter.address.read(app, view);
      this.shown(app.show);
      app.layer.redraw();
      this.left.textContent = missed.length ? `Not on this map: ${missed.map((pair) => pair.join(" ")).join(", ").slice(0, 200)}` : "";
      this.left.hidden = !missed.length;
      this.there = this.at;
      app.emit("story");
      this.wait();
    }

    shown(layers) {
      Object.assign(this.app.show, layers);
      if (Rutter.labels && Rutter.labels.setVisible) Rutter.labels.setVisible(this.app.show.labels);
    }

    fill() {
      const { steps, at } = this;
      const { title, text } = steps[at];
      this.root.hidden = false;
      this.link.setAttribute("aria-expanded", "true");
      this.count.textContent = `${at + 1} of ${steps.length}`;
      this.head.textContent = title || `Step ${at + 1}`;
      this.text.replaceChildren(...paragraphs(text));
      this.said.scrollTop = 0;
      this.back.disabled = at === 0;
      this.next.disabled = at === steps.length - 1;
    }

    close() {
      this.pause();
      if (!this.open) return;
      const { app } = this;
      this.flight++;
      app.map.stop();
      this.open = false;
      this.root.hidden = true;
      this.link.setAttribute("aria-expanded", "false");
      Object.assign(app.bits, this.before.bits);
      this.shown(this.before.show);
      app.refilter();
      app.release();
      if (this.root.contains(document.activeElement)) this.link.focus({ preventScroll: true });
    }

    key(event) {
      const to = { ArrowRight: this.at + 1, PageDown: this.at + 1, ArrowLeft: this.at - 1, PageUp: this.at - 1, Home: 0, End: this.steps.length - 1 }[event.key];
      if (event.key === "Escape") this.close();
      else if (to !== undefined) this.hand(to);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
  }

  Rutter.Story = Story;
})((window.Rutter = window.Rutter || {}));

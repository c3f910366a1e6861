/* Studio: the button that opens a small dialog to make a picture or a film of the map. */
(function (Rutter) {
  "use strict";

  const { calendar, icon, make, select } = Rutter;
  const KINDS = [["png", "PNG, a picture"], ["svg", "SVG, a drawing that can be edited"], ["gif", "GIF, a film for any page"], ["mp4", "MP4, a film"]];
  const SIZES = [[1280, 720], [1920, 1080], [1080, 1080], [1080, 1920]];
  const STEPS = ["hour", "day", "week", "month", "quarter", "year"];
  const FILMS = ["gif", "mp4"];
  const STEPS_PER_SECOND = 6;

  const day = (t) => new Date(t).toISOString().slice(0, 10);

  /* Gives a file to the reader, under a name that says what it shows. */
  Rutter.download = function (blob, name) {
    const href = URL.createObjectURL(blob);
    const link = make("a", { href, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  };

  function fileName(app, kind, [t0, t1]) {
    const title = Rutter.titleOf(app).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase().slice(0, 60);
    return [title || "map", ...(app.dated ? [day(t0), day(t1 - 1)] : [])].join("-") + `.${kind}`;
  }

  class Studio {
    constructor(app) {
      this.app = app;
      this.build();
    }

    build() {
      const field = (label, ...inputs) => make("label", {}, make("span", {}, label), ...inputs);
      const kinds = KINDS.filter(([kind]) => kind !== "mp4" || Rutter.picture.mp4());
      const number = (label, value) => make("input", { type: "number", min: "64", max: "8192", value, "aria-label": label });
      const tick = (label) => {
        const box = make("input", { type: "checkbox", checked: true });
        this.ticks[label] = box;
        return make("label", { class: "rutter-tick" }, box, label);
      };
      const date = (label) => make("input", { type: "date", "aria-label": label, on: { change: () => this.reckon() } });
      const change = () => this.arrange();
      this.ticks = {};
      this.kind = select("Kind of file", kinds, "png", change);
      this.size = select("Size", [["", "As on the screen"], ...SIZES.map((side) => [side.join("x"), side.join(" × ")]), ["own", "Other ..."]], "", change);
      [this.width, this.height] = [number("Width in pixels", "1600"), number("Height in pixels", "900")];
      this.own = make("span", { class: "rutter-pair", hidden: true }, this.width, "×", this.height);
      this.ratio = select("Pixels", [["1", "1 ×"], ["2", "2 ×, for print and fine screens"], ["3", "3 ×"]], "2", change);
      this.sharp = field("Pixels", this.ratio);
      [this.from, this.to] = [date("First day"), date("Last day")];
      this.step = select("Step of the film", STEPS.map((unit) => [unit, unit]), "week", () => this.reckon());
      this.trailing = select("Window of the film", [...STEPS.map((unit) => [unit, `Moving, one ${unit}`]), ["", "Growing"]], "quarter", () => this.reckon());
      this.speed = select("Speed of the film", [0.5, 1, 2, 4].map((n) => [String(n), `${n}×`]), "1", () => this.reckon());
      this.reckoned = make("p", { class: "rutter-quiet", role: "status" });
      this.film = make("fieldset", { hidden: true }, make("legend", {}, "Film"),
        field("From", this.from), field("To", this.to), field("Step", this.step), field("Window", this.trailing), field("Speed", this.speed),
        this.reckoned);
      this.bar = make("progress", { max: "1", value: "0", hidden: true, "aria-label": "Progress" });
      this.words = make("p", { role: "status" });
      this.go = make("button", { type: "button", class: "rutter-make", on: { click: () => this.submit() } }, "Make");
      this.stop = make("button", { type: "button", on: { click: () => this.dialog.close() } }, "Close");
      const form = make("div", { class: "rutter-form" }, // a form may not be sent from within the app's frame
        make("h2", {}, "Picture of this view"),
        field("File", this.kind), field("Size", this.size, this.own), this.sharp,
        make("div", { class: "rutter-ticks", role: "group", "aria-label": "In the picture" }, tick("Title"), tick("Legend"), tick("Scale")),
        this.film, this.bar, this.words, make("div", { class: "rutter-foot" }, this.stop, this.go));
      this.dialog = make("dialog", { class: "rutter-dialog", "aria-label": "Picture", on: { close: () => this.closed() } }, form);
      this.app.root.append(this.dialog);
      L.DomEvent.disableClickPropagation(this.dialog);
    }

    open() {
      const { app } = this;
      if (!this.opened) {
        [this.from.value, this.to.value] = [day(app.domain[0]), day(app.domain[1] - 1)];
        [this.step.value, this.trailing.value] = [app.step === "event" ? "week" : app.step, app.mode === "cumulative" ? "" : app.trailing];
        this.opened = true;
      }
      const { x, y } = app.map.getSize();
      this.size.options[0].textContent = `As on the screen, ${x} × ${y}`;
      this.say("");
      this.arrange();
      this.dialog.showModal();
    }

    arrange() {
      const kind = this.kind.value;
      this.film.hidden = !FILMS.includes(kind);
      this.own.hidden = this.size.value !== "own";
      this.sharp.hidden = kind === "svg";
      this.reckon();
    }

    asked() {
      const { x, y } = this.app.map.getSize();
      const chosen = { "": [x, y], own: [Number(this.width.value), Number(this.height.value)] };
      const { Title: title, Legend: legend, Scale: scale } = this.ticks;
      return { size: chosen[this.size.value] || this.size.value.split("x").map(Number), ratio: this.kind.value === "svg" ? 1 : Number(this.ratio.value),
        bounds: null, parts: { title: title.checked, legend: legend.checked, scale: scale.checked } };
    }

    timed() {
      const [from, to] = [Date.parse(this.from.value), calendar.add(Date.parse(this.to.value), "day", 1)];
      if (!(from < to)) throw new RangeError("The film ends before it begins. Put the earlier day first.");
      return { kind: this.kind.value, from, to, step: this.step.value, trailing: this.trailing.value || null, speed: Number(this.speed.value) };
    }

    reckon() {
      if (this.film.hidden) return;
      try {
        const film = this.timed();
        const { length } = Rutter.picture.frames(this.app, film);
        const seconds = length / (STEPS_PER_SECOND * film.speed);
        this.reckoned.textContent = `${calendar.plural(length, "frame")}, ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
      } catch (error) {
        this.reckoned.textContent = error.message;
      }
    }

    say(text) { this.words.textContent = text; }

    async submit() {
      if (this.busy) return;
      const { app } = this;
      const kind = this.kind.value;
      this.work(true);
      try {
        const asked = this.asked();
        const film = FILMS.includes(kind) ? this.timed() : null;
        const told = (done, all) => {
          this.bar.value = done / all;
          this.say(`Frame ${done} of ${all}`);
        };
        const made = await (film ? Rutter.picture.film(app, asked, { ...film, told, stopped: () => this.stopped }) : Rutter.picture[kind](app, asked));
        if (made === null) this.say("Stopped.");
        else {
          const name = fileName(app, kind, film ? [film.from, film.to] : app.window);
          Rutter.download(made.blob || made, name);
          this.say(made.embedded ? `${name} is made. There are too many points for single marks: they are in it as a picture.` : `${name} is made.`);
        }
      } catch (error) {
        this.say(`Not made. ${error.message}`);
      }
      this.work(false);
    }

    work(busy) {
      Object.assign(this, { busy, stopped: false });
      this.go.disabled = busy;
      this.bar.hidden = !busy || !FILMS.includes(this.kind.value);
      this.bar.value = 0;
      this.stop.textContent = busy ? "Cancel" : "Close";
    }

    /* Closing while a film is made is how it is cancelled. */
    closed() {
      if (this.busy) this.stopped = true;
    }
  }

  Rutter.addStudio = function (app) {
    const zoom = app.map.zoomControl && app.map.zoomControl.getContainer();
    if (!zoom) return;
    const label = "Make a picture or a film";
    const open = (event) => {
      event.preventDefault();
      app.studio = app.studio || new Studio(app);
      app.studio.open();
    };
    const link = make("a", { href: "#", role: "button", class: "rutter-home", title: label, "aria-label": label,
      on: { click: open } }, icon("camera"));
    L.DomEvent.disableClickPropagation(link);
    zoom.append(link);
  };
})((window.Rutter = window.Rutter || {}));

/* Typed: dates as people write them, in the zone of the labels, and the small form that takes them. */
(function (Rutter) {
  "use strict";

  const { LENGTH, add, clock, floor, midnight, momentWords, offWall, onWall, parts, wall } = Rutter.calendar;
  const { button, make } = Rutter;
  const FORMS = "2024, 2024-Q1, 2024-03, 2024-03-13 or 2024-03-13 14:00";
  const pad = (n, width = 2) => String(n).padStart(width, "0");

  function onCalendar(text, year, month, day = 1, hour = 0, minute = 0, second = 0, ms = 0) {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, ms);
    const fits = year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
    if (!fits) throw new RangeError(`“${text}” is not in the calendar.`);
    return date.getTime();
  }

  const unitAt = (t, unit) => [offWall(t), offWall(add(t, unit, 1))];

  function instant(text, [year, month, day, hour, minute, second = 0, ms = 0], zone) {
    const t = onCalendar(text, year, month, day, hour, minute, second, ms);
    if (zone) {
      const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) || ["", "+", 0, 0];
      return [t, t].map((at) => at - Number(`${sign}1`) * (Number(hours) * LENGTH.hour + Number(minutes) * LENGTH.minute));
    }
    const at = offWall(t);
    if (onWall(at) !== t) throw new RangeError(`“${text}” is no time here: the clocks go forward then.`);
    return [at, at];
  }

  const READ = [
    [/^(\d{4})$/, (text, [year]) => unitAt(onCalendar(text, year, 1), "year")],
    [/^(\d{4})-?Q([1-4])$/i, (text, [year, quarter]) => unitAt(onCalendar(text, year, 3 * quarter - 2), "quarter")],
    [/^(\d{4})-(\d\d)$/, (text, [year, month]) => unitAt(onCalendar(text, year, month), "month")],
    [/^(\d{4})-(\d\d)-(\d\d)$/, (text, [year, month, day]) => unitAt(onCalendar(text, year, month, day), "day")],
    [/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{3}))?)?\s*(?:(Z|UTC|[+-]\d\d:?\d\d))?$/i,
      (text, numbers, zone) => instant(text, numbers, zone)],
  ];

  /* The stretch that a text means, [start, end) in ms; an exact time is [t, t]. Throws RangeError with what is wrong. */
  function readDate(given) {
    const text = given.trim();
    for (const [pattern, read] of READ) {
      const match = pattern.exec(text);
      if (!match) continue;
      const zone = match.length > 8 ? match[8] : undefined;
      return read(text, match.slice(1, 8).map((n) => (n === undefined ? n : Number(n))), zone);
    }
    throw new RangeError(text ? `“${text.slice(0, 40)}” is not a date. Write ${FORMS}.` : `Write a date: ${FORMS}.`);
  }

  function writeDate(t) {
    const { year, month, day } = parts(t);
    const text = `${pad(year, 4)}-${pad(month + 1)}-${pad(day)}`;
    return midnight(t) ? text : `${text} ${clock(t)}`;
  }

  /* The last date of a window is part of it when it is a day or more; a time of day is where it ends. */
  const writeLast = (t1) => writeDate(midnight(t1) ? wall.add(t1, "day", -1) : t1);

  class Typed {
    constructor(app, near) {
      this.app = app;
      this.near = near;
      const field = (name) => make("input", { type: "text", size: "17", maxlength: "40", spellcheck: "false", autocomplete: "off",
        "aria-describedby": "rutter-typed-said", name });
      this.from = field("from");
      this.to = field("to");
      this.name = make("span", {}, "To, and with it");
      this.start = make("label", {}, make("span", {}, "From"), this.from);
      this.said = make("p", { role: "alert", id: "rutter-typed-said" });
      this.form = make("form", { class: "rutter-typed rutter-float", hidden: true, role: "dialog", "aria-label": "Type dates", novalidate: true,
        on: { submit: (e) => this.submit(e), keydown: (e) => this.key(e) } },
      this.start, make("label", {}, this.name, this.to), make("button", { type: "submit", class: "rutter-text" }, "Show"),
      button("Close", "close", () => this.close()), this.said);
    }

    open() {
      const { app } = this;
      const [t0, t1] = app.window;
      const moment = app.mode === "moment";
      this.name.textContent = moment ? "At" : "To, and with it";
      this.start.hidden = moment || app.mode === "cumulative";
      this.from.value = writeDate(t0);
      this.to.value = moment ? writeDate(t0) : writeLast(t1);
      this.complain("", null);
      this.form.hidden = false;
      const first = this.start.hidden ? this.to : this.from;
      first.focus({ preventScroll: true });
      first.select();
    }

    toggle() {
      if (this.form.hidden) this.open();
      else this.close();
    }

    close() {
      if (this.form.hidden) return;
      this.form.hidden = true;
      this.near.focus({ preventScroll: true });
    }

    key(event) {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    }

    complain(text, field) {
      for (const input of [this.from, this.to]) input.toggleAttribute("aria-invalid", input === field);
      this.said.textContent = text || (this.app.choices.is("times", "local") ? "Times are those of this computer." : "Times are in UTC.");
      this.said.classList.toggle("rutter-wrong", Boolean(text));
      if (field) field.focus({ preventScroll: true });
    }

    submit(event) {
      event.preventDefault();
      const { app } = this;
      const read = (field) => {
        try {
          return readDate(field.value);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          this.complain(error.message, field);
          return null;
        }
      };
      const start = this.start.hidden ? [app.domain[0]] : read(this.from);
      const end = start && read(this.to);
      if (!end) return;
      const [d0, d1] = app.domain;
      const unit = Rutter.momentUnit(app);
      const moment = app.mode === "moment";
      const at = end[0] === end[1] ? end[0] : floor(end[0], unit);
      const [t0, t1] = moment ? [at, at + LENGTH[unit]] : [start[0], end[1]];
      if (t0 >= t1) return void this.complain("This ends before it starts. Write the earlier date first.", this.to);
      if (t1 <= d0 || t0 >= d1) {
        this.complain(`Nothing lies there: the dates here go from ${momentWords(d0)} to ${momentWords(d1 - 1)}.`, this.to);
        return;
      }
      app.player.pause();
      app.setWindow(t0, t1);
      app.release();
      this.close();
    }
  }

  Object.assign(Rutter, { Typed, readDate, writeDate });
})((window.Rutter = window.Rutter || {}));

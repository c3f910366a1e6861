/* Switches: how the rows are shown - points, clusters or heat, lines or flows, halos, names - at the head of the legend. */
(function (Rutter) {
  "use strict";

  const { make } = Rutter;
  const DISPLAYS = [["points", "Points"], ["clusters", "Clusters"], ["heat", "Heat"]];
  const SHOWN = [["halos", "How exact places are"], ["labels", "Place names"]];

  class Switches {
    constructor(app) {
      this.app = app;
      this.root = make("div", { class: "rutter-switches" });
      this.fill();
      for (const name of ["display", "flows", "show"]) app.on(name, () => this.refresh());
    }

    fill() {
      const { app } = this;
      const parts = [];
      this.displays = app.setDisplay ? DISPLAYS.map(([name, words]) => [name, make("button", { type: "button",
        on: { click: () => app.setDisplay(name) } }, words)]) : [];
      if (this.displays.length && app.events.count) {
        parts.push(make("div", { class: "rutter-choice", role: "group", "aria-label": "Events shown as" }, ...this.displays.map(([, node]) => node)));
      }
      this.boxes = SHOWN.map(([name, words]) => [name, this.box(words, (on) => Rutter.setShown(app, name, on))]);
      this.flows = null;
      if (app.routes.count && app.flows.possible) {
        this.flows = this.box("Routes joined into flows", (on) => app.flows.set(on ? this.measure.value : null));
        const measures = app.flows.measures().map((name) => [name, name === "shipments" ? "by shipments" : `by ${name}`]);
        this.measure = Rutter.select("What makes a flow wide", measures, "shipments", (name) => app.flows.set(name));
        parts.push(this.flows.label, this.measure);
      }
      parts.push(...this.boxes.map(([, { label }]) => label));
      this.root.replaceChildren(...parts);
      this.refresh();
    }

    box(words, run) {
      const input = make("input", { type: "checkbox", on: { change: () => run(input.checked) } });
      return { input, label: make("label", {}, input, words) };
    }

    refresh() {
      const { app } = this;
      for (const [name, node] of this.displays) node.setAttribute("aria-pressed", String(app.display === name));
      for (const [name, { input }] of this.boxes) input.checked = app.show[name];
      if (!this.flows) return;
      this.flows.input.checked = app.flows.by !== null;
      this.measure.hidden = app.flows.by === null;
      if (app.flows.by) this.measure.value = app.flows.by;
    }
  }

  Rutter.Switches = Switches;
})((window.Rutter = window.Rutter || {}));

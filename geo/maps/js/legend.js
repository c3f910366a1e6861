/* Legend: kinds and modes with how many are in the window; a click hides or shows one. */
(function (Rutter) {
  "use strict";

  const { make } = Rutter;
  const SMALL_PX = 700;
  const SHORT_PX = 330;
  const PALER = "Paler: less sure, or dated so roughly that only part of its time is in the window.";

  class Legend {
    constructor(app) {
      this.app = app;
      this.rows = [];
      this.list = make("div", { class: "rutter-legend-list" });
      this.switches = new Rutter.Switches(app);
      this.left = make("p", { class: "rutter-quiet" });
      this.toggle = make("button", { type: "button", class: "rutter-legend-head", "aria-expanded": "true",
        on: { click: () => this.setOpen(!this.open) } }, make("span", {}, "Legend"), make("i", { "aria-hidden": "true" }));
      this.root = make("div", { class: "rutter-legend", role: "group", "aria-label": "Legend" }, this.toggle, this.list);
      this.fill();
      const size = app.map.getSize();
      this.setOpen(size.x >= SMALL_PX && size.y >= SHORT_PX);
      L.DomEvent.disableClickPropagation(this.root);
      L.DomEvent.disableScrollPropagation(this.root);
      const legend = this;
      this.control = new (L.Control.extend({ options: { position: "topright" }, onAdd: () => legend.root }))();
      app.on("window", () => this.count());
      app.on("filter", () => this.refresh());
      app.on("theme", () => this.paint());
      app.map.on("resize", () => this.fitHeight());
    }

    setOpen(open) {
      this.open = open;
      this.toggle.setAttribute("aria-expanded", String(open));
      this.list.hidden = !open;
      this.fitHeight();
    }

    fitHeight() {
      this.list.style.maxHeight = `${Math.max(90, this.app.map.getSize().y - 122)}px`;
    }

    fill() {
      const { app } = this;
      this.list.append(this.switches.root);
      const groups = [["events", "kind", app.kindOrder], ["routes", "mode", app.modeOrder]];
      for (const [layer, column, order] of groups) {
        if (!order.length) continue;
        this.list.append(this.heading(layer, order));
        for (const name of order) this.list.append(this.row(layer, column, name));
      }
      if (app.modeOrder.length) {
        for (const [basis, label] of app.basesShown()) {
          const canvas = make("canvas", { class: "rutter-swatch", "aria-hidden": "true" });
          this.rows.push({ paint: () => Rutter.paintSwatch(canvas, { color: app.ink() }, app.style.dash(basis)) });
          this.list.append(make("div", { class: "rutter-basis" }, canvas, label));
        }
      }
      this.list.append(...this.widths(), make("p", { class: "rutter-quiet" }, PALER), this.left);
      this.paint();
    }

    /* Other kinds and modes may be there now. */
    renew() {
      this.rows = [];
      this.switches.fill();
      this.list.replaceChildren();
      this.fill();
    }

    row(layer, column, name) {
      const { app } = this;
      const canvas = make("canvas", { class: "rutter-swatch", "aria-hidden": "true" });
      const count = make("span", { class: "rutter-count" });
      const look = () => (layer === "events" ? app.style.kind(name) : app.style.mode(name));
      const text = layer === "events" ? name || "other" : look().label;
      const node = make("button", { type: "button", "aria-pressed": "true", title: `Hide or show: ${text}`,
        on: { click: () => app.toggleWord(layer, name), dblclick: () => Rutter.onlyWord(app, layer, name) } },
      canvas, make("span", { class: "rutter-name" }, text), count);
      const only = make("button", { type: "button", class: "rutter-only", "aria-label": `Only ${text}`,
        title: `Only ${text}; again for all`, on: { click: () => Rutter.onlyWord(app, layer, name) } }, "only");
      const code = app[layer][column].values.indexOf(name);
      this.rows.push({ layer, column, name, code, node, count,
        paint: () => Rutter.paintSwatch(canvas, look(), layer === "routes" && []) });
      return make("div", { class: "rutter-row" }, node, only);
    }

    heading(layer, order) {
      const { app } = this;
      const words = layer === "events" ? "Events" : "Routes";
      const all = (text, off) => make("button", { type: "button", "aria-label": `${words}: ${text.toLowerCase()}`,
        on: { click: () => Rutter.setOff(app, layer, off) } }, text);
      return make("h2", {}, make("span", {}, words), ...(order.length > 1 ? [all("All", []), all("None", order)] : []));
    }

    /* For each unit how much its widest line carries. */
    widths() {
      const { app } = this;
      return app.widths.words().map(([px, text]) => make("div", { class: "rutter-basis" },
        make("span", { class: "rutter-wedge", style: `--wide:${px}px`, "aria-hidden": "true" }), `width: up to ${text}`));
    }

    paint() {
      for (const row of this.rows) row.paint();
    }

    count() {
      const { app } = this;
      const tallies = { events: app.events.tally("kind"), routes: app.routes.tally("mode") };
      for (const row of this.rows) {
        if (!row.node) continue;
        const n = tallies[row.layer][row.code];
        row.count.textContent = n.toLocaleString("en-GB");
        row.node.classList.toggle("rutter-none", n === 0);
      }
    }

    refresh() {
      for (const row of this.rows) {
        if (row.node) row.node.setAttribute("aria-pressed", String(!this.app.off[row.layer].has(row.name)));
      }
      this.left.textContent = this.app.leftOut();
      this.left.hidden = !this.left.textContent;
    }
  }

  Rutter.Legend = Legend;
})((window.Rutter = window.Rutter || {}));

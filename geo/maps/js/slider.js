/* Slider: one map with its timeline. Holds the state (window, filter, selection) and tells the parts when it changes.

   Rutter.mount(map, id)   called by the page; reads the data from the elements `id-columns` and `id-texts`
   Rutter.instances        what is mounted, in order: visible(), setWindow(isoA, isoB), select(layer, id) and more       */
(function (Rutter) {
  "use strict";

  const { calendar, make } = Rutter;
  const FLY_ZOOM = 6;

  class App {
    constructor(map, id) {
      Rutter.ensureTheme("light");
      const read = (part) => JSON.parse(document.getElementById(`${id}-${part}`).textContent);
      const { columns, style, options } = read("columns");
      let texts;
      this.map = map;
      this.texts = () => (texts = texts || read("texts"));
      this.events = new Rutter.Events(columns.events, this.texts);
      this.routes = new Rutter.Routes(columns.routes, this.texts);
      this.style = new Rutter.Style(style);
      this.kindOrder = style.kindOrder;
      this.modeOrder = style.modeOrder;
      this.handlers = {};
      this.off = { events: new Set(), routes: new Set() };
      this.bits = { events: null, routes: null };
      this.show = { halos: true, labels: true, events: true, routes: true, moving: true };
      this.selected = null;
      this.step = options.step;
      this.trailing = options.trailing || options.step;
      this.mode = options.trailing ? "trailing" : "cumulative";
      this.speed = 1;
      const span = Rutter.extent([this.events, this.routes]);
      this.dated = span !== null;
      this.domain = span || [0, calendar.DAY];
      if (options.window) this.domain = [Math.min(this.domain[0], options.window[0]), Math.max(this.domain[1], options.window[1])];
      this.window = options.window || this.domain.slice();
      this.player = new Rutter.Player(this);
      this.timeline = new Rutter.Timeline(this);
      this.layer = Rutter.createLayer(this);
      this.layout(options.height, options.bounds);
      if (options.legend) this.legend = new Rutter.Legend(this);
      if (this.legend) this.legend.control.addTo(map);
      this.popup = new Rutter.Popup(this);
      this.tooltip = new Rutter.Tooltip(this);
      this.marks = new Rutter.Marks(this);
      this.sought = new Rutter.Marks(this);
      this.aim = new Rutter.Aim(this);
      this.listen();
      this.refilter();
      this.layer.addTo(map);
      Rutter.addHome(this, options.extent);
      Rutter.addStudio(this);
      this.story = new Rutter.Story(this, options.story);
      Rutter.address.follow(this);
      this.story.begin();
      Rutter.connect(this);
    }

    /* Puts the map and the panel into one column that takes the room the map had. */
    layout([size, unit], bounds) {
      const element = this.map.getContainer();
      const root = make("div", { class: "rutter-root" });
      root.style.height = `${size}${unit}`;
      element.before(root);
      element.classList.add("rutter-map");
      this.browseButton = make("button", { type: "button", class: "rutter-browse", on: { click: () => this.browse() } },
        "Read what is on the map, one by one");
      root.append(element, this.browseButton, this.timeline.root);
      this.root = root;
      this.map.invalidateSize({ animate: false });
      const room = this.map.getSize();
      if (bounds && room.x && room.y) this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: 10, animate: false });
      new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(element);
    }

    listen() {
      const { map, layer } = this;
      let waiting = null;
      map.on("mousemove", (e) => {
        if (!waiting) requestAnimationFrame(() => {
          const point = waiting;
          waiting = null;
          if (point) this.hover(point);
        });
        waiting = e.containerPoint;
      });
      map.on("mouseout movestart", () => this.tooltip.show([]));
      map.on("click", (e) => {
        if (this.aim.take(e.latlng)) return;
        const touch = e.originalEvent.pointerType === "touch";
        const found = Rutter.pick(this, layer, e.containerPoint, touch);
        if (found.length) this.popup.open(found, 0, e.latlng);
        else this.popup.close();
      });
      document.addEventListener("keydown", (e) => e.key === "Escape" && this.popup.close());
      window.addEventListener("rutter:theme", () => {
        layer.later();
        this.emit("theme");
      });
    }

    hover(point) {
      const found = Rutter.pick(this, this.layer, point, false);
      this.map.getContainer().classList.toggle("rutter-over", found.length > 0);
      this.tooltip.show(found, point);
    }

    on(name, run) { (this.handlers[name] = this.handlers[name] || []).push(run); }
    emit(name) { for (const run of this.handlers[name] || []) run(); }
    theme() { return Rutter.theme(); }
    ink() { return this.theme() === "dark" ? "#f1f4f6" : "#22282c"; }
    ground() { return this.theme() === "dark" ? "#1e2327" : "#ffffff"; }
    playhead() { return this.player.playing ? Math.max(this.window[1], this.player.edge) : this.window[1]; }
    isWhole() { return this.window[0] <= this.domain[0] && this.window[1] >= this.domain[1]; }
    isSelected(layer, i) { return this.selected !== null && this.selected.layer === layer && this.selected.i === i; }

    /* Sets the window, in ms; with t1 null it keeps its length. Parts follow at once, the outside on release. */
    setWindow(t0, t1, length) {
      if (typeof t0 === "string") return this.setWindow(Date.parse(t0), Date.parse(t1));
      const [d0, d1] = this.domain;
      if (t1 === null) {
        t0 = Math.max(d0, Math.min(t0, d1 - length));
        t1 = t0 + length;
      }
      if (!(t0 <= t1)) return undefined;
      this.window = [Math.round(t0), Math.round(t1)];
      this.update();
      return undefined;
    }

    update() {
      this.events.select(...this.window);
      this.routes.select(...this.window);
      this.emit("window");
      this.layer.redraw();
      if (this.selected && !this.holds(this.selected)) this.popup.close();
    }

    /* Whether a row is in the window; one without a date is shown whenever it is asked for. */
    holds({ layer, i }) {
      const table = this[layer];
      return i >= table.dated || Rutter.inWindow(table.startMs(i), table.endMs(i), ...this.window);
    }

    showAll() {
      this.player.pause();
      this.setWindow(...this.domain);
      this.release();
    }

    stepBy(n) {
      this.player.pause();
      const [d0, d1] = this.domain;
      const [t0, t1] = this.window;
      if (this.isWhole() && this.mode === "trailing") {
        const end = n > 0 ? calendar.add(d0, this.trailing, 1) : d1;
        this.setWindow(n > 0 ? d0 : calendar.add(d1, this.trailing, -1), Math.min(d1, end));
      } else if (this.mode === "cumulative") {
        this.setWindow(d0, Math.max(calendar.add(d0, this.step, 1), Math.min(d1, calendar.add(t1, this.step, n))));
      } else this.setWindow(calendar.add(t0, this.step, n), null, t1 - t0);
      this.release();
    }

    /* The hand let go. */
    release() {
      this.timeline.announce();
      this.emit("release");
    }

    toggleWord(layer, name) {
      const off = this.off[layer];
      if (!off.delete(name)) off.add(name);
      this.refilter();
      this.emit("release");
    }

    setBits(layer, bits) {
      this.bits[layer] = bits;
    }

    refilter() {
      this.events.setMask(this.bits.events, "kind", this.off.events);
      this.routes.setMask(this.bits.routes, "mode", this.off.routes);
      this.emit("filter");
      this.update();
      if (this.selected && !this[this.selected.layer].mask[this.selected.i]) this.popup.close();
    }

    /* What no window shows: rows without a date, and rows in no place. */
    leftOut() {
      const parts = [];
      for (const table of [this.events, this.routes]) {
        const undated = table.count - table.dated;
        let nowhere = 0;
        for (let i = 0; i < table.count; i++) if (!table.placed(i)) nowhere++;
        const word = table.name.slice(0, -1);
        if (undated) parts.push(`${calendar.plural(undated, word)} without a date`);
        if (nowhere) parts.push(`${calendar.plural(nowhere, word)} without a place`);
      }
      return parts.join(" · ");
    }

    basesShown() {
      const labels = new Map(Object.entries(this.style.tables.bases).map(([name, look]) => [name, look.label]));
      return [...labels].filter(([name]) => this.routes.basis.values.includes(name));
    }

    source(id) {
      if (!id) return null;
      const { sources } = this.texts();
      if (!this.sourceRows) this.sourceRows = new Map((sources.id || []).map((key, k) => [key, k]));
      const k = this.sourceRows.get(id);
      if (k === undefined) return { id, title: "", publisher: "", url: "", published: "" };
      return { id, title: sources.title[k], publisher: sources.publisher[k], url: sources.url[k], published: sources.published[k] };
    }

    /* Ids of the rows in the window that pass the filter, on the map or not. */
    visible() {
      const ids = (table) => Array.from(table.found.subarray(0, table.size), (i) => table.id(i));
      return { events: ids(this.events), routes: ids(this.routes) };
    }

    /* Where a row is, or null: the point, or half way along the line; in the copy of the world nearest the middle. */
    place({ layer, i }) {
      const table = this[layer];
      if (!table.placed(i)) return null;
      const [x, y] = layer === "events" ? [table.x[i] / Rutter.WORLD, table.y[i] / Rutter.WORLD] : table.pointAt(i, 0.5);
      const lng = 360 * x - 180;
      const turns = Math.round((this.map.getCenter().lng - lng) / 360);
      return L.latLng((Rutter.latitude(y) * 180) / Math.PI, lng + 360 * turns);
    }

    select(row) {
      const same = (a, b) => (a && b ? a.layer === b.layer && a.i === b.i : a === b);
      if (same(row, this.selected)) return;
      this.selected = row;
      this.layer.later();
      this.emit("select");
    }

    /* Shows a row by its id; the window moves to it when it lies outside. */
    reveal(layer, id, fly) {
      const table = this[layer];
      const i = table ? table.find(id) : -1;
      if (i < 0) return this.popup.close();
      const [t0, t1] = this.window;
      const [start, end] = [table.startMs(i), table.endMs(i)];
      if (!this.holds({ layer, i })) {
        const spare = Math.max(0, t1 - t0 - (end - start)) / 2;
        const from = calendar.floor(start - spare, "day");
        const last = end > start ? end : calendar.ceil(end + 1, "day");
        this.setWindow(from, Math.max(from + (t1 - t0), last));
        this.release();
      }
      const row = { layer, i };
      const at = this.place(row);
      const open = () => this.popup.open([row], 0, at || this.map.getCenter());
      if (!at || !fly) return open();
      const zoom = Math.max(this.map.getZoom(), Math.min(FLY_ZOOM, this.map.getMaxZoom()));
      this.select(row);
      if (this.player.calm.matches) {
        this.map.setView(at, zoom, { animate: false });
        return open();
      }
      this.flight = open; // a second row picked on the way takes the place of the first
      this.map.once("moveend", () => this.flight === open && open()).flyTo(at, zoom, { duration: 0.8 });
      return undefined;
    }

    /* For the keyboard: one row in view after the other, in order of time. */
    browse() {
      const rows = [];
      const bounds = this.map.getBounds();
      for (const table of [this.events, this.routes].filter(({ name }) => this.show[name])) {
        for (let k = 0; k < table.size; k++) {
          const row = { layer: table.name, i: table.found[k] };
          const at = this.place(row);
          if (at && bounds.contains(at)) rows.push(row);
        }
      }
      if (!rows.length) {
        this.timeline.live.textContent = "Nothing is on this part of the map in this window.";
        return;
      }
      rows.sort((a, b) => this[a.layer].startMs(a.i) - this[b.layer].startMs(b.i));
      rows.spread = true;
      this.popup.open(rows, 0, this.place(rows[0]), true);
    }
  }

  Rutter.instances = Rutter.instances || [];
  Rutter.mount = (map, id) => {
    const app = new App(map, id);
    Rutter.instances.push(app);
    return app;
  };
})((window.Rutter = window.Rutter || {}));

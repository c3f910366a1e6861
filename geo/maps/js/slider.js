/* Slider: one map with its timeline. Holds the state (window, filter, selection) and tells the parts when it changes.

   Rutter.mount(map, id)   called by the page; unpacks the data from the elements `id-columns`, `id-bytes`, `id-texts` ...
                           and promises the instance
   Rutter.instances        what is mounted and ready, in order: visible(), setWindow(isoA, isoB), reveal(layer, id) ...   */
(function (Rutter) {
  "use strict";

  const { calendar, make } = Rutter;

  class App {
    constructor(map, tables, { style, options }) {
      Rutter.ensureTheme("light");
      this.map = map;
      Object.assign(this, tables);
      this.firstTexts = { events: tables.events.texts, routes: tables.routes.texts, sources: tables.sources };
      this.style = new Rutter.Style(style);
      this.kindOrder = style.kindOrder;
      this.modeOrder = style.modeOrder;
      this.handlers = {};
      this.off = { events: new Set(), routes: new Set() };
      this.bits = { events: null, routes: null };
      this.show = { halos: true, labels: true, events: true, routes: true, moving: true };
      this.display = "points";
      this.selected = null;
      this.step = options.step;
      this.trailing = options.trailing || (options.step === "event" ? "week" : options.step);
      this.mode = options.trailing ? "trailing" : "cumulative";
      this.speed = 1;
      const span = Rutter.extent([this.events, this.routes]);
      this.dated = span !== null;
      this.domain = span || [0, calendar.DAY];
      if (options.window) this.domain = [Math.min(this.domain[0], options.window[0]), Math.max(this.domain[1], options.window[1])];
      this.window = options.window || this.domain.slice();
      this.player = new Rutter.Player(this);
      this.timeline = new Rutter.Timeline(this);
      this.widths = new Rutter.Widths(this);
      this.flows = new Rutter.Flows(this);
      this.layer = Rutter.createLayer(this);
      this.layout(options.height, options.bounds);
      if (options.legend) this.legend = new Rutter.Legend(this);
      if (this.legend) this.legend.control.addTo(map);
      this.unfold = new Rutter.Unfold(this);
      this.popup = new Rutter.Popup(this);
      this.tooltip = new Rutter.Tooltip(this);
      this.marks = new Rutter.Marks(this);
      this.sought = new Rutter.Marks(this);
      this.aim = new Rutter.Aim(this);
      this.listen();
      this.refilter();
      this.layer.addTo(map);
      Rutter.addHome(this, options.extent);
      Rutter.equip(this);
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
        if (found.length && found[0].cluster) this.enter(found[0].cluster, e.latlng);
        else if (found.length) this.popup.open(found, 0, e.latlng);
        else this.popup.close();
      });
      document.addEventListener("keydown", (e) => e.key === "Escape" && this.popup.close());
      window.addEventListener("rutter:theme", () => {
        layer.later();
        this.emit("theme");
      });
    }

    hover(point) {
      this.unfold.follow(point);
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

    stepBy(n) { Rutter.stepBy(this, n); }

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
        const { nowhere } = table;
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
      const { sources } = this;
      const k = sources.find(id);
      const text = (column) => (k >= 0 ? sources.at(column, k) : "");
      return { id, title: text("title"), publisher: text("publisher"), url: text("url"), published: text("published") };
    }

    /* How events are shown: as points, gathered in clusters, or as heat. */
    setDisplay(name) {
      if (!Rutter.DISPLAYS.includes(name) || name === this.display) return;
      this.display = name;
      this.layer.redraw();
      this.emit("display");
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
      this.selected = row && { ...row, id: this[row.layer].id(row.i) };
      this.layer.later();
      this.emit("select");
    }

  }

  Object.assign(App.prototype, Rutter.finding);

  async function open(map, id) {
    if (!window.DecompressionStream) {
      map.getContainer().append(make("p", { class: "rutter-notice", role: "alert" }, "This map needs a browser of 2023 or newer."));
    }
    const { take, bytes } = Rutter.packed;
    const { columns, ...rest } = JSON.parse(take(`${id}-columns`));
    const headers = Object.entries(JSON.parse(take(`${id}-texts`)));
    const texts = headers.map(([name, header]) => [name, new Rutter.Texts(header, () => bytes(take(`${id}-${name}`)))]);
    const tables = await Rutter.tables(columns, take(`${id}-bytes`), Object.fromEntries(texts));
    const app = new App(map, tables, rest);
    Rutter.instances.push(app);
    return app;
  }

  Rutter.instances = Rutter.instances || [];
  let last = Promise.resolve();
  Rutter.mount = (map, id) => (last = last.catch(() => null).then(() => open(map, id)));
})((window.Rutter = window.Rutter || {}));

/* Stage: a map of its own, out of sight, on which the view is drawn once more in another size and with other pixels. It
   draws by the same layers as the screen. Only the offline map comes into a picture: a browser gives no picture away that
   was fetched from elsewhere. */
(function (Rutter) {
  "use strict";

  const { make } = Rutter;
  const MOST_CIRCLES = 20000; // an SVG of more is slower than the picture it would replace
  const POINT_ZOOM = 10; // a single place is shown with its surroundings
  const PADDING = 24;
  const DOT_PX = 2.6;

  const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;
  const sheetOf = (pen) => ({ width: 0, height: 0, style: {}, getContext: () => pen });

  class Stage {
    constructor(app) {
      this.app = app;
      this.screen = app.map;
      this.holder = make("div", { class: "rutter-stage", "aria-hidden": "true" });
      document.body.append(this.holder);
      this.map = L.map(this.holder, { zoomControl: false, attributionControl: false, keyboard: false, fadeAnimation: false,
        zoomAnimation: false, trackResize: false, minZoom: 1, maxZoom: app.map.getMaxZoom() });
      this.ground = app.map.rutterGround || {};
      this.map.rutterGround = this.ground;
      this.map.createPane("rutter-labels");
    }

    remove() {
      this.map.remove();
      this.holder.remove();
    }

    /* Lays out a picture of `size` CSS pixels times `ratio`, of the bounds or of what is on the screen. The map is drawn at
       a whole zoom and then enlarged, so that what is asked for fills it. */
    arrange({ size: [width, height], ratio, bounds, parts }) {
      const { app } = this;
      const { centre, zoom } = bounds ? around(app.map, bounds, width, height) : asOnScreen(app.map, width, height);
      const whole = Math.max(1, Math.min(app.map.getMaxZoom(), Math.floor(zoom + 1e-6)));
      this.scale = 2 ** (zoom - whole);
      Object.assign(this, { width, height, ratio: ratio * this.scale, parts: { title: true, legend: true, scale: true, ...parts } });
      this.pixels = [Math.round(width * ratio), Math.round(height * ratio)];
      this.outer = ratio;
      this.inner = [Math.ceil(width / this.scale), Math.ceil(height / this.scale)];
      Object.assign(this.holder.style, { width: `${this.inner[0]}px`, height: `${this.inner[1]}px` });
      this.as(this.ratio, () => {
        this.map.invalidateSize({ animate: false });
        this.map.setView(centre, whole, { animate: false });
        if (!this.layer) this.furbish();
      });
    }

    furbish() {
      this.app.layer = this.layer = Rutter.createLayer(this.app);
      this.layer.addTo(this.map);
      if (this.screen.rutterNames) this.places = Rutter.stillNames(this.app, this.map);
      if (Rutter.labels && Rutter.data && Rutter.data.labels) this.names = Rutter.labels(Rutter.data.labels).addTo(this.map);
      const { app, layer } = this;
      const { stampPoints } = layer;
      layer.stampPoints = (...given) => {
        if (!layer.vector) return stampPoints.apply(layer, given);
        circles(app, layer, this.pen);
        return true;
      };
    }

    /* What draws asks the app for its map and layer: while a picture is taken, those are the stage's. */
    as(ratio, run) {
      const { app } = this;
      const { map, layer } = app;
      Object.assign(app, { map: this.map, layer: this.layer || layer });
      Rutter.ratio = ratio;
      try {
        return run();
      } finally {
        Object.assign(app, { map, layer });
        Rutter.ratio = 0;
      }
    }

    async ready() {
      if (this.ground.offline) await this.ground.offline.ready;
      if (document.fonts) await document.fonts.ready;
    }

    view() {
      const { min } = this.map.getPixelBounds();
      return { left: min.x, top: min.y, width: this.inner[0], height: this.inner[1], zoom: this.map.getZoom() };
    }

    hasNames() {
      return this.names && this.app.show.labels !== false && this.screen.hasLayer(this.ground.labels);
    }

    furniture() {
      const credits = this.ground.offline ? plain(this.ground.offline.options.attribution || "") : "";
      return { width: this.width, height: this.height, lat: this.map.getCenter().lat,
        zoom: this.map.getZoom() + Math.log2(this.scale), credits, parts: this.parts };
    }

    /* Ground and names, which stay the same while time runs. */
    drawGround() {
      const sheet = make("canvas", {});
      [sheet.width, sheet.height] = this.pixels;
      const pen = sheet.getContext("2d");
      pen.scale(this.ratio, this.ratio);
      this.as(this.ratio, () => {
        this.drawSea(pen);
        if (!this.hasNames()) return;
        if (this.places) this.places.settleHere();
        this.names._update();
        const { x, y } = this.map.layerPointToContainerPoint(L.DomUtil.getPosition(this.names._container));
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.drawImage(this.names._container, Math.round(x * this.ratio), Math.round(y * this.ratio));
      });
      return sheet;
    }

    drawSea(pen) {
      if (this.ground.offline) return this.ground.offline.paint(pen, this.view());
      pen.fillStyle = Rutter.theme() === "dark" ? "#1e2327" : "#e6eaec";
      return pen.fillRect(0, 0, ...this.inner);
    }

    /* The picture as it is now, on a canvas. */
    draw(sheet, ground) {
      const [width, height] = this.pixels;
      if (sheet.width !== width || sheet.height !== height) Object.assign(sheet, { width, height });
      const pen = sheet.getContext("2d", { willReadFrequently: true });
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.drawImage(ground, 0, 0);
      this.as(this.ratio, () => this.layer.redraw());
      pen.drawImage(this.layer.canvas, 0, 0);
      this.as(this.ratio, () => this.drawPlaces(pen, this.ratio));
      pen.setTransform(this.outer, 0, 0, this.outer, 0, 0);
      Rutter.furnish(pen, this.app, this.furniture());
      return sheet;
    }

    /* The names of what is in the window, as the screen has them beside their marks. */
    drawPlaces(pen, scale) {
      if (!this.places) return;
      this.places.settleHere();
      pen.scale(scale, scale);
      this.places.paint(pen, ...this.inner);
    }

    /* The picture as SVG. */
    record() {
      const pen = new Rutter.SvgPen(this.width, this.height);
      const { scale } = this;
      const part = (name, [dx, dy], run) => {
        pen.open(name);
        pen.begin(new DOMMatrix([1, 0, 0, 1, dx, dy]));
        run();
        pen.begin();
        pen.close();
      };
      this.as(scale, () => {
        part("ground", [0, 0], () => {
          pen.scale(scale);
          this.drawSea(pen);
        });
        if (this.hasNames()) {
          if (this.places) this.places.settleHere();
          this.names._update();
          const kept = this.names._container;
          const { x, y } = this.map.layerPointToContainerPoint(L.DomUtil.getPosition(kept));
          this.names._container = sheetOf(pen);
          part("names", [x * scale, y * scale], () => this.names._update());
          this.names._container = kept;
        }
        const kept = this.layer.canvas;
        this.layer.canvas = sheetOf(pen);
        pen.canvas = this.layer.canvas;
        this.pen = pen;
        this.layer.vector = this.app.events.size <= MOST_CIRCLES;
        part("data", [0, 0], () => this.layer.redraw());
        part("places", [0, 0], () => this.drawPlaces(pen, scale));
        this.layer.vector = false;
        this.pen = null;
        this.layer.canvas = kept;
        this.layer.redraw();
      });
      part("furniture", [0, 0], () => Rutter.furnish(pen, this.app, this.furniture()));
      return { text: pen.svg({ title: `${Rutter.titleOf(this.app)}: ${this.app.timeline.dates.textContent}` }), embedded: pen.embedded };
    }
  }

  function circles(app, layer, pen) {
    const { events } = app;
    const { left, top, width, height, world } = layer.view;
    for (const copy of layer.copies) {
      for (let k = 0; k < events.size; k++) {
        const i = events.found[k];
        if (!events.placed(i)) continue;
        const x = (events.x[i] / Rutter.WORLD + copy) * world - left;
        const y = (events.y[i] / Rutter.WORLD) * world - top;
        if (x < -DOT_PX || x > width + DOT_PX || y < -DOT_PX || y > height + DOT_PX) continue;
        pen.fillStyle = app.style.kind(events.word("kind", i)).color;
        pen.beginPath();
        pen.arc(x, y, DOT_PX, 0, 2 * Math.PI);
        pen.fill();
      }
    }
  }

  function asOnScreen(map, width, height) {
    const size = map.getSize();
    const grown = size.x && size.y ? Math.min(width / size.x, height / size.y) : 1;
    return { centre: map.getCenter(), zoom: map.getZoom() + Math.log2(grown) };
  }

  function around(map, [west, south, east, north], width, height) {
    const right = east < west ? east + 360 : east;
    const [a, b] = [map.project([north, west], 0), map.project([south, right], 0)];
    const room = (px) => Math.max(px - 2 * PADDING, px / 2);
    const fits = Math.log2(Math.min(room(width) / (b.x - a.x), room(height) / (b.y - a.y)));
    return { centre: map.unproject(a.add(b).divideBy(2), 0), zoom: fits > map.getMaxZoom() ? POINT_ZOOM : fits };
  }

  Rutter.titleOf = ({ map }) => (map.rutterGround && map.rutterGround.title) || "";
  Rutter.Stage = Stage;
})((window.Rutter = window.Rutter || {}));

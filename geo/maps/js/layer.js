/* Layer: one canvas over the map. Draws the rows that are in the window, pass the filter and are in view, in every copy of
   the world that is in view, and knows what it drew where. */
(function (Rutter) {
  "use strict";

  const { draw } = Rutter;
  const MANY_LINES = 400; // from here lines are stamped
  const SOME_LINES = 40; // and from here where points are
  const SLOW_MS = 8; // a picture that takes longer is carried along while the map is moved, and drawn anew when it rests
  const REST_MS = 80;
  const RIM = { light: "#ffffff", dark: "#14191e" };

  function createLayer(app) {
    return new (L.Layer.extend({
      ...Rutter.points(app),
      ...Rutter.cells(app),
      ...Rutter.lines(app),
      ...Rutter.slide(app),

      onAdd(map) {
        const pane = map.getPane("rutter") || map.createPane("rutter");
        pane.style.zIndex = 450;
        pane.style.pointerEvents = "none";
        this.canvas = L.DomUtil.create("canvas", "rutter-canvas leaflet-zoom-animated", pane);
        this.canvas.setAttribute("aria-hidden", "true");
        this.stamp = new Rutter.Stamp();
        this.hits = [];
        this.drawn = [];
        this.redraw();
      },

      onRemove() {
        clearTimeout(this.resting);
        for (const frame of [this.frame, this.sliding]) cancelAnimationFrame(frame);
        this.canvas.remove();
      },

      getEvents() {
        const { redraw, carry, follow } = this;
        return { move: carry, moveend: redraw, viewreset: redraw, resize: redraw, zoomanim: follow };
      },

      carry() {
        const map = this._map;
        if (!(this.cost > SLOW_MS) || map.getZoom() !== this.zoom) return this.later();
        clearTimeout(this.resting);
        if (this.stamped) {
          this.slideSoon();
          this.resting = setTimeout(() => this.later(), REST_MS);
          return undefined;
        }
        const { x, y } = map.latLngToContainerPoint(this.corner);
        const { width, height } = this.view;
        if (Math.abs(x) > width / 3 || Math.abs(y) > height / 3) this.later();
        else this.resting = setTimeout(() => this.later(), REST_MS);
        return undefined;
      },

      later() {
        if (!this.frame) this.frame = requestAnimationFrame(() => this.redraw());
      },

      /* During the animation of a zoom the old picture is stretched. */
      follow(event) {
        const scale = this._map.getZoomScale(event.zoom, this.zoom);
        L.DomUtil.setTransform(this.canvas, this._map._latLngToNewLayerPoint(this.corner, event.zoom, event.center), scale);
      },

      redraw() {
        for (const frame of [this.frame, this.sliding]) cancelAnimationFrame(frame);
        clearTimeout(this.resting);
        this.frame = this.sliding = 0;
        const map = this._map;
        if (!map || map._animatingZoom) return;
        const began = performance.now();
        const size = map.getSize();
        const ratio = Rutter.ratio || window.devicePixelRatio || 1;
        const { canvas } = this;
        const width = Math.round(size.x * ratio);
        const height = Math.round(size.y * ratio);
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
          canvas.style.width = `${size.x}px`;
          canvas.style.height = `${size.y}px`;
        }
        this.ratio = ratio;
        this.zoom = map.getZoom();
        this.corner = map.containerPointToLatLng([0, 0]);
        L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
        const view = map.getPixelBounds();
        const world = 256 * 2 ** this.zoom;
        this.view = { left: view.min.x, top: view.min.y, width: size.x, height: size.y, world };
        this.copies = [];
        const last = Math.floor((view.min.x + size.x) / world);
        for (let k = Math.floor(view.min.x / world); k <= last; k++) this.copies.push(k);
        const ctx = canvas.getContext("2d", { willReadFrequently: true });
        ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        ctx.clearRect(0, 0, size.x, size.y);
        this.hits = [];
        this.drawn = [];
        this.vessels = [];
        this.counts = null;
        this.rim = RIM[app.theme()];
        this.alpha = (table, i) => Rutter.paleness(app, table, i);
        const { show } = app;
        const points = show.events ? this.pointsInView() : 0;
        const many = points > Rutter.MANY_POINTS && app.display === "points";
        const lines = show.routes && !app.flows.by;
        this.linesStamped = lines && !this.vector && app.routes.size > (many ? SOME_LINES : MANY_LINES);
        if (many || this.linesStamped) this.stamp.begin(this.view, width, height, ratio, app.routes.size > MANY_LINES ? 1 : 2);
        if (this.linesStamped) this.stampRoutes();
        this.stamped = many && this.stampPoints();
        if (this.linesStamped) this.stamp.end(ctx, true);
        if (show.events && show.halos && !many && app.display === "points") this.drawHalos(ctx);
        if (lines) this.drawRoutes(ctx);
        else if (show.routes) app.flows.draw(ctx, this);
        if (this.stamped && !this.linesStamped && !this.vector) this.stamp.end(ctx, !this.drawn.length);
        if (show.events && !this.stamped) this.drawEvents(ctx, many);
        if (lines && show.moving) this.drawVessels(ctx);
        this.drawSelected(ctx);
        this.cost = performance.now() - began;
      },

      stampRoutes() {
        const { routes } = app;
        const colors = routes.mode.values.map((mode) => draw.pixel(app.style.mode(mode).color, 0));
        const pale = 255 * Math.max(0.4, Math.min(1, (2 * MANY_LINES) / routes.size));
        const dashes = routes.basis.values.map((basis) => app.style.dash(basis));
        for (let r = 0; r < routes.ends; r += 2) {
          for (let i = routes.runs[r]; i < routes.runs[r + 1]; i++) {
            const alpha = Math.round(pale * this.alpha(routes, i));
            this.stamp.line(routes, i, colors[routes.mode.codes[i]], alpha, dashes[routes.basis.codes[i]]);
          }
        }
      },
    }))();
  }

  Rutter.createLayer = createLayer;
})((window.Rutter = window.Rutter || {}));

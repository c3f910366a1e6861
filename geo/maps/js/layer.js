/* Layer: one canvas over the map. Draws the rows that are in the window, pass the filter and are in view, in every copy of
   the world that is in view, and knows what it drew where. */
(function (Rutter) {
  "use strict";

  const MANY = 1500; // from here points are stamped
  const RIM = { light: "#ffffff", dark: "#14191e" };

  function createLayer(app) {
    return new (L.Layer.extend({
      ...Rutter.points(app),
      ...Rutter.lines(app),

      onAdd(map) {
        const pane = map.getPane("rutter") || map.createPane("rutter");
        pane.style.zIndex = 450;
        pane.style.pointerEvents = "none";
        this.canvas = L.DomUtil.create("canvas", "rutter-canvas leaflet-zoom-animated", pane);
        this.canvas.setAttribute("aria-hidden", "true");
        this.hits = [];
        this.drawn = [];
        this.redraw();
      },

      onRemove() {
        cancelAnimationFrame(this.frame);
        this.canvas.remove();
      },

      getEvents() {
        const { later, redraw, follow } = this;
        return { move: later, moveend: redraw, viewreset: redraw, resize: redraw, zoomanim: follow };
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
        cancelAnimationFrame(this.frame);
        this.frame = 0;
        const map = this._map;
        if (!map || map._animatingZoom) return;
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
        this.zoom = map.getZoom();
        this.corner = map.containerPointToLatLng([0, 0]);
        L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
        const view = map.getPixelBounds();
        const world = 256 * 2 ** this.zoom;
        this.view = { left: view.min.x, top: view.min.y, width: size.x, height: size.y, world };
        this.copies = [];
        const last = Math.floor((view.min.x + size.x) / world);
        for (let k = Math.floor(view.min.x / world); k <= last; k++) this.copies.push(k);
        const ctx = canvas.getContext("2d");
        ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
        ctx.clearRect(0, 0, size.x, size.y);
        this.hits = [];
        this.drawn = [];
        this.vessels = [];
        this.rim = RIM[app.theme()];
        this.alpha = (table, i) => 0.4 + 0.6 * (table.share(i) === null ? 1 : table.share(i));
        const { show } = app;
        const points = show.events ? this.pointsInView() : 0;
        if (show.events && show.halos && points <= MANY) this.drawHalos(ctx);
        if (show.routes) this.drawRoutes(ctx);
        if (show.events) {
          if (points > MANY) this.stampPoints(ctx, ratio);
          else this.drawPoints(ctx);
        }
        if (show.routes && show.moving) this.drawVessels(ctx);
        this.drawSelected(ctx);
      },
    }))();
  }

  Object.assign(Rutter, { createLayer, MANY_POINTS: MANY });
})((window.Rutter = window.Rutter || {}));

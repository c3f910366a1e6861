/* Slide: while a map of very many points is dragged, what is drawn moves along and only the strips that come into view are
   drawn; a whole picture follows when the map rests. Methods of the layer. */
(function (Rutter) {
  "use strict";

  Rutter.slide = function (app) {
    return {
      slideSoon() {
        if (!this.sliding) this.sliding = requestAnimationFrame(() => this.slide());
      },

      slide() {
        this.sliding = 0;
        const { _map: map, canvas, ratio } = this;
        if (!map || map._animatingZoom || map.getZoom() !== this.zoom || !this.stamped) return;
        const { min } = map.getPixelBounds(); // a corner beyond the poles has no latitude
        const [x, y] = [this.view.left - min.x, this.view.top - min.y];
        const [dx, dy] = [Math.round(x * ratio), Math.round(y * ratio)];
        const { width, height } = canvas;
        if (!dx && !dy) return;
        if (Math.abs(dx) >= width || Math.abs(dy) >= height) {
          this.redraw();
          return;
        }
        const ctx = canvas.getContext("2d", { willReadFrequently: true });
        ctx.setTransform(1, 0, 0, 1, 0, 0);
        ctx.globalCompositeOperation = "copy";
        ctx.drawImage(canvas, dx, dy);
        ctx.globalCompositeOperation = "source-over";
        const by = [x - dx / ratio, y - dy / ratio]; // what is less than a pixel waits for the next time
        this.corner = map.containerPointToLatLng(by);
        L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint(by));
        this.view = { ...this.view, left: this.view.left - dx / ratio, top: this.view.top - dy / ratio };
        if (dx) this.strip(ctx, dx > 0 ? 0 : width + dx, 0, Math.abs(dx), height);
        if (dy) this.strip(ctx, 0, dy > 0 ? 0 : height + dy, width, Math.abs(dy));
      },

      /* Draws a part of the canvas, in its pixels; who is where in it is not kept. */
      strip(ctx, x, y, width, height) {
        const { view, stamp, drawn, vessels, ratio } = this;
        const { show, flows, routes } = app;
        const edge = (this.edge = this.edge || new Rutter.Stamp());
        this.view = { ...view, left: view.left + x / ratio, top: view.top + y / ratio, width: width / ratio, height: height / ratio };
        Object.assign(this, { stamp: edge, drawn: [], vessels: [] });
        edge.begin(this.view, width, height, ratio, stamp.thick / ratio);
        if (this.linesStamped) this.stampRoutes();
        edge.plot(app.events, false);
        edge.count = stamp.count; // discs as wide as they are elsewhere
        this.paintPoints();
        ctx.putImageData(edge.image, x - edge.margin, y - edge.margin, edge.margin, edge.margin, width, height);
        if (show.routes && !flows.by && routes.size) {
          ctx.save();
          ctx.setTransform(ratio, 0, 0, ratio, x, y);
          ctx.beginPath();
          ctx.rect(0, 0, this.view.width, this.view.height);
          ctx.clip();
          if (!this.linesStamped) this.drawRoutes(ctx);
          if (show.moving) this.drawVessels(ctx);
          ctx.restore();
        }
        Object.assign(this, { view, stamp, drawn, vessels });
      },
    };
  };
})((window.Rutter = window.Rutter || {}));

/* Names: the places of the events and routes in the window, written beside their marks. They are settled once for the whole
   world at a zoom and for a window, so nothing flickers while the map is dragged; names of the map itself that would
   stand under them, or under a mark, step aside. */
(function (Rutter) {
  "use strict";

  const { WORLD } = Rutter;
  const FONT = '600 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
  const HIGH_PX = 15;
  const AWAY_PX = [9, 19, 32];
  const TILE_PX = 256;
  const MOST_IN_TILE = 5;
  const MOST_COUNTED = 20000;
  const MOST_MARKS = 1500;
  const VESSEL_PX = 12;
  const PAUSE_MS = 250;

  const Names = L.Layer.extend({
    /* On the stage of a picture nothing is followed: it is settled and painted when the picture is drawn. */
    initialize(app, still = false) {
      this.app = app;
      this.still = still;
      this.placed = [];
      if (!still) for (const name of ["release", "filter", "display", "flows", "show"]) app.on(name, () => this.renew(true));
      app.on("window", () => this.soon());
      app.on("theme", () => this.draw());
    },

    onAdd(map) {
      const pane = map.getPane("rutter-names") || map.createPane("rutter-names");
      pane.style.zIndex = 460;
      pane.style.pointerEvents = "none";
      this.canvas = L.DomUtil.create("canvas", "rutter-names leaflet-zoom-animated", pane);
      this.canvas.setAttribute("aria-hidden", "true");
      map.rutterNames = this;
      if (!this.still) this.renew(true);
    },

    onRemove() {
      clearTimeout(this.waiting);
      this.canvas.remove();
      delete this._map.rutterNames;
    },

    getEvents() {
      return this.still ? {} : { move: () => this.later(), moveend: () => this.draw(), resize: () => this.draw(), zoomstart: () => (this.canvas.style.opacity = 0),
        zoomend: () => this.renew(true) };
    },

    later() {
      if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
    },

    /* While time runs: a few times a second, and the map's own names stay as they were. */
    soon() {
      if (this.waiting) return;
      this.waiting = setTimeout(() => this.renew(false), PAUSE_MS);
    },

    renew(all) {
      clearTimeout(this.waiting);
      this.waiting = 0;
      if (!this._map || !this._map._loaded) return;
      this.settleHere();
      this.draw();
      if (all && !this.app.player.playing) Rutter.labels.redraw();
    },

    settleHere() {
      this.zoom = this._map.getZoom();
      this.settle(256 * 2 ** this.zoom);
    },

    /* [text, x, y, rows in the window], those with most rows first. */
    candidates() {
      const { events, routes, picture, show } = this.app;
      const counts = new Map();
      const key = (x, y) => `${Math.round(x / 256)} ${Math.round(y / 256)}`;
      const add = (x, y) => counts.set(key(x, y), (counts.get(key(x, y)) || 0) + 1);
      const whole = events.size > MOST_COUNTED;
      if (!whole && show.events) for (const i of events.found.subarray(0, events.size)) add(events.x[i], events.y[i]);
      if (show.routes) {
        for (const i of routes.found.subarray(0, routes.size)) {
          const row = routes.tableRow(i);
          for (const end of [picture.routes.from[row], picture.routes.to[row]]) if (end >= 0) add(...picture.routes.ends[end].slice(1));
        }
      }
      return picture.names.map(([text, x, y, rows]) => [text, x, y, whole ? rows : counts.get(key(x, y)) || 0])
        .filter(([, , , rows]) => rows).sort((a, b) => b[3] - a[3]);
    },

    settle(size) {
      const { app } = this;
      this.taken = Rutter.labels.Taken(size);
      this.marks = this.takeMarks(size);
      this.takeVessels(size);
      this.placed = [];
      this.texts = new Map();
      if (!app.show.labels) return;
      const pen = this.canvas.getContext("2d");
      pen.font = FONT;
      const tiles = new Map();
      for (const [text, wx, wy] of this.candidates()) {
        const [x, y] = [(wx / WORLD) * size, (wy / WORLD) * size];
        const tile = `${Math.floor(x / TILE_PX)} ${Math.floor(y / TILE_PX)}`;
        if ((tiles.get(tile) || 0) >= MOST_IN_TILE) continue;
        const known = this.texts.get(text) || [];
        if (known.some(([px, py]) => Math.hypot(px - x, py - y) < 60)) continue;
        const wide = pen.measureText(text).width;
        const spots = AWAY_PX.flatMap((gap) => [[gap, -HIGH_PX / 2], [-gap - wide, -HIGH_PX / 2], [-wide / 2, -gap - HIGH_PX + 2], [-wide / 2, gap - 2]]);
        const spot = spots.find(([dx, dy]) => this.taken.free([x + dx - 2, y + dy, x + dx + wide + 2, y + dy + HIGH_PX]));
        if (!spot) continue;
        this.taken.add([x + spot[0] - 2, y + spot[1], x + spot[0] + wide + 2, y + spot[1] + HIGH_PX]);
        this.placed.push({ text, x: x + spot[0], y: y + spot[1], wide });
        this.texts.set(text, [...known, [x, y]]);
        tiles.set(tile, (tiles.get(tile) || 0) + 1);
      }
    },

    /* Room of the shipments on their way in view. */
    takeVessels(size) {
      const { view, vessels } = this.app.layer;
      if (!view || view.world !== size) return;
      for (const vessel of vessels) {
        const [x, y] = [(vessel.x + view.left + size * 4) % size, vessel.y + view.top];
        this.taken.add([x - VESSEL_PX, y - VESSEL_PX, x + VESSEL_PX, y + VESSEL_PX]);
      }
    },

    /* Room of the marks, as they stand side by side at this zoom, wherever they are in the world. */
    takeMarks(size) {
      const { events, show, display } = this.app;
      if (!show.events || events.size > MOST_MARKS || (display && display !== "points")) return 0;
      const rows = Array.from(events.found.subarray(0, events.size)).filter((i) => events.placed(i));
      const px = Float64Array.from(rows, (i) => (events.x[i] / WORLD) * size);
      const py = Float64Array.from(rows, (i) => (events.y[i] / WORLD) * size);
      const { MARK_PX, MOST_FANNED, groups, places } = Rutter.fan;
      for (const group of groups(px, py, rows.length, (k) => events.startMs(rows[k]))) {
        const many = group.members.length > MOST_FANNED;
        const r = many ? 13 + 3 * Math.log10(group.members.length) : MARK_PX;
        for (const [dx, dy] of many ? [[0, 0]] : places(group, px, py)) {
          const [x, y] = [group.x + dx, group.y + dy];
          this.taken.add([x - r, y - r, x + r, y + r]);
        }
      }
      return rows.length;
    },

    /* Whether a name of the map, as labels.js settled it, stands in the way of what is shown here. */
    blocks(item, zoom) {
      if (!this.taken || zoom !== this.zoom) return false;
      const [x, y] = [item.x + item.dx, item.y + item.dy];
      if ((this.texts.get(item.lines.join(" ")) || []).some(([px, py]) => Math.hypot(px - item.x, py - item.y) < 60)) return true;
      return !this.taken.free([x, y, x + item.width, y + item.boxHeight]);
    },

    draw() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      const map = this._map;
      if (!map || map._animatingZoom || map.getZoom() !== this.zoom) return;
      const { canvas } = this;
      const { x: width, y: height } = map.getSize();
      const ratio = window.devicePixelRatio || 1;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, opacity: 1 });
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.paint(ctx, width, height);
    },

    paint(ctx, width, height) {
      ctx.font = FONT;
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.lineWidth = 3.5;
      ctx.strokeStyle = this.app.theme() === "dark" ? "rgba(20, 25, 30, .92)" : "rgba(255, 255, 255, .94)";
      ctx.fillStyle = this.app.ink();
      const { min } = this._map.getPixelBounds();
      const size = 256 * 2 ** this.zoom;
      this.shown = 0;
      for (const { text, x, y, wide } of this.placed) {
        const top = y - min.y;
        if (top < -HIGH_PX || top > height) continue;
        for (let left = x - min.x + size * Math.ceil((min.x - x - wide) / size); left < width; left += size) {
          ctx.strokeText(text, left, top + HIGH_PX / 2);
          ctx.fillText(text, left, top + HIGH_PX / 2);
          this.shown++;
        }
      }
    },
  });

  /* Only with the offline map: an online one brings names of its own, and a plain folium map too. */
  Rutter.addNames = (app) => (Rutter.labels && Rutter.labels.Taken && app.map.rutterGround ? new Names(app).addTo(app.map) : null);
  Rutter.stillNames = (app, map) => new Names(app, true).addTo(map);
})((window.Rutter = window.Rutter || {}));

/* Names on the offline map: countries, seas and cities on one canvas below the data.
 *
 *   Rutter.labels(data)              an L.Layer; `data` is labels.json
 *   Rutter.labels.setVisible(shown)  show or hide the names on every map of the page
 *
 * Which names appear at a zoom is settled once for the whole world, so nothing flickers while the map is dragged.
 */
(function () {
  "use strict";
  const Rutter = (window.Rutter = window.Rutter || {});
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
  const CELL = 64; // px; the grid in which collisions are looked for
  const pen = document.createElement("canvas").getContext("2d");
  const layers = new Set();
  let visible = true;

  const mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);

  /** Lines of a name, broken near the middle where it is long. */
  function lines(text, limit) {
    if (text.length <= limit || !text.includes(" ")) return [text];
    const gaps = [...text].flatMap((char, i) => (char === " " ? [i] : []));
    const cut = gaps.reduce((best, i) => (Math.abs(i - text.length / 2) < Math.abs(best - text.length / 2) ? i : best));
    return [text.slice(0, cut), ...lines(text.slice(cut + 1), limit)];
  }

  /** How each kind of name is written at a zoom: font, letter spacing in px, line height in px, lines. */
  const STYLES = {
    country(label, zoom) {
      const size = Math.min(15, 10.5 + (zoom - label.zoom) * 1.1);
      return { font: `500 ${size}px ${FONT}`, space: size * 0.14, height: size * 1.25, lines: lines(label.text.toUpperCase(), 10) };
    },
    water(label, zoom) {
      const size = Math.min(15, 10.5 + (zoom - label.zoom) * 0.9);
      return { font: `italic 400 ${size}px ${FONT}`, space: size * 0.06, height: size * 1.25, lines: lines(label.text, 12) };
    },
    city(label, zoom) {
      const size = Math.min(13, (label.rank > 1 ? 11.5 : 10.5) + (zoom - label.zoom) * 0.4);
      return { font: `${label.rank > 1 ? 600 : 400} ${size}px ${FONT}`, space: 0, height: size * 1.2, lines: [label.text] };
    },
  };

  const STYLE_LAST_ZOOM = { country: 8, water: 11, city: 22 };

  function parse(data) {
    const read = (kind) => ([text, lon, lat, zoom, rank]) =>
      ({ kind, text, zoom, rank: rank || 0, x: (lon + 180) / 360, y: mercator(lat) });
    const all = [
      ...data.countries.map(read("country")), ...data.seas.map(read("water")), ...data.cities.map(read("city")),
    ];
    return all.map((label, order) => ({ label, order }))
      .sort((a, b) => a.label.zoom - b.label.zoom || a.order - b.order).map((item) => item.label);
  }

  function spacing(context, px) {
    if ("letterSpacing" in context) context.letterSpacing = px.toFixed(1) + "px";
  }

  /** Boxes already taken, in a grid that closes round the world. */
  function Taken(size) {
    const cells = new Map(), columns = Math.max(1, Math.round(size / CELL));
    const each = (box, visit) => {
      for (let cx = Math.floor(box[0] / CELL); cx <= Math.floor(box[2] / CELL); cx++) {
        for (let cy = Math.floor(box[1] / CELL); cy <= Math.floor(box[3] / CELL); cy++) {
          visit((((cx % columns) + columns) % columns) * 1e6 + cy);
        }
      }
    };
    const hits = (a, b) => [-size, 0, size].some((turn) =>
      a[0] + turn < b[2] && a[2] + turn > b[0] && a[1] < b[3] && a[3] > b[1]);
    return {
      free(box) {
        let clear = true;
        each(box, (key) => { if (clear && (cells.get(key) || []).some((other) => hits(box, other))) clear = false; });
        return clear;
      },
      add(box) {
        each(box, (key) => cells.has(key) ? cells.get(key).push(box) : cells.set(key, [box]));
      },
    };
  }

  /** Every name that has room at a zoom, the important ones first, with its place in px of the whole world. */
  function settle(labels, zoom) {
    const size = 256 * 2 ** zoom, taken = Taken(size), placed = [];
    for (const label of labels) {
      if (label.zoom > zoom || zoom > STYLE_LAST_ZOOM[label.kind]) continue;
      const style = STYLES[label.kind](label, zoom), x = label.x * size, y = label.y * size;
      pen.font = style.font;
      spacing(pen, style.space);
      const width = Math.max(...style.lines.map((line) => pen.measureText(line).width));
      const height = style.height * style.lines.length;
      const city = label.kind === "city", gap = 5;
      const spots = city
        ? [[gap, -height / 2], [-gap - width, -height / 2], [-width / 2, -height - 4], [-width / 2, 4]]
        : [[-width / 2, -height / 2]];
      const spot = spots.find(([dx, dy]) => taken.free([x + dx - 3, y + dy - 1, x + dx + width + 3, y + dy + height + 1]));
      const dot = [x - 4, y - 4, x + 4, y + 4];
      if (!spot || (city && !taken.free(dot))) continue;
      taken.add([x + spot[0] - 3, y + spot[1] - 1, x + spot[0] + width + 3, y + spot[1] + height + 1]);
      if (city) taken.add(dot);
      placed.push({ ...style, kind: label.kind, rank: label.rank, x, y, dx: spot[0], dy: spot[1], width, boxHeight: height });
    }
    return placed;
  }

  function draw(context, item, x, colour) {
    const y = item.top + item.y, city = item.kind === "city";
    context.font = item.font;
    spacing(context, item.space);
    context.textAlign = city ? "left" : "center";
    context.textBaseline = "middle";
    context.strokeStyle = item.kind === "water" ? colour.waterHalo : colour.halo;
    context.lineWidth = city ? 2.6 : 3;
    if (city) {
      context.beginPath();
      context.arc(x, y, item.rank > 1 ? 2.6 : 1.9, 0, 2 * Math.PI);
      context.stroke();
      context.fillStyle = colour.dot;
      context.fill();
    }
    context.fillStyle = colour[item.kind];
    item.lines.forEach((line, i) => {
      const textX = x + item.dx + (city ? 0 : (item.width + item.space) / 2);
      const textY = y + item.dy + (i + 0.5) * item.height;
      context.strokeText(line, textX, textY);
      context.fillText(line, textX, textY);
    });
  }

  const Labels = L.Renderer.extend({
    options: { pane: "rutter-labels", padding: 0.25 },

    initialize(data, options) {
      L.Renderer.prototype.initialize.call(this, options);
      this._labels = parse(data);
      this._settled = new Map();
      this._shown = true;
      this._redraw = () => this._map && this._update();
    },

    onAdd(map) {
      L.Renderer.prototype.onAdd.call(this, map);
      layers.add(this);
      this._apply();
      window.addEventListener("rutter:theme", this._redraw);
    },

    onRemove(map) {
      window.removeEventListener("rutter:theme", this._redraw);
      layers.delete(this);
      L.Renderer.prototype.onRemove.call(this, map);
    },

    /** Hide these names while an online map with names of its own is shown. */
    setShown(shown) {
      this._shown = shown;
      this._apply();
    },

    _apply() {
      if (this._container) this._container.style.display = visible && this._shown ? "" : "none";
    },

    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.className = "rutter-labels";
    },

    _destroyContainer() {
      this._container.remove();
      delete this._container;
    },

    _updatePaths() {},

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const zoom = Math.round(this._zoom), ratio = Rutter.ratio || window.devicePixelRatio || 1;
      const corner = this._bounds.min, extent = this._bounds.getSize(), canvas = this._container;
      L.DomUtil.setPosition(canvas, corner);
      canvas.width = Math.round(extent.x * ratio);
      canvas.height = Math.round(extent.y * ratio);
      canvas.style.width = extent.x + "px";
      canvas.style.height = extent.y + "px";
      if (!this._settled.has(zoom)) this._settled.set(zoom, settle(this._labels, zoom));
      const context = canvas.getContext("2d"), colour = Rutter.palette(), size = 256 * 2 ** zoom;
      const origin = this._map.getPixelOrigin().add(corner);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.lineJoin = "round";
      const names = this._map.rutterNames;
      for (const item of this._settled.get(zoom)) {
        item.top = -origin.y;
        if (item.y < origin.y - 60 || item.y > origin.y + extent.y + 60) continue;
        if (names && names.blocks(item, zoom)) continue;
        const left = item.x + Math.min(0, item.dx), right = item.x + Math.max(0, item.dx + item.width);
        for (let turn = Math.ceil((origin.x - right) / size); turn * size + left < origin.x + extent.x; turn++) {
          draw(context, item, item.x + turn * size - origin.x, colour);
        }
      }
    },
  });

  Rutter.labels = (data, options) => new Labels(data, options);
  Rutter.labels.Taken = Taken;
  Rutter.labels.redraw = () => layers.forEach((layer) => layer._redraw());
  Rutter.labels.setVisible = function (shown) {
    visible = Boolean(shown);
    layers.forEach((layer) => layer._apply());
  };
})();

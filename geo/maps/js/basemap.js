/* The offline basemap: land, coast and borders drawn on canvas tiles, in a light and a dark theme.
 *
 *   Rutter.basemap(data)      an L.GridLayer; `data` is the base64 text of basemap.bin.gz
 *   Rutter.setTheme(name)     "light", "dark" or "auto" (as the system is); redraws in place
 *   Rutter.theme()            "light" or "dark", as drawn now
 *   Rutter.palette()          the colours drawn now
 *   Rutter.unpack(base64)     promise of the Uint8Array inside a gzipped, base64 text
 *   "rutter:theme"            the event on `window` that follows a change of theme
 */
(function () {
  "use strict";
  const Rutter = (window.Rutter = window.Rutter || {});
  const { draw, mercator, partOf } = Rutter.ground;

  const PALETTES = {
    light: {
      sea: "#c9dbe5", shallow: "#d6e4eb", land: "#f5f1e8", coast: "#8ba3af", border: "#a3978a",
      band: "rgba(176, 152, 122, 0.16)", grid: "rgba(84, 120, 142, 0.13)",
      country: "#75695a", water: "#527f99", city: "#3f3a34", dot: "#5b544b",
      halo: "rgba(248, 245, 238, 0.9)", waterHalo: "rgba(214, 228, 235, 0.7)",
    },
    dark: {
      sea: "#121c24", shallow: "#17242e", land: "#292c2e", coast: "#4d5f6b", border: "#746b60",
      band: "rgba(190, 165, 130, 0.07)", grid: "rgba(150, 180, 200, 0.07)",
      country: "#9a9184", water: "#6189a1", city: "#c9c4ba", dot: "#a39c90",
      halo: "rgba(28, 31, 33, 0.9)", waterHalo: "rgba(17, 24, 30, 0.7)",
    },
  };

  // ---- theme -------------------------------------------------------------------------------------------------------

  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let wanted = "auto";

  Rutter.theme = () => (wanted !== "auto" ? wanted : system.matches ? "dark" : "light");
  Rutter.palette = () => PALETTES[Rutter.theme()];
  Rutter.setTheme = function (name) {
    if (!["light", "dark", "auto"].includes(name)) throw new RangeError("theme must be light, dark or auto: " + name);
    wanted = name;
    announce();
  };

  function announce() {
    const theme = Rutter.theme();
    document.documentElement.dataset.rutterTheme = theme;
    window.dispatchEvent(new CustomEvent("rutter:theme", { detail: { theme } }));
  }

  system.addEventListener("change", () => wanted === "auto" && announce());
  announce();

  // ---- data --------------------------------------------------------------------------------------------------------

  Rutter.unpack = async function (base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  /** Pieces of line in world units: x and y from 0 to 1 over the Mercator square, y growing southward. */
  function decode(bytes) {
    let at = bytes.indexOf(10) + 1;
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, at)));
    const next = () => {
      let value = 0;
      for (let shift = 0, byte = 128; byte > 127; shift += 7) {
        byte = bytes[at++];
        value |= (byte & 127) << shift;
      }
      return (value >>> 1) ^ -(value & 1);
    };
    const count = head.rings + head.lines;
    const starts = new Uint32Array(count + 1);
    for (let i = 0; i < count; i++) starts[i + 1] = starts[i] + next();
    const total = starts[count];
    const x = new Float32Array(total), y = new Float32Array(total);
    for (let i = 0, v = 0; i < total; i++) x[i] = ((v += next()) * head.scale[0] + head.translate[0] + 180) / 360;
    for (let i = 0, v = 0; i < total; i++) {
      y[i] = mercator(Math.max(-88, (v += next()) * head.scale[1] + head.translate[1]));
    }
    return { x, y, starts, boxes: boxes(x, y, starts), rings: head.rings };
  }

  function boxes(x, y, starts) {
    const out = new Float32Array((starts.length - 1) * 4);
    const least = (list) => list.reduce((a, b) => Math.min(a, b)), most = (list) => list.reduce((a, b) => Math.max(a, b));
    for (let i = 0; i + 1 < starts.length; i++) {
      const xs = x.subarray(starts[i], starts[i + 1]), ys = y.subarray(starts[i], starts[i + 1]);
      out.set([least(xs), least(ys), most(xs), most(ys)], i * 4);
    }
    return out;
  }

  /** The same pieces without points closer than `gap` to the one before, and without rings smaller than `gap`. */
  function thin(full, gap) {
    const x = new Float32Array(full.x.length), y = new Float32Array(full.y.length);
    const starts = [0], kept = [];
    let n = 0, rings = 0;
    for (let i = 0; i + 1 < full.starts.length; i++) {
      const ring = i < full.rings, from = n, first = full.starts[i], last = full.starts[i + 1] - 1;
      const [w, north, e, s] = full.boxes.subarray(i * 4, i * 4 + 4);
      if (ring && e - w < gap && s - north < gap) continue;
      for (let j = first; j <= last; j++) {
        const px = full.x[j], py = full.y[j], edge = px === 0 || px === 1;
        if (j === first || j === last || edge || Math.abs(px - x[n - 1]) + Math.abs(py - y[n - 1]) > gap) {
          x[n] = px;
          y[n++] = py;
        }
      }
      if (ring) rings++;
      if (ring && n - from < 4) { // too small for its shape: its box stands for it
        n = from;
        for (const [px, py] of [[w, s], [e, s], [e, north], [w, north], [w, s]]) { x[n] = px; y[n++] = py; }
      }
      kept.push(i);
      starts.push(n);
    }
    const box = new Float32Array(kept.length * 4);
    kept.forEach((i, k) => box.set(full.boxes.subarray(i * 4, i * 4 + 4), k * 4));
    return { x: x.slice(0, n), y: y.slice(0, n), starts: Uint32Array.from(starts), boxes: box, rings };
  }

  function drawTile(canvas, { x, y, z }, data) {
    const context = canvas.getContext("2d", { alpha: false }), ratio = canvas.width / 256, n = 2 ** z;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, partOf((((x % n) + n) % n) / n, y / n, 256, 256, z), data);
  }

  const Basemap = L.GridLayer.extend({
    options: { minZoom: 0, maxZoom: 18, keepBuffer: 3, className: "rutter-basemap", updateWhenZooming: false },

    initialize(data, options) {
      L.GridLayer.prototype.initialize.call(this, options);
      this._drawn = new Map();
      this._details = new Map();
      this._repaint = () => this._drawn.forEach((coords, canvas) => drawTile(canvas, coords, this._detail(coords.z)));
      this.on("tileunload", (event) => this._drawn.delete(event.tile));
      this.ready = Rutter.unpack(data).then((bytes) => {
        this._full = decode(bytes);
        this._repaint();
        this.fire("ready");
      });
    },

    onAdd(map) {
      window.addEventListener("rutter:theme", this._repaint);
      L.GridLayer.prototype.onAdd.call(this, map);
    },

    onRemove(map) {
      window.removeEventListener("rutter:theme", this._repaint);
      L.GridLayer.prototype.onRemove.call(this, map);
    },

    createTile(coords) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = Math.round(256 * (Rutter.ratio || window.devicePixelRatio || 1));
      drawTile(canvas, coords, this._detail(coords.z));
      this._drawn.set(canvas, coords);
      return canvas;
    },

    /** Draw what a view shows of the world, in all its copies; for pictures. `left` and `top` in px of the world. */
    paint(context, { left, top, width, height, zoom }) {
      const world = 256 * 2 ** zoom;
      for (let copy = Math.floor(left / world); copy * world < left + width; copy++) {
        const from = Math.max(left, copy * world), to = Math.min(left + width, (copy + 1) * world);
        context.save();
        context.translate(from - left, 0);
        context.beginPath();
        context.rect(0, 0, to - from, height);
        context.clip();
        draw(context, partOf(from / world - copy, top / world, to - from, height, zoom), this._detail(zoom));
        context.restore();
      }
    },

    _detail(zoom) {
      if (!this._full || zoom > 9) return this._full;
      const gap = 0.7 / (256 * 2 ** zoom * (Rutter.ratio || window.devicePixelRatio || 1)); // of a pixel, in world units
      if (!this._details.has(zoom)) this._details.set(zoom, thin(this._full, gap));
      return this._details.get(zoom);
    },
  });

  Rutter.basemap = (data, options) => new Basemap(data, options);
})();

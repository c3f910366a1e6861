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

  const ROUND_FROM_ZOOM = 8; // from here on the source's corners show
  const CUT = 16; // beside the four sides of a tile: the point is where the world is cut
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

  const mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);

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

  // ---- drawing -----------------------------------------------------------------------------------------------------

  /** On which sides of the tile point j lies; where corners are rounded, only sides its neighbours share count. */
  function outside(data, i, j, tile) {
    const at = (k) => {
      const x = data.x[k], y = data.y[k];
      return (x < tile.w ? 1 : x > tile.e ? 2 : 0) | (y < tile.n ? 4 : y > tile.s ? 8 : 0);
    };
    const code = at(j);
    if (!code || !tile.round) return code;
    return code & at(Math.max(j - 1, data.starts[i])) & at(Math.min(j + 1, data.starts[i + 1] - 1));
  }

  /** Lead the path on from (x0, y0) towards (x1, y1), round the corner there; `stop` goes all the way. */
  function lead(path, x0, y0, x1, y1, round, stop) {
    if (round) path.quadraticCurveTo(x0, y0, (x0 + x1) / 2, (y0 + y1) / 2);
    if (!round || stop) path.lineTo(x1, y1);
  }

  /** Add one ring to the paths. Points on one and the same side of the tile are passed over: nothing of them shows. */
  function traceRing(data, i, tile, fill, coast) {
    const { x, y, starts } = data, paths = coast === fill ? [fill] : [fill, coast];
    let run = 0, held = -1, last = -1, lastX = 0, lastY = 0;
    const emit = (j) => {
      const px = (x[j] - tile.x) * tile.k, py = (y[j] - tile.y) * tile.k;
      const cut = paths.length > 1 && (x[j] === 0 || x[j] === 1); // where the world is cut is no coast
      for (const path of paths) {
        if (last < 0 || (cut && path === coast && run & CUT)) path.moveTo(px, py);
        else if (j === last + 1) lead(path, lastX, lastY, px, py, tile.round, cut);
        else { // points were passed over: straight on
          path.lineTo(lastX, lastY);
          path.lineTo(px, py);
        }
      }
      last = j;
      lastX = px;
      lastY = py;
      run = outside(data, i, j, tile) | (cut ? CUT : 0);
    };
    for (let j = starts[i], end = starts[i + 1]; j < end; j++) {
      const code = outside(data, i, j, tile);
      if (held >= 0 && !(run & code && j < end - 1)) {
        emit(held);
        held = -1;
      }
      if (run & code && j > starts[i] && j < end - 1) {
        run &= code;
        held = j;
      } else emit(j);
    }
    fill.closePath();
  }

  /** Stroke the visible stretches of one border; the dashes keep their phase from tile to tile. */
  function strokeLine(context, data, i, tile) {
    const { x, y, starts } = data, first = starts[i], end = starts[i + 1];
    let length = 0, open = false, last = outside(data, i, first, tile);
    for (let j = first + 1; j < end; j++) {
      const x0 = (x[j - 1] - tile.x) * tile.k, y0 = (y[j - 1] - tile.y) * tile.k;
      const x1 = (x[j] - tile.x) * tile.k, y1 = (y[j] - tile.y) * tile.k;
      const code = outside(data, i, j, tile), seen = !(last & code);
      if (seen && !open) {
        context.beginPath();
        context.lineDashOffset = length % 1000;
        context.moveTo(x0, y0);
      }
      if (seen) lead(context, x0, y0, x1, y1, tile.round, j === end - 1);
      if (open && !seen) context.stroke();
      open = seen;
      length += Math.hypot(x1 - x0, y1 - y0);
      last = code;
    }
    if (open) context.stroke();
  }

  function graticule(context, tile, zoom, colour) {
    const step = zoom < 3 ? 30 : zoom < 5 ? 10 : zoom < 7 ? 5 : zoom < 9 ? 1 : 0;
    if (!step) return;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    for (let lon = -180; lon <= 180; lon += step) {
      const px = Math.round(((lon + 180) / 360 - tile.x) * tile.k) + 0.5;
      if (px > -1 && px < 257) { context.moveTo(px, 0); context.lineTo(px, 256); }
    }
    for (let lat = -90 + step; lat < 90; lat += step) {
      const py = Math.round((mercator(lat) - tile.y) * tile.k) + 0.5;
      if (py > -1 && py < 257) { context.moveTo(0, py); context.lineTo(256, py); }
    }
    context.stroke();
  }

  function drawTile(canvas, coords, data) {
    const colour = Rutter.palette(), zoom = coords.z, n = 2 ** zoom, column = ((coords.x % n) + n) % n;
    const pad = 8 / 256 / n; // wider than any stroke
    const tile = { x: column / n, y: coords.y / n, k: 256 * n, round: zoom >= ROUND_FROM_ZOOM };
    Object.assign(tile, { w: tile.x - pad, n: tile.y - pad, e: tile.x + 1 / n + pad, s: tile.y + 1 / n + pad });
    const context = canvas.getContext("2d", { alpha: false }), ratio = canvas.width / 256;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = colour.sea;
    context.fillRect(0, 0, 256, 256);
    if (!data) return;
    const touches = (i) => data.boxes[i * 4] <= tile.e && data.boxes[i * 4 + 2] >= tile.w &&
      data.boxes[i * 4 + 1] <= tile.s && data.boxes[i * 4 + 3] >= tile.n;

    const fill = new Path2D(), coast = column === 0 || column === n - 1 ? new Path2D() : fill;
    for (let i = 0; i < data.rings; i++) if (touches(i)) traceRing(data, i, tile, fill, coast);
    context.lineJoin = "round";
    context.strokeStyle = colour.shallow;
    context.lineWidth = Math.min(12, 2 + zoom);
    context.stroke(coast);
    graticule(context, tile, zoom, colour.grid);
    context.fillStyle = colour.land;
    context.fill(fill);

    for (const [style, width, dash] of zoom < 4 ? [[colour.border, 0.5, []]]
      : [[colour.band, 3.5, []], [colour.border, zoom < 6 ? 0.7 : 0.9, [4, 2.5]]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.setLineDash(dash);
      for (let i = data.rings; i + 1 < data.starts.length; i++) if (touches(i)) strokeLine(context, data, i, tile);
    }
    context.setLineDash([]);
    context.strokeStyle = colour.coast;
    context.lineWidth = zoom < 4 ? 0.6 : 0.9;
    context.stroke(coast);
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
      canvas.width = canvas.height = Math.round(256 * (window.devicePixelRatio || 1));
      drawTile(canvas, coords, this._detail(coords.z));
      this._drawn.set(canvas, coords);
      return canvas;
    },

    _detail(zoom) {
      if (!this._full || zoom > 9) return this._full;
      const gap = 0.7 / (256 * 2 ** zoom * (window.devicePixelRatio || 1)); // of a pixel, in world units
      if (!this._details.has(zoom)) this._details.set(zoom, thin(this._full, gap));
      return this._details.get(zoom);
    },
  });

  Rutter.basemap = (data, options) => new Basemap(data, options);
})();

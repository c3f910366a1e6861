/* Ground: draws land, coast, borders and the grid of one part of the world on a 2D canvas, or on what records like one.
 *
 *   Rutter.ground.partOf(x, y, width, height, zoom)   a part: its corner in world units, its size in px
 *   Rutter.ground.draw(context, part, data)           draws it from the context's origin on; without data only sea
 */
(function () {
  "use strict";
  const Rutter = (window.Rutter = window.Rutter || {});
  const ROUND_FROM_ZOOM = 8; // from here on the source's corners show
  const CUT = 16; // beside the four sides of a part: the point is where the world is cut

  const mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);

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

  function graticule(context, part, colour) {
    const { zoom, width, height } = part;
    const step = zoom < 3 ? 30 : zoom < 5 ? 10 : zoom < 7 ? 5 : zoom < 9 ? 1 : 0;
    if (!step) return;
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.beginPath();
    for (let lon = -180; lon <= 180; lon += step) {
      const px = Math.round(((lon + 180) / 360 - part.x) * part.k) + 0.5;
      if (px > -1 && px < width + 1) { context.moveTo(px, 0); context.lineTo(px, height); }
    }
    for (let lat = -90 + step; lat < 90; lat += step) {
      const py = Math.round((mercator(lat) - part.y) * part.k) + 0.5;
      if (py > -1 && py < height + 1) { context.moveTo(0, py); context.lineTo(width, py); }
    }
    context.stroke();
  }

  /** A part of one copy of the world: its corner in world units, its size in px, and what is just beyond its sides. */
  function partOf(x, y, width, height, zoom) {
    const k = 256 * 2 ** zoom, pad = 8 / k; // wider than any stroke
    return { x, y, k, width, height, zoom, round: zoom >= ROUND_FROM_ZOOM,
      w: x - pad, n: y - pad, e: x + width / k + pad, s: y + height / k + pad };
  }

  function draw(context, part, data) {
    const colour = Rutter.palette(), Path = context.Path || Path2D, { zoom } = part;
    context.fillStyle = colour.sea;
    context.fillRect(0, 0, part.width, part.height);
    if (!data) return;
    const touches = (i) => data.boxes[i * 4] <= part.e && data.boxes[i * 4 + 2] >= part.w &&
      data.boxes[i * 4 + 1] <= part.s && data.boxes[i * 4 + 3] >= part.n;

    const fill = new Path(), coast = part.w < 0 || part.e > 1 ? new Path() : fill;
    for (let i = 0; i < data.rings; i++) if (touches(i)) traceRing(data, i, part, fill, coast);
    context.lineJoin = "round";
    context.strokeStyle = colour.shallow;
    context.lineWidth = Math.min(12, 2 + zoom);
    context.stroke(coast);
    graticule(context, part, colour.grid);
    context.fillStyle = colour.land;
    context.fill(fill);

    for (const [style, width, dash] of zoom < 4 ? [[colour.border, 0.5, []]]
      : [[colour.band, 3.5, []], [colour.border, zoom < 6 ? 0.7 : 0.9, [4, 2.5]]]) {
      context.strokeStyle = style;
      context.lineWidth = width;
      context.setLineDash(dash);
      for (let i = data.rings; i + 1 < data.starts.length; i++) if (touches(i)) strokeLine(context, data, i, part);
    }
    context.setLineDash([]);
    context.strokeStyle = colour.coast;
    context.lineWidth = zoom < 4 ? 0.6 : 0.9;
    context.stroke(coast);
  }

  Rutter.ground = { draw, mercator, partOf };
})();

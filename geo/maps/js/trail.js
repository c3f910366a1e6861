/* Trail: the way a shipment came in the last part of its journey, fading behind it. Hundreds cost a few strokes: the
   pieces of one colour and one paleness are one path. */
(function (Rutter) {
  "use strict";

  const LAST_PART = 1 / 5; // of the whole way
  const MOST_PX = 130;
  const PIECES = 8;
  const HEAD_PX = 7;

  /* Points from `share` back along the path, piece by piece, as [x, y, x, y ...] in world units. */
  function pieces(routes, i, share, world) {
    const path = routes.path(i);
    const whole = path.along[path.along.length - 1];
    const [hx, hy] = routes.pointAt(i, share);
    let from = Math.max(0, share - LAST_PART);
    for (let turn = 0; turn < 4; turn++) { // an arc on the ground is longer on the screen near the poles
      const [x, y] = routes.pointAt(i, from);
      const long = Math.hypot(x - hx, y - hy) * world;
      if (long <= MOST_PX) break;
      from = share - (share - from) * (MOST_PX / long);
    }
    const list = [];
    for (let k = 0; k < PIECES; k++) {
      const [a, b] = [k, k + 1].map((n) => from + ((share - from) * n) / PIECES);
      const line = [...routes.pointAt(i, a).slice(0, 2)];
      let n = Rutter.lowerBound(path.along, a * whole, 0, path.along.length);
      let cut = false;
      for (; n < path.along.length && path.along[n] < b * whole; n++) {
        if (path.breaks && path.breaks.has(n)) cut = true;
        line.push(path.x[n], path.y[n]);
      }
      line.push(...routes.pointAt(i, b).slice(0, 2));
      list.push(cut ? [] : line);
    }
    return list;
  }

  /* Draws the trails of `moving`, [{i, share, copy, color}]. */
  Rutter.trails = function (ctx, routes, moving, { world, left, top }, colorOf) {
    const paths = new Map();
    for (const { i, share, copies } of moving) {
      if (!(share > 0)) continue;
      const color = colorOf(i);
      pieces(routes, i, share, world).forEach((line, k) => {
        const key = `${k} ${color}`;
        const path = paths.get(key) || { k, color, lines: new Path2D() };
        paths.set(key, path);
        for (const copy of copies) {
          for (let n = 0; n < line.length; n += 2) {
            const x = (line[n] + copy) * world - left;
            const y = line[n + 1] * world - top;
            if (n) path.lines.lineTo(x, y);
            else path.lines.moveTo(x, y);
          }
        }
      });
    }
    ctx.lineCap = "butt";
    ctx.lineJoin = "round";
    for (const { k, color, lines } of paths.values()) {
      const near = (k + 1) / PIECES;
      ctx.globalAlpha = 0.75 * near ** 1.5;
      ctx.lineWidth = 2 + (HEAD_PX - 2) * near;
      ctx.strokeStyle = color;
      ctx.stroke(lines);
    }
    ctx.globalAlpha = 1;
  };
})((window.Rutter = window.Rutter || {}));

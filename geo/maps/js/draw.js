/* Draw: marks, halos, lines, arrowheads and moving shipments on a 2D canvas, in CSS pixels. */
(function (Rutter) {
  "use strict";

  const TAU = 2 * Math.PI;
  const EARTH_RADIUS_KM = 6371.0088; // IUGG mean radius
  const LARGE_KM = 250; // from here a circle on the ground is no circle on the map
  const SOFT_PX = 90;

  /* Traces the outline of a mark. */
  function outline(ctx, points, x, y, r) {
    ctx.beginPath();
    if (!points.length) ctx.arc(x, y, r, 0, TAU);
    else {
      points.forEach(([px, py], k) => (k ? ctx.lineTo(x + r * px, y + r * py) : ctx.moveTo(x + r * px, y + r * py)));
      ctx.closePath();
    }
  }

  /* A mark: filled; hollow for a candidate, which nobody has reviewed yet. */
  function mark(ctx, look, x, y, r, { hollow, rim }) {
    outline(ctx, look.points, x, y, r);
    ctx.lineJoin = "round";
    if (hollow) {
      ctx.fillStyle = rim;
      ctx.fill();
      ctx.lineWidth = 2;
      ctx.strokeStyle = look.color;
      ctx.stroke();
      return;
    }
    ctx.lineWidth = 2.5;
    ctx.strokeStyle = rim;
    ctx.stroke();
    ctx.fillStyle = look.color;
    ctx.fill();
  }

  /* Outline of what lies within a distance, as points in world units around (x, y). */
  function groundCircle(x, y, km) {
    const lat = Rutter.latitude(y);
    const arc = Math.min(km / EARTH_RADIUS_KM, 1.4);
    const ring = [];
    for (let k = 0; k < 72; k++) {
      const bearing = (k / 72) * TAU;
      const sine = Math.sin(lat) * Math.cos(arc) + Math.cos(lat) * Math.sin(arc) * Math.cos(bearing);
      const to = Math.max(-1.4844, Math.min(1.4844, Math.asin(sine)));
      const turn = Math.atan2(Math.sin(bearing) * Math.sin(arc) * Math.cos(lat), Math.cos(arc) - Math.sin(lat) * sine);
      ring.push([x + turn / TAU, 0.5 - Math.log(Math.tan(Math.PI / 4 + to / 2)) / TAU]);
    }
    return ring;
  }

  /* Radius in pixels of a small circle on the ground. */
  function radiusPx(km, y, world) {
    return (km / (TAU * EARTH_RADIUS_KM)) * Math.cosh(Math.PI * (1 - 2 * y)) * world;
  }

  /* A halo true to scale; a large one is a faint wide ring that does not drown the map. */
  function halo(ctx, color, { x, y, km, world, left, top, least }) {
    const r = radiusPx(km, y, world);
    ctx.beginPath();
    if (km > LARGE_KM) {
      groundCircle(x, y, km).forEach(([px, py], k) => {
        if (k) ctx.lineTo(px * world - left, py * world - top);
        else ctx.moveTo(px * world - left, py * world - top);
      });
      ctx.closePath();
    } else ctx.arc(x * world - left, y * world - top, Math.max(r, least), 0, TAU);
    const soft = r > SOFT_PX || km > LARGE_KM;
    const alpha = ctx.globalAlpha;
    ctx.fillStyle = color;
    ctx.globalAlpha = alpha * (soft ? 0.05 : 0.16);
    ctx.fill();
    if (r < least * 0.7) {
      ctx.globalAlpha = alpha;
      return;
    }
    ctx.globalAlpha = alpha * (soft ? 0.35 : 0.5);
    ctx.strokeStyle = color;
    ctx.lineWidth = 1;
    if (soft) ctx.setLineDash([2, 4]);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = alpha;
  }

  /* Traces a path, leaving out points closer together than can be seen. */
  function trace(ctx, path, world, left, top) {
    const { x, y, breaks } = path;
    let px = x[0] * world - left;
    let py = y[0] * world - top;
    ctx.beginPath();
    ctx.moveTo(px, py);
    for (let k = 1; k < x.length; k++) {
      const qx = x[k] * world - left;
      const qy = y[k] * world - top;
      if (breaks && breaks.has(k)) ctx.moveTo(qx, qy);
      else if (k === x.length - 1 || Math.abs(qx - px) + Math.abs(qy - py) > 0.8) ctx.lineTo(qx, qy);
      else continue;
      px = qx;
      py = qy;
    }
  }

  function arrow(ctx, x, y, heading, size) {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(heading);
    ctx.beginPath();
    ctx.moveTo(size, 0);
    ctx.lineTo(-size * 0.8, size * 0.75);
    ctx.lineTo(-size * 0.4, 0);
    ctx.lineTo(-size * 0.8, -size * 0.75);
    ctx.closePath();
    ctx.lineWidth = 2.5;
    ctx.stroke();
    ctx.fill();
    ctx.restore();
  }

  const GLYPHS = {
    sea: "M3 13h18l-3 6H6zM11.2 3h1.6v8.5h-1.6zM13.5 4.5 18 11.5h-4.5zM10.5 6v5.5H6.5z",
    rail: "M7 4h10a2 2 0 0 1 2 2v8a2.5 2.5 0 0 1-2.5 2.5L18 19v1h-2.2l-1.5-2.5H9.7L8.2 20H6v-1l1.5-2.5A2.5 2.5 0 0 1 5 14V6a2 2 0 0 1 2-2zM7.2 6.5v4h9.6v-4z",
    road: "M2 6h12v9H2zM15 9h4l3 3.5V15h-7zM4.2 16h3.6v2.6H4.2zM16 16h3.6v2.6H16z",
    air: "M12 2c.9 0 1.5.9 1.5 2v5.2L21 14v2l-7.5-2.3v4.2L16 19.6V21l-4-1-4 1v-1.4l2.5-1.7v-4.2L3 16v-2l7.5-4.8V4c0-1.1.6-2 1.5-2z",
  };
  const glyphs = {};

  /* A path that still knows its text, for drawings that are recorded as SVG. */
  class Path extends Path2D {
    constructor(text) {
      super(text);
      this.text = text;
    }
  }

  /* A shipment on its way: its mode's sign on a disc, paler where its dates are only roughly known. */
  function vessel(ctx, mode, color, rim, x, y, heading, rough) {
    ctx.save();
    ctx.translate(x, y);
    if (rough) ctx.globalAlpha *= 0.75;
    ctx.save();
    ctx.rotate(heading);
    ctx.beginPath();
    ctx.moveTo(18, 0);
    ctx.lineTo(9, 7);
    ctx.lineTo(9, -7);
    ctx.closePath();
    ctx.fillStyle = color;
    ctx.strokeStyle = rim;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.fill();
    ctx.restore();
    ctx.beginPath();
    ctx.arc(0, 0, 11, 0, TAU);
    ctx.fillStyle = rough ? rim : color;
    ctx.fill();
    ctx.strokeStyle = rough ? color : rim;
    ctx.lineWidth = 2;
    ctx.stroke();
    if (GLYPHS[mode]) {
      glyphs[mode] = glyphs[mode] || new Path(GLYPHS[mode]);
      ctx.scale(0.62, 0.62);
      ctx.translate(-12, -12);
      ctx.fillStyle = rough ? color : rim;
      ctx.fill(glyphs[mode], "evenodd");
    }
    ctx.restore();
  }

  /* A stack of more marks than fit side by side: a ring with a share for each colour, and how many. */
  function stack(ctx, shares, total, x, y, ground, ink) {
    const r = 11 + 3 * Math.log10(total);
    ctx.beginPath();
    ctx.arc(x, y, r + 1.5, 0, TAU);
    ctx.fillStyle = ground;
    ctx.fill();
    let from = -Math.PI / 2;
    for (const [color, count] of shares) {
      const to = from + (count / total) * TAU;
      ctx.beginPath();
      ctx.arc(x, y, r - 2, from, to);
      ctx.strokeStyle = color;
      ctx.lineWidth = 4.5;
      ctx.stroke();
      from = to;
    }
    ctx.fillStyle = ink;
    ctx.font = "600 11px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(total > 999 ? `${Math.round(total / 100) / 10}k` : String(total), x, y + 0.5);
    ctx.textAlign = "start";
    return r;
  }

  /* "#rrggbb" as one little-endian pixel. */
  function pixel(color, alpha) {
    const n = parseInt(color.slice(1), 16);
    return ((alpha << 24) | ((n & 255) << 16) | (n & 0xff00) | (n >> 16)) >>> 0;
  }

  Rutter.draw = { arrow, halo, mark, outline, pixel, radiusPx, stack, trace, vessel };
})((window.Rutter = window.Rutter || {}));

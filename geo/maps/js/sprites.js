/* Sprites: a mark is drawn once for each look; from then on its pixels are laid over those of the marks before it, and all
   of them come onto the map as one picture. Outlines are what a picture of a thousand marks would spend its time on. */
(function (Rutter) {
  "use strict";

  const MOST_KEPT = 300;
  const kept = new Map();

  /* The pixels of a mark that are not empty, the solid ones first: places from its middle, and colours. */
  function sprite(look, r, { hollow, rim }, ratio) {
    const key = `${look.color} ${look.points} ${r} ${hollow} ${rim} ${ratio}`;
    if (kept.has(key)) return kept.get(key);
    if (kept.size === MOST_KEPT) kept.clear();
    const half = Math.ceil((1.4 * r + 2) * ratio);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 2 * half;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.setTransform(ratio, 0, 0, ratio, half, half);
    Rutter.draw.mark(pen, look, 0, 0, r, { hollow, rim });
    const all = new Uint32Array(pen.getImageData(0, 0, 2 * half, 2 * half).data.buffer);
    const solid = (at) => all[at] >>> 24 === 255;
    const seen = [...all.keys()].filter((at) => all[at]).sort((a, b) => solid(b) - solid(a));
    const of = (type, value) => type.from(seen, value);
    const made = { half, solid: seen.filter(solid).length, colors: of(Uint32Array, (at) => all[at]),
      dx: of(Int16Array, (at) => (at % (2 * half)) - half), dy: of(Int16Array, (at) => Math.floor(at / (2 * half)) - half) };
    kept.set(key, made);
    return made;
  }

  /* One colour over another, neither multiplied with its alpha. */
  function over(color, alpha, under) {
    const left = ((under >>> 24) * (255 - alpha)) / 255;
    const sum = alpha + left;
    const mix = (shift) => ((((color >>> shift) & 255) * alpha + ((under >>> shift) & 255) * left) / sum + 0.5) << shift;
    return ((Math.round(sum) << 24) | (mix(16) & 0xff0000) | (mix(8) & 0xff00) | (mix(0) & 255)) >>> 0;
  }

  function lay({ pixels, wide, high }, made, x, y, share) {
    const { half, dx, dy, colors } = made;
    const inside = x >= half && y >= half && x < wide - half && y < high - half;
    const middle = y * wide + x;
    if (made.wide !== wide) Object.assign(made, { wide, offsets: Int32Array.from(dx, (_, n) => dy[n] * wide + dx[n]) });
    const { offsets } = made;
    const solid = inside && share === 1 ? made.solid : 0;
    for (let n = 0; n < solid; n++) pixels[middle + offsets[n]] = colors[n];
    for (let n = solid; n < colors.length; n++) {
      if (!inside && (x + dx[n] < 0 || x + dx[n] >= wide || y + dy[n] < 0 || y + dy[n] >= high)) continue;
      const at = middle + offsets[n];
      const alpha = Math.round((colors[n] >>> 24) * share);
      const under = pixels[at];
      const color = colors[n] & 0xffffff;
      pixels[at] = alpha === 255 || under < 0x1000000 ? ((alpha << 24) | color) >>> 0 : over(color, alpha, under);
    }
  }

  /* Draws marks [{code, hollow, x, y, alpha}] of radius `r`, in the looks that their codes stand for, each with its middle
     on the nearest pixel; as outlines where they are recorded. */
  Rutter.drawMarks = function (ctx, marks, looks, { stamp, r, rim, ratio }) {
    if (!(ctx instanceof CanvasRenderingContext2D)) {
      for (const { code, hollow, x, y, alpha } of marks) {
        ctx.globalAlpha = alpha;
        Rutter.draw.mark(ctx, looks[code], x, y, r, { hollow, rim });
      }
      ctx.globalAlpha = 1;
      return;
    }
    if (!marks.length) return;
    const made = [[], []];
    stamp.blank(ctx.canvas.width, ctx.canvas.height, ratio);
    for (const { code, hollow, x, y, alpha } of marks) {
      const of = made[hollow ? 1 : 0];
      of[code] = of[code] || sprite(looks[code], r, { hollow, rim }, ratio);
      lay(stamp, of[code], Math.round(x * ratio) + stamp.margin, Math.round(y * ratio) + stamp.margin, alpha);
    }
    stamp.end(ctx, false);
  };
})((window.Rutter = window.Rutter || {}));

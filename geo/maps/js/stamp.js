/* Stamp: many points and lines at once, written straight into pixels, and which row is under which pixel.

   Every pixel keeps the row drawn last with its middle there, and every row the one before it in the same pixel, so that a
   click finds them all. World units are 32-bit integers, so what lies beyond 180 degrees comes round by itself; a world
   smaller than the view is counted once and painted as often as it repeats. */
(function (Rutter) {
  "use strict";

  const { NOWHERE, WORLD } = Rutter;
  const STEPS = Rutter.ALPHAS.length;
  const LINE = 0x80000000; // from here a pixel holds a route
  const DISC_PX = 2.6;
  const SMALLER = [[200_000, 1.2], [40_000, 1.8]]; // of more points than this the discs are so wide
  const MOST_FOUND = 200;

  class Stamp {
    /* Empty pixels for a canvas of this size, with a margin around. */
    blank(width, height, ratio) {
      const margin = 2 * Math.ceil(DISC_PX * ratio) + 2;
      const wide = width + 2 * margin;
      const high = height + 2 * margin;
      if (this.wide !== wide || this.high !== high) {
        this.image = new ImageData(wide, high);
        this.pixels = new Uint32Array(this.image.data.buffer);
        this.ids = new Uint32Array(wide * high);
      } else this.pixels.fill(0);
      Object.assign(this, { margin, wide, high });
    }

    /* `view` is the part of the world in view in CSS pixels; width and height are those of the canvas. */
    begin({ left, top, world }, width, height, ratio, thick = 1) {
      this.blank(width, height, ratio);
      this.ids.fill(0);
      const { margin } = this;
      const period = world * ratio;
      const turn = (left * ratio - margin) / period;
      const origin = (turn - Math.floor(turn)) * WORLD;
      const scale = period / WORLD;
      const x0 = Math.floor(origin);
      Object.assign(this, { ratio, period, scale, thick: Math.max(1, Math.round(thick * ratio)), x0: x0 | 0, shift: (x0 - origin) * scale,
        y0: ((top * ratio - margin) / period) * WORLD, count: 0, places: 0 });
      return this;
    }

    /* Notes which of the found rows is where, and counts them; of several in one pixel all unless only the last is asked for. */
    plot(table, all = true) {
      const { x, y, runs, ends } = table;
      const { ids, wide, high, scale, x0, y0, period } = this;
      if (all && !(this.next && this.next.length >= table.count)) this.next = new Uint32Array(table.count);
      const next = all ? this.next : null;
      const edge = this.margin / 2;
      const repeats = period < wide;
      const least = repeats ? 0 : edge;
      const most = repeats ? wide : wide - edge;
      const right = this.shift + 0.5;
      let count = 0;
      let places = 0;
      for (let r = 0; r < ends; r += 2) {
        for (let i = runs[r], to = runs[r + 1]; i < to; i++) {
          const px = ((((x[i] | 0) - x0) >>> 0) * scale + right) | 0;
          if (px < least || px >= most) continue;
          const py = (y[i] - y0) * scale + 0.5;
          if (!(py >= edge && py < high - edge) || y[i] === NOWHERE) continue;
          const at = (py | 0) * wide + px;
          const before = ids[at];
          if (before === 0 || before >= LINE) {
            places++;
            if (next) next[i] = 0;
          } else if (next) next[i] = before;
          ids[at] = i + 1;
          count++;
        }
      }
      this.count = count;
      this.places = places;
      return count;
    }

    /* Paints a disc for each pixel that holds a row, from the top to the bottom, and the pale ones below the others. The
       colours are those of each code, as many as there are steps of paleness; `steps` has one for each row, or is null. */
    paint(codes, colors, steps = null) {
      const { wide } = this;
      const fewer = SMALLER.find(([most]) => this.count > most);
      const radius = (this.radius = (fewer ? fewer[1] : DISC_PX) * this.ratio);
      const disc = [];
      for (let dy = -Math.floor(radius); dy <= radius; dy++) {
        const half = Math.floor(Math.sqrt(radius * radius - dy * dy));
        for (let dx = -half; dx <= half; dx++) disc.push(dy * wide + dx);
      }
      const offsets = Int32Array.from(disc);
      this.steps = steps;
      if (steps) this.discs(codes, colors, offsets, true);
      this.discs(codes, colors, offsets, false);
    }

    discs(codes, colors, offsets, pale) {
      const { ids, pixels, steps, wide, high, period, margin } = this;
      const size = offsets.length;
      const edge = margin / 2;
      const repeats = period < wide;
      for (let py = edge; py < high - edge; py++) {
        for (let at = py * wide, end = at + wide; at < end; at++) {
          const row = ids[at];
          if (row === 0 || row >= LINE) continue;
          const step = steps ? steps[row - 1] : 0;
          if (step > 0 !== pale) continue;
          const color = colors[codes[row - 1] * STEPS + step];
          if (!repeats) for (let k = 0; k < size; k++) pixels[at + offsets[k]] = color;
          else {
            const px = at - py * wide;
            for (let turn = 0; px + turn < wide - edge; turn += period) {
              const spot = at + Math.round(turn);
              if (px + turn >= edge) for (let k = 0; k < size; k++) pixels[spot + offsets[k]] = color;
            }
          }
        }
      }
    }

    /* A route as a thin line, dashed as `dash` says. */
    line(routes, i, color, alpha, dash) {
      const { scale, x0, y0, shift, period, wide, high, ratio } = this;
      const { xs, ys, lines, parts, boxes } = routes;
      const on = dash.length ? dash[0] * ratio : 1;
      const cycle = dash.length ? on + dash[1] * ratio : 0;
      for (let part = lines[i]; part < lines[i + 1]; part++) {
        const from = parts[part];
        const [top, bottom] = [(boxes[4 * part + 1] - y0) * scale, (boxes[4 * part + 3] - y0) * scale];
        if (bottom < 0 || top > high) continue;
        let x = (((xs[from] | 0) - x0) >>> 0) * scale + shift;
        const [left, right] = [x + (boxes[4 * part] - xs[from]) * scale, x + (boxes[4 * part + 2] - xs[from]) * scale];
        const first = Math.ceil(-right / period);
        if (first * period + left >= wide) continue;
        const n = parts[part + 1] - from;
        if (!this.px || this.px.length < n) {
          this.px = new Float64Array(2 * n);
          this.py = new Float64Array(2 * n);
        }
        const { px, py } = this;
        for (let k = 0; k < n; k++) {
          if (k) x += (xs[from + k] - xs[from + k - 1]) * scale;
          px[k] = x;
          py[k] = (ys[from + k] - y0) * scale;
        }
        for (let turn = first; turn * period + left < wide; turn++) {
          this.stroke(n, turn * period, color, alpha, LINE + i, on, cycle);
        }
      }
    }

    stroke(n, aside, color, alpha, id, on, cycle) {
      const { px, py, wide, high, thick } = this;
      const right = wide - thick - 3;
      const foot = high - thick - 3;
      let way = 0;
      for (let k = 1, last = 0; k < n; k++) {
        let x = px[last] + aside;
        let y = py[last];
        const dx = px[k] - px[last];
        const dy = py[k] - py[last];
        const far = Math.max(Math.abs(dx), Math.abs(dy));
        if (far < 1 && k < n - 1) continue;
        last = k;
        const before = way;
        way += far; // dashes are counted in steps, which is near enough
        const u = x + dx;
        const v = y + dy;
        if ((x < 3 && u < 3) || (y < 3 && v < 3) || (x > right && u > right) || (y > foot && v > foot)) continue;
        let from = 0;
        let to = 1;
        if (x < 3 || u < 3 || x > right || u > right) {
          from = Math.max(from, Math.min((3 - x) / dx, (right - x) / dx));
          to = Math.min(to, Math.max((3 - x) / dx, (right - x) / dx));
        }
        if (y < 3 || v < 3 || y > foot || v > foot) {
          from = Math.max(from, Math.min((3 - y) / dy, (foot - y) / dy));
          to = Math.min(to, Math.max((3 - y) / dy, (foot - y) / dy));
        }
        if (from >= to) continue;
        x += dx * from;
        y += dy * from;
        const steps = Math.max(1, Math.ceil((to - from) * far));
        const phase = cycle ? (before + from * far) % cycle : 0;
        this.segment(x, y, ((to - from) * dx) / steps, ((to - from) * dy) / steps, steps, color, alpha, id, phase, on, cycle);
      }
    }

    /* One pixel after the other along the longer side; across it the two at the rims share what the line covers of them. */
    segment(x, y, dx, dy, steps, color, alpha, id, phase, on, cycle) {
      const { pixels, ids, wide, thick } = this;
      const flat = Math.abs(dx) > Math.abs(dy);
      const across = flat ? wide : 1;
      const full = ((alpha << 24) | color) >>> 0;
      const half = (thick - 1) / 2;
      const plain = thick === 1; // of very many lines nobody sees the rims
      x += flat || plain ? 0.5 : -half;
      y += flat && !plain ? -half : 0.5;
      for (let s = 0; s < steps; s++, x += dx, y += dy) {
        if (cycle) {
          if (++phase >= cycle) phase -= cycle;
          if (phase >= on) continue;
        }
        const column = x | 0;
        const row = y | 0;
        const at = row * wide + column;
        if (plain) {
          pixels[at] = full;
          ids[at] = id;
          continue;
        }
        const part = flat ? y - row : x - column;
        for (let t = 1, spot = at + across; t < thick; t++, spot += across) {
          pixels[spot] = full;
          ids[spot] = id;
        }
        const first = ((1 - part) * alpha) | 0;
        if (first >= pixels[at] >>> 24) {
          pixels[at] = ((first << 24) | color) >>> 0;
          ids[at] = id;
        }
        const end = at + thick * across;
        const other = (part * alpha) | 0;
        if (other > pixels[end] >>> 24) {
          pixels[end] = ((other << 24) | color) >>> 0;
          ids[end] = id;
        }
      }
    }

    /* Puts the picture on a canvas that is blank, or over what is there. */
    end(ctx, blank) {
      if (blank) {
        ctx.putImageData(this.image, -this.margin, -this.margin);
        return;
      }
      if (!this.sheet) this.sheet = document.createElement("canvas");
      const { sheet } = this;
      if (sheet.width !== this.wide || sheet.height !== this.high) [sheet.width, sheet.height] = [this.wide, this.high];
      sheet.getContext("2d", { willReadFrequently: true }).putImageData(this.image, 0, 0);
      ctx.save();
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.drawImage(sheet, -this.margin, -this.margin);
      ctx.restore();
    }

    /* Rows of events under a point in CSS pixels: those whose disc covers it, the uppermost first, then those near it. */
    eventsAt(x, y, reach) {
      const { ids, next, wide, high, period, ratio, margin, radius } = this;
      const cx = Math.round(x * ratio) + margin;
      const cy = Math.round(y * ratio) + margin;
      const far = Math.ceil(radius + reach * ratio);
      const found = [];
      for (let dy = -far; dy <= far; dy++) {
        for (let dx = -far; dx <= far; dx++) {
          const away = Math.hypot(dx, dy);
          const py = cy + dy;
          let px = cx + dx;
          if (away > far || py < 0 || py >= high) continue;
          if (period < wide) px = Math.round(px - Math.floor(px / period) * period);
          if (px < 0 || px >= wide) continue;
          const at = py * wide + px;
          if (ids[at] && ids[at] < LINE) found.push({ at, away: away > radius ? away : this.steps && this.steps[ids[at] - 1] ? -at : -at - ids.length });
        }
      }
      found.sort((a, b) => a.away - b.away);
      const rows = [];
      for (const { at } of found) for (let row = ids[at]; row && rows.length < MOST_FOUND; row = next[row - 1]) rows.push(row - 1);
      return rows;
    }

    /* Routes within reach of a point, the nearest first. */
    routesAt(x, y, reach) {
      const { ids, wide, high, ratio, margin } = this;
      const near = new Map();
      const far = Math.ceil(reach * ratio);
      const [cx, cy] = [Math.round(x * ratio) + margin, Math.round(y * ratio) + margin];
      for (let py = Math.max(0, cy - far); py <= Math.min(high - 1, cy + far); py++) {
        for (let px = Math.max(0, cx - far); px <= Math.min(wide - 1, cx + far); px++) {
          const id = ids[py * wide + px];
          if (id < LINE) continue;
          const away = Math.hypot(px - cx, py - cy);
          if (!(near.get(id - LINE) <= away)) near.set(id - LINE, away);
        }
      }
      return [...near].filter(([, away]) => away <= far).sort((a, b) => a[1] - b[1]).map(([i]) => i);
    }
  }

  Rutter.Stamp = Stamp;
})((window.Rutter = window.Rutter || {}));

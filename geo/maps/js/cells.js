/* Cells: the events in view counted by squares of the map, drawn as clusters with their number or as heat. The squares are
   fixed to the ground, so that panning changes no number. Methods of the layer. */
(function (Rutter) {
  "use strict";

  const { NOWHERE, WORLD, draw } = Rutter;
  const CLUSTER_PX = 64; // a part of 256, so that squares fit into every copy of the world
  const HEAT_PX = 4;
  const BLUR = 3; // squares to each side, three times over: about 20 px
  const HEAT_REACH_PX = 14;
  const HEAT_POWER = 0.45; // few stay visible beside many
  const RAMPS = { // ever darker on light ground, ever lighter on dark ground: they read without colours too
    light: ["#ffe9a8", "#fdc05c", "#f58536", "#d8403f", "#992063", "#4d0f5c"],
    dark: ["#40137a", "#8c2981", "#d3436e", "#f8765c", "#febb81", "#fcfdbf"],
  };

  /* Squares of `px` pixels over the view and `around` more on each side. */
  function grid({ left, top, width, height, world }, px, around) {
    const column = Math.floor(left / px) - around;
    const row = Math.floor(top / px) - around;
    const columns = Math.floor((left + width) / px) + around - column + 1;
    const rows = Math.floor((top + height) / px) + around - row + 1;
    const turn = (column * px) / world;
    const scale = world / WORLD;
    return { px, scale, columns, rows, world, x: column * px - left, y: row * px - top, period: Math.round(world / px),
      x0: Math.floor((turn - Math.floor(turn)) * WORLD) | 0, y0: ((row * px) / world) * WORLD };
  }

  /* Calls back is slow a million times over: what is asked of each row is the square, -1 outside. */
  function squareOf(squares, x, y) {
    const { px, scale, columns, rows, x0, y0 } = squares;
    const column = ((((x | 0) - x0) >>> 0) * scale) / px;
    const row = ((y - y0) * scale) / px;
    return column < columns && row >= 0 && row < rows && y !== NOWHERE ? Math.floor(row) * columns + Math.floor(column) : -1;
  }

  function tally(squares, table) {
    const { px, scale, columns, rows, x0, y0 } = squares;
    const { x, y, runs, ends, kind: { codes, values } } = table;
    const kinds = values.length;
    const byKind = new Uint32Array(columns * rows * kinds);
    const sumX = new Float64Array(columns * rows);
    const sumY = new Float64Array(columns * rows);
    const top = new Int32Array(columns * rows).fill(-1);
    for (let r = 0; r < ends; r += 2) {
      for (let i = runs[r], to = runs[r + 1]; i < to; i++) {
        const column = (((x[i] | 0) - x0) >>> 0) * scale;
        if (column >= columns * px) continue;
        const row = (y[i] - y0) * scale;
        if (!(row >= 0 && row < rows * px) || y[i] === NOWHERE) continue;
        const at = ((row / px) | 0) * columns + ((column / px) | 0);
        byKind[at * kinds + codes[i]]++;
        sumX[at] += column;
        sumY[at] += row;
        top[at] = i;
      }
    }
    return { kinds, byKind, sumX, sumY, top };
  }

  /* Neighbours whose rings would cover each other become one, the smaller joining the larger. */
  function gather(list) {
    list.sort((a, b) => b.total - a.total);
    const kept = [];
    for (const one of list) {
      const home = kept.find((other) => Math.hypot(other.x - one.x, other.y - one.y) < radius(other.total) + radius(one.total));
      if (!home) {
        kept.push(one);
        continue;
      }
      const total = home.total + one.total;
      home.x += ((one.x - home.x) * one.total) / total;
      home.y += ((one.y - home.y) * one.total) / total;
      one.shares.forEach((count, kind) => (home.shares[kind] += count));
      home.squares.push(...one.squares);
      home.total = total;
    }
    return kept;
  }

  const radius = (total) => (total === 1 ? Rutter.fan.MARK_PX : 13 + 3 * Math.log10(total));

  function ramp(colors) {
    const stops = colors.map((color) => [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16)));
    const table = new Uint32Array(256);
    for (let k = 1; k < 256; k++) {
      const at = (k / 255) * (stops.length - 1);
      const low = Math.min(stops.length - 2, Math.floor(at));
      const [r, g, b] = stops[low].map((value, c) => Math.round(value + (stops[low + 1][c] - value) * (at - low)));
      const alpha = Math.round(225 * Math.min(1, k / 60));
      table[k] = ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
    return table;
  }

  /* Means over a row of squares and their neighbours, along one side of the grid. */
  function smooth(from, to, lines, length, line, step) {
    for (let l = 0; l < lines; l++) {
      const first = l * line;
      let sum = 0;
      for (let k = -BLUR; k < length; k++) {
        if (k + BLUR < length) sum += from[first + (k + BLUR) * step];
        if (k - BLUR > 0) sum -= from[first + (k - BLUR - 1) * step];
        if (k >= 0) to[first + k * step] = sum / (2 * BLUR + 1);
      }
    }
  }

  Rutter.cells = function (app) {
    let sheet = null;

    return {
      drawClusters(ctx, px = CLUSTER_PX) {
        const { events } = app;
        const squares = (this.squares = grid(this.view, px, 0));
        const { columns, rows, period } = squares;
        const { kinds, byKind, sumX, sumY, top } = tally(squares, events);
        const list = [];
        this.count = 0;
        for (let at = 0; at < columns * rows; at++) {
          if (top[at] < 0 || at % columns >= period) continue;
          const shares = byKind.subarray(at * kinds, (at + 1) * kinds);
          const total = shares.reduce((a, b) => a + b);
          this.count += total;
          list.push({ total, shares, first: top[at], squares: [at], x: squares.x + sumX[at] / total, y: squares.y + sumY[at] / total });
        }
        const colors = events.kind.values.map((name) => app.style.kind(name).color);
        for (const { total, shares, first, squares: of, x, y } of gather(list)) {
          for (let shift = 0; x + shift < this.view.width + 40; shift += this.view.world) {
            const hit = { x: x + shift, y, r: radius(total), total, first, squares: of };
            if (total === 1) {
              ctx.globalAlpha = this.alpha(events, first);
              const hollow = events.word("status", first) === "candidate";
              draw.mark(ctx, app.style.kind(events.word("kind", first)), hit.x, y, hit.r, { rim: this.rim, hollow });
              ctx.globalAlpha = 1;
              hit.rows = [first];
            } else draw.stack(ctx, colors.map((color, kind) => [color, shares[kind]]), total, hit.x, y, app.ground(), app.ink());
            this.hits.push(hit);
          }
        }
      },

      /* All rows of a cluster, looked up when somebody asks. */
      rowsOf(hit) {
        if (hit.rows) return hit.rows;
        const { x, y, runs, ends } = app.events;
        const of = new Set(hit.squares);
        const rows = [];
        for (let r = 0; r < ends; r += 2) {
          for (let i = runs[r]; i < runs[r + 1]; i++) if (of.has(squareOf(this.squares, x[i], y[i]))) rows.push(i);
        }
        return (hit.rows = rows);
      },

      holdsRow(hit, i) {
        return hit.rows ? hit.rows.includes(i) : hit.squares.includes(squareOf(this.squares, app.events.x[i], app.events.y[i]));
      },

      /* What makes the heat at a point: how many events stand near it, and in which squares; null for none. */
      heatAt(x, y) {
        const { px, columns, rows, period, x: left, y: top } = this.squares;
        const squares = [];
        let total = 0;
        for (let row = Math.max(0, Math.floor((y - HEAT_REACH_PX - top) / px)); row < rows && top + row * px <= y + HEAT_REACH_PX; row++) {
          for (let column = Math.max(0, Math.floor((x - HEAT_REACH_PX - left) / px)); column < columns && left + column * px <= x + HEAT_REACH_PX; column++) {
            const count = this.counts[row * columns + column];
            if (!count || Math.hypot(left + (column + 0.5) * px - x, top + (row + 0.5) * px - y) > HEAT_REACH_PX) continue;
            total += count;
            squares.push(row * columns + (column % period));
          }
        }
        return total ? { x, y, total, squares, heat: true } : null;
      },

      drawHeat(ctx) {
        const squares = grid(this.view, HEAT_PX, 3 * BLUR);
        const { px, scale, columns, rows, x0, y0, period } = squares;
        const { x, y, runs, ends } = app.events;
        let heat = new Float32Array(columns * rows);
        this.count = 0;
        for (let r = 0; r < ends; r += 2) {
          for (let i = runs[r], to = runs[r + 1]; i < to; i++) {
            const column = (((x[i] | 0) - x0) >>> 0) * scale;
            const row = (y[i] - y0) * scale;
            if (column >= columns * px || !(row >= 0 && row < rows * px) || y[i] === NOWHERE) continue;
            heat[((row / px) | 0) * columns + ((column / px) | 0)]++;
            this.count++;
          }
        }
        for (let at = 0; at < heat.length; at++) if (at % columns >= period) heat[at] = heat[at - period];
        this.squares = squares;
        this.counts = heat.slice();
        let other = new Float32Array(heat.length);
        for (let turn = 0; turn < 3; turn++) {
          smooth(heat, other, rows, columns, columns, 1);
          smooth(other, heat, columns, rows, 1, columns);
        }
        other = null;
        const most = (this.hottest = heat.reduce((a, b) => Math.max(a, b), 0));
        if (!most) return;
        const colors = ramp(RAMPS[app.theme()]);
        sheet = sheet || document.createElement("canvas");
        [sheet.width, sheet.height] = [columns, rows];
        const image = new ImageData(columns, rows);
        const pixels = new Uint32Array(image.data.buffer);
        for (let at = 0; at < heat.length; at++) {
          if (heat[at] > 0.002 * most) pixels[at] = colors[Math.round(255 * (heat[at] / most) ** HEAT_POWER)];
        }
        sheet.getContext("2d").putImageData(image, 0, 0);
        ctx.imageSmoothingEnabled = true;
        ctx.drawImage(sheet, squares.x, squares.y, columns * px, rows * px);
      },
    };
  };

  /* Found rows that may be in view: of events those in it, of routes all. */
  Rutter.inView = function (app, table) {
    if (table !== app.events) return table.found.slice();
    const squares = grid(app.layer.view, CLUSTER_PX, 0);
    return table.found.filter((i) => squareOf(squares, table.x[i], table.y[i]) >= 0);
  };

  Rutter.heatRamp = (theme) => RAMPS[theme];
})((window.Rutter = window.Rutter || {}));

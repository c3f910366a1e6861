/* Histogram: bars of events stacked by kind, routes as a thin lane under them, marks of the axis, folds as hatching. */
(function (Rutter) {
  "use strict";

  const LEAST_PX = 2;
  const WIDE_ALPHA = 0.38;
  const MOST_ROUTES = 400;

  function prepare(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const ctx = canvas.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    return ctx;
  }

  function drawFolds(ctx, parts, height, line) {
    ctx.strokeStyle = line;
    ctx.lineWidth = 1;
    for (const part of parts) {
      if (!part.narrow) continue;
      ctx.save();
      ctx.beginPath();
      ctx.rect(part.x0, 0, part.x1 - part.x0, height);
      ctx.clip();
      ctx.beginPath();
      for (let x = part.x0 - height; x < part.x1; x += 5) {
        ctx.moveTo(x, height);
        ctx.lineTo(x + height, 0);
      }
      ctx.stroke();
      ctx.restore();
    }
  }

  /* The lines of a logarithmic scale: 1, 10, 100 ... as far as they keep apart. */
  function drawTens(ctx, { most, base, size, width, inset, color, font }) {
    ctx.font = `400 9px ${font}`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (let n = 1, free = base - 7; n <= most; n *= 10) {
      const y = Math.round(base - size(n)) + 0.5;
      if (y > free) continue;
      free = y - 10;
      ctx.strokeStyle = color("--rutter-line");
      ctx.beginPath();
      ctx.moveTo(inset, y);
      ctx.lineTo(width - inset, y);
      ctx.stroke();
      ctx.fillStyle = color("--rutter-quiet");
      ctx.fillText(n >= 1000 ? `${n / 1000}k` : String(n), width - inset - 3, y - 4);
    }
    ctx.textAlign = "start";
  }

  /* Draws all of it and returns the bars: [{x0, x1, t0, t1, total}]. */
  Rutter.drawHistogram = function (panel, { axisPx, lanePx }) {
    const { app, axis } = panel;
    const width = axis.width;
    const height = panel.height;
    const ctx = prepare(panel.canvas, width, height);
    const look = getComputedStyle(panel.root);
    const color = (name) => look.getPropertyValue(name).trim();
    const lane = app.routes.dated ? lanePx + 2 : 0;
    const base = height - axisPx - lane;
    const edges = axis.edges();
    const { n, kinds, sharp, wide } = Rutter.bins(app.events, "kind", edges);
    const order = app.kindOrder.map((name) => app.events.kind.values.indexOf(name)).filter((k) => k >= 0);
    const fills = app.events.kind.values.map((name) => app.style.kind(name).color);

    const bars = [];
    let most = 0;
    for (let b = 0; b < n; b++) {
      let total = 0;
      for (let k = 0; k < kinds; k++) total += sharp[k * n + b] + wide[k * (n + 1) + b];
      most = Math.max(most, total);
      bars.push({ x0: axis.toPx(edges[b]), x1: axis.toPx(edges[b + 1]), t0: edges[b], t1: edges[b + 1], total });
    }
    const parts = axis.visible();
    drawFolds(ctx, parts, base + lane, color("--rutter-hatch"));
    const log = app.choices.is("bars", "log");
    const size = (n) => (base - 6) * (log ? Math.log1p(n) / Math.log1p(Math.max(1, most)) : n / Math.max(1, most));
    if (log) drawTens(ctx, { most, base, size, width, inset: axis.inset, color, font: look.fontFamily });
    bars.forEach((bar, b) => {
      if (!bar.total) return;
      const gap = bar.x1 - bar.x0 > 5 ? 1 : 0.25;
      const full = Math.max(LEAST_PX, size(bar.total));
      const each = full / bar.total;
      let y = base;
      for (const alpha of [1, WIDE_ALPHA]) {
        ctx.globalAlpha = alpha;
        const trim = alpha === 1 ? gap : 0;
        for (const k of order) {
          const count = alpha === 1 ? sharp[k * n + b] : wide[k * (n + 1) + b];
          if (!count) continue;
          ctx.fillStyle = fills[k];
          ctx.fillRect(bar.x0 + trim / 2, y - count * each, bar.x1 - bar.x0 - trim, count * each);
          y -= count * each;
        }
      }
      ctx.globalAlpha = 1;
    });
    if (lane) drawLane(ctx, app, axis, base + 2, lanePx);

    ctx.strokeStyle = color("--rutter-line");
    ctx.beginPath();
    ctx.moveTo(0, base + lane + 0.5);
    ctx.lineTo(width, base + lane + 0.5);
    ctx.stroke();
    ctx.textBaseline = "middle";
    const font = look.fontFamily;
    for (const tick of axis.ticks()) {
      ctx.strokeStyle = color(tick.major ? "--rutter-quiet" : "--rutter-line");
      ctx.beginPath();
      ctx.moveTo(Math.round(tick.x) + 0.5, base + lane);
      ctx.lineTo(Math.round(tick.x) + 0.5, base + lane + (tick.text ? 6 : 4));
      ctx.stroke();
      ctx.fillStyle = color(tick.major ? "--rutter-text" : "--rutter-quiet");
      ctx.font = `${tick.major ? 600 : 400} 11px ${font}`;
      ctx.fillText(tick.text, tick.x + 4, height - axisPx / 2 + 2);
    }
    return bars;
  };

  /* Of many routes the lane shows the share of each mode in each bar. */
  function drawShares(ctx, app, axis, top, height) {
    const edges = axis.edges();
    const { n, kinds, sharp, wide } = Rutter.bins(app.routes, "mode", edges);
    for (let b = 0; b < n; b++) {
      const counts = Array.from({ length: kinds }, (_, k) => sharp[k * n + b] + wide[k * (n + 1) + b]);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const [x0, x1] = [axis.toPx(edges[b]), axis.toPx(edges[b + 1])];
      let y = top;
      counts.forEach((count, k) => {
        if (!count) return;
        ctx.fillStyle = app.style.mode(app.routes.mode.values[k]).color;
        ctx.fillRect(x0, y, x1 - x0, (height * count) / total);
        y += (height * count) / total;
      });
    }
  }

  function drawLane(ctx, app, axis, top, height) {
    const { routes } = app;
    ctx.globalAlpha = 0.7;
    if (routes.dated > MOST_ROUTES) drawShares(ctx, app, axis, top, height);
    else for (let i = 0; i < routes.dated; i++) {
      if (!routes.mask[i]) continue;
      const x0 = axis.toPx(routes.startMs(i));
      const x1 = Math.max(x0 + 2, axis.toPx(routes.endMs(i)));
      if (x1 < 0 || x0 > axis.width) continue;
      ctx.fillStyle = app.style.mode(routes.word("mode", i)).color;
      ctx.fillRect(x0, top, x1 - x0, height);
    }
    ctx.globalAlpha = 1;
  }
})((window.Rutter = window.Rutter || {}));

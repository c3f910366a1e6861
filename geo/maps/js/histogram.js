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
    const unit = (base - 6) / Math.max(1, most);
    bars.forEach((bar, b) => {
      if (!bar.total) return;
      const gap = bar.x1 - bar.x0 > 5 ? 1 : 0.25;
      const full = Math.max(LEAST_PX, bar.total * unit);
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

  function drawLane(ctx, app, axis, top, height) {
    const { routes } = app;
    let drawn = 0;
    ctx.globalAlpha = 0.7;
    for (let i = 0; i < routes.dated && drawn < MOST_ROUTES; i++) {
      if (!routes.mask[i]) continue;
      const x0 = axis.toPx(routes.startMs(i));
      const x1 = Math.max(x0 + 2, axis.toPx(routes.endMs(i)));
      if (x1 < 0 || x0 > axis.width) continue;
      ctx.fillStyle = app.style.mode(routes.word("mode", i)).color;
      ctx.fillRect(x0, top, x1 - x0, height);
      drawn++;
    }
    ctx.globalAlpha = 1;
  }
})((window.Rutter = window.Rutter || {}));

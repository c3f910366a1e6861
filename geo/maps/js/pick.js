/* Pick: which rows are under a point of the screen, nearest and topmost first. */
(function (Rutter) {
  "use strict";

  const REACH_PX = { mouse: 3, touch: 12 };
  const LINE_PX = 6;

  function toSegment(px, py, ax, ay, bx, by) {
    const dx = bx - ax;
    const dy = by - ay;
    const share = dx || dy ? Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy))) : 0;
    return Math.hypot(px - ax - share * dx, py - ay - share * dy);
  }

  function eventsAt(layer, x, y, reach) {
    if (layer.stamped) return layer.stamp.eventsAt(x, y, reach).map((i) => ({ layer: "events", i }));
    const near = [];
    for (let k = layer.hits.length - 1; k >= 0; k--) {
      const hit = layer.hits[k];
      const away = Math.hypot(hit.x - x, hit.y - y);
      if (away <= hit.r + reach) near.push({ away: away - hit.r, hit });
    }
    near.sort((a, b) => a.away - b.away);
    return near.flatMap(({ hit }) => (hit.rows && !hit.squares ? Array.from(hit.rows, (i) => ({ layer: "events", i }))
      : [{ layer: "events", i: hit.first, cluster: hit.total > 1 ? hit : null }]));
  }

  /* Heat is one thing: all that stands near the point. */
  function heatAt(layer, x, y) {
    const cluster = layer.counts ? layer.heatAt(x, y) : null;
    return cluster ? [{ layer: "events", i: -1, cluster }] : [];
  }

  function routesAt(app, layer, x, y, reach) {
    if (layer.linesStamped) return layer.stamp.routesAt(x, y, LINE_PX + reach).map((i) => ({ layer: "routes", i }));
    const { left, top, world } = layer.view;
    const near = [];
    for (const [i, copy] of layer.drawn) {
      const path = app.routes.path(i);
      const shift = left - copy * world;
      const slack = LINE_PX + reach;
      const [x0, y0, x1, y1] = path.box;
      if (x < x0 * world - shift - slack || x > x1 * world - shift + slack) continue;
      if (y < y0 * world - top - slack || y > y1 * world - top + slack) continue;
      let best = Infinity;
      for (let k = 1; k < path.x.length; k++) {
        if (path.breaks && path.breaks.has(k)) continue;
        const ax = path.x[k - 1] * world - shift;
        const bx = path.x[k] * world - shift;
        best = Math.min(best, toSegment(x, y, ax, path.y[k - 1] * world - top, bx, path.y[k] * world - top));
      }
      if (best <= slack) near.push({ best, i });
    }
    near.sort((a, b) => a.best - b.best);
    return near.map(({ i }) => ({ layer: "routes", i }));
  }

  Rutter.toSegment = toSegment;

  /* Rows under the point: shipments on their way first, then events, then lines; each row once. */
  Rutter.pick = function (app, layer, point, touch) {
    const reach = touch ? REACH_PX.touch : REACH_PX.mouse;
    const { show } = app;
    const unfolded = app.unfold.at(point, reach);
    if (unfolded) return unfolded;
    const moving = layer.vessels.filter((v) => Math.hypot(v.x - point.x, v.y - point.y) <= 12 + reach)
      .map((v) => ({ layer: "routes", i: v.i }));
    const hot = app.display === "heat";
    const events = show.events && !hot ? eventsAt(layer, point.x, point.y, reach) : [];
    const heat = show.events && hot ? heatAt(layer, point.x, point.y) : [];
    const lines = app.flows.by ? show.routes ? app.flows.rowsAt(point, reach) : [] : show.routes ? routesAt(app, layer, point.x, point.y, events.length + heat.length ? 0 : reach) : [];
    const seen = new Set();
    return [...moving, ...events, ...lines, ...heat].filter(({ layer: name, i }) => {
      const key = `${name}${i}`;
      return !seen.has(key) && seen.add(key);
    });
  };
})((window.Rutter = window.Rutter || {}));

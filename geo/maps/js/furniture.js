/* Furniture: what a picture says beside the map: title and dates, legend, scale, and whose map it is. Drawn on a 2D canvas
   or on what records like one, in CSS pixels. */
(function (Rutter) {
  "use strict";

  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
  const EDGE = 12;
  const ROW = 18;
  const LEGEND = 200;
  const NARROW = 480; // px; less has no room for a legend beside the map
  const EQUATOR_KM = 40075.017; // WGS 84
  const SCALE_PX = 120;

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--rutter-${name}`).trim() || "#808080";

  /* As much of a text as fits. */
  function fitted(pen, text, width) {
    if (pen.measureText(text).width <= width) return text;
    const letters = [...text.slice(0, 600)];
    let [lo, hi] = [0, letters.length];
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (pen.measureText(`${letters.slice(0, mid).join("")}…`).width <= width) lo = mid;
      else hi = mid - 1;
    }
    return `${letters.slice(0, lo).join("")}…`;
  }

  function panel(pen, x, y, width, height) {
    pen.globalAlpha = 1;
    pen.fillStyle = color("panel");
    pen.beginPath();
    pen.roundRect(x, y, width, height, 8);
    pen.fill();
    pen.strokeStyle = color("line");
    pen.lineWidth = 1;
    pen.stroke();
  }

  function write(pen, text, x, y, { size = 12, weight = 400, ink = "text", align = "left" } = {}) {
    pen.font = `${weight} ${size}px ${FONT}`;
    pen.textAlign = align;
    pen.fillStyle = color(ink);
    pen.fillText(text, x, y);
  }

  function counted(app) {
    const { plural } = Rutter.calendar;
    const counts = app.show.events ? [plural(app.events.size, "event")] : [];
    if (app.routes.count && app.show.routes) counts.push(plural(app.routes.size, "route"));
    return counts.join(" · ");
  }

  function title(pen, app, width, beside) {
    const lines = [
      [Rutter.titleOf(app), { size: 15, weight: 650 }],
      [app.dated ? app.timeline.dates.textContent : "", { size: 13, weight: 600 }],
      [counted(app), { size: 11.5, ink: "quiet" }],
    ].filter(([text]) => text);
    const room = Math.max(80, width - 2 * EDGE - beside - 24);
    const shown = lines.map(([text, look]) => {
      pen.font = `${look.weight || 400} ${look.size}px ${FONT}`;
      return [fitted(pen, text, room), look, pen.measureText(fitted(pen, text, room)).width];
    });
    if (!shown.length) return;
    panel(pen, EDGE, EDGE, Math.max(...shown.map(([, , wide]) => wide)) + 24, 16 + 20 * shown.length);
    shown.forEach(([text, look], row) => write(pen, text, EDGE + 12, EDGE + 18 + 20 * row, look));
  }

  function rows(app) {
    const tallies = { events: app.events.tally("kind"), routes: app.routes.tally("mode") };
    const groups = [["events", "kind", app.kindOrder, "Events"], ["routes", "mode", app.modeOrder, "Routes"]];
    return groups.flatMap(([layer, column, order, head]) => {
      const names = app.show[layer] ? order.filter((name) => !app.off[layer].has(name)) : [];
      if (!names.length) return [];
      const bases = layer === "routes" ? app.basesShown() : [];
      return [{ head }, ...names.map((name) => ({
        layer, text: layer === "events" ? name || "other" : app.style.mode(name).label,
        look: layer === "events" ? app.style.kind(name) : app.style.mode(name),
        count: tallies[layer][app[layer][column].values.indexOf(name)],
      })), ...bases.map(([basis, text]) => ({ layer, text, look: { color: app.ink() }, dash: app.style.dash(basis), count: null }))];
    });
  }

  function swatch(pen, { layer, look, dash = [] }, x, y) {
    if (layer === "events") {
      Rutter.draw.outline(pen, look.points, x + 8, y, 5.5);
      pen.fillStyle = look.color;
      pen.fill();
      return;
    }
    pen.strokeStyle = look.color;
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + 20, y);
    pen.setLineDash(dash);
    pen.stroke();
    pen.setLineDash([]);
  }

  function legend(pen, app, width, height) {
    const list = rows(app);
    const room = Math.max(3, Math.floor((height - 2 * EDGE - 60) / ROW));
    const shown = list.length > room ? list.slice(0, room - 1) : list;
    if (!shown.length) return;
    const x = width - EDGE - LEGEND;
    const left = list.slice(shown.length).filter(({ head }) => !head).length;
    panel(pen, x, EDGE, LEGEND, 14 + ROW * (shown.length + (left ? 1 : 0)));
    shown.forEach((row, k) => {
      const y = EDGE + 16 + ROW * k;
      if (row.head) {
        write(pen, row.head, x + 11, y, { size: 11, weight: 600, ink: "quiet" });
        return;
      }
      pen.globalAlpha = row.count === 0 ? 0.5 : 1;
      swatch(pen, row, x + 10, y);
      pen.globalAlpha = 1;
      const size = row.dash ? 10.5 : 12;
      pen.font = `400 ${size}px ${FONT}`;
      const number = row.count === null ? "" : row.count.toLocaleString("en-GB");
      const room = LEGEND - 53 - pen.measureText(number).width;
      const text = row.text.charAt(0).toUpperCase() + row.text.slice(1);
      write(pen, fitted(pen, text, room), x + 36, y, { size, ink: row.dash ? "quiet" : "text" });
      write(pen, number, x + LEGEND - 11, y, { ink: "quiet", align: "right" });
    });
    if (left) write(pen, `and ${left} more`, x + 36, EDGE + 16 + ROW * shown.length, { ink: "quiet" });
  }

  /* The longest round length that fits, true at the middle of the map. */
  function scaleBar(lat, zoom) {
    const perPx = (EQUATOR_KM * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
    const power = 10 ** Math.floor(Math.log10(perPx * SCALE_PX));
    const km = [5, 2, 1].map((n) => n * power).find((length) => length <= perPx * SCALE_PX);
    return { px: km / perPx, text: km >= 1 ? `${km.toLocaleString("en-GB")} km` : `${Math.round(km * 1000)} m` };
  }

  function scale(pen, height, { lat, zoom }) {
    const { px, text } = scaleBar(lat, zoom);
    const y = height - EDGE;
    for (const [ink, wide] of [["solid", 4], ["text", 1.5]]) {
      pen.strokeStyle = color(ink);
      pen.lineWidth = wide;
      pen.beginPath();
      pen.moveTo(EDGE, y - 6);
      pen.lineTo(EDGE, y);
      pen.lineTo(EDGE + px, y);
      pen.lineTo(EDGE + px, y - 6);
      pen.stroke();
    }
    pen.font = `500 11px ${FONT}`;
    pen.textAlign = "left";
    pen.strokeStyle = color("solid");
    pen.lineWidth = 3;
    pen.strokeText(text, EDGE + 5, y - 9);
    write(pen, text, EDGE + 5, y - 9, { size: 11, weight: 500 });
  }

  function credit(pen, text, width, height) {
    if (!text) return;
    pen.font = `400 10.5px ${FONT}`;
    const shown = fitted(pen, text, width - 20);
    const wide = pen.measureText(shown).width + 14;
    pen.globalAlpha = 1;
    pen.fillStyle = color("panel");
    pen.fillRect(width - wide, height - 17, wide, 17);
    write(pen, shown, width - 7, height - 8.5, { size: 10.5, ink: "quiet", align: "right" });
  }

  /* All of it; `parts` says which of title, legend and scale are wanted. The credit is always there. */
  Rutter.furnish = function (pen, app, { width, height, lat, zoom, credits, parts }) {
    pen.save();
    Object.assign(pen, { lineCap: "butt", lineJoin: "round", textBaseline: "middle", globalAlpha: 1 });
    pen.setLineDash([]);
    const beside = parts.legend && width >= NARROW ? LEGEND + EDGE : 0;
    if (parts.title) title(pen, app, width, beside);
    if (beside) legend(pen, app, width, height);
    if (parts.scale) scale(pen, height, { lat, zoom });
    credit(pen, credits, width, height);
    pen.restore();
  };

  Rutter.scaleBar = scaleBar;
})((window.Rutter = window.Rutter || {}));

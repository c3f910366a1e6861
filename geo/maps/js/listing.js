/* Listing: what stands at one point as a list to choose from, where paging through would be long. */
(function (Rutter) {
  "use strict";

  const { calendar, make } = Rutter;
  const LIST_FROM = 13;
  const MOST_LISTED = 200;
  const LONGEST_TITLE = 140;

  /* Whether rows found at a point are better listed than paged through. */
  const listed = (rows) => rows.length >= LIST_FROM || (rows.length > 1 && Boolean(rows[0].flow || rows.kinds));

  /* Sees to it that the titles in the list are at hand. */
  function loadListed(app, rows) {
    const shown = rows.slice(0, MOST_LISTED);
    const waiting = ["events", "routes"].map((name) => app[name].load(shown.filter(({ layer }) => layer === name).map(({ i }) => i)));
    return waiting.some(Boolean) ? Promise.all(waiting) : null;
  }

  function heading(app, rows) {
    const { flow } = rows[0];
    if (rows.all) return calendar.plural(rows.all, "event");
    if (flow) return `${app.flows.name(flow.from)} → ${app.flows.name(flow.to)}`;
    const counts = ["events", "routes"].map((layer) => [rows.filter((row) => row.layer === layer).length, layer.slice(0, -1)]);
    return counts.filter(([n]) => n).map(([n, word]) => calendar.plural(n, word)).join(", ");
  }

  function totals(app, rows) {
    const { flow } = rows[0];
    if (!flow && rows.kinds) {
      const words = rows.kinds.map(([name, n]) => `${n.toLocaleString("en-GB")} ${name || "other"}`);
      return [make("p", { class: "rutter-quiet" }, words.join(" · "))];
    }
    if (!flow) return [];
    const parts = [calendar.plural(flow.shipments.size, "shipment")];
    for (const [unit, value] of Object.entries(flow.amounts)) parts.push(`${Rutter.amount(value)} ${unit}`.trim());
    const silent = rows.filter(({ i }) => app.widths.unit(i) < 0).length;
    if (silent) parts.push(`${silent} of unknown quantity`);
    return [make("p", { class: "rutter-quiet" }, parts.join(" · "))];
  }

  function entry(app, { layer, i }, run) {
    const table = app[layer];
    const word = table.word(layer === "events" ? "kind" : "mode", i) || "other";
    const canvas = make("canvas", { class: "rutter-swatch", "aria-hidden": "true" });
    if (layer === "events") Rutter.paintSwatch(canvas, app.style.kind(table.word("kind", i)));
    else Rutter.paintSwatch(canvas, app.style.mode(table.word("mode", i)), app.style.dash(table.word("basis", i)));
    const when = calendar.when(table.startMs(i), table.endMs(i), table.word("precision", i));
    const title = (table.text("title", i) || table.id(i)).slice(0, LONGEST_TITLE);
    return make("li", {}, make("button", { type: "button", on: { click: run } }, canvas,
      make("span", {}, make("b", { dir: "auto" }, title), make("i", {}, `${word}, ${when}`))));
  }

  /* The list; `choose` is given the place of the row that somebody wants to read. */
  function listing(app, rows, choose) {
    const shown = rows.slice(0, MOST_LISTED);
    const more = (rows.all || rows.length) - shown.length;
    return [
      make("h2", { dir: "auto" }, heading(app, rows)),
      ...totals(app, rows),
      make("ol", { class: "rutter-list" }, ...shown.map((row, at) => entry(app, row, () => choose(at)))),
      ...(more ? [make("p", { class: "rutter-quiet" }, `and ${more.toLocaleString("en-GB")} more; look closer or narrow the window.`)] : []),
    ];
  }

  Object.assign(Rutter, { listed, listing, loadListed });
})((window.Rutter = window.Rutter || {}));

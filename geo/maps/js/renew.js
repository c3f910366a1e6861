/* Renew: other rows, or the same in other places, put into the map as it stands: window, filter, sight and selection are
   kept. The columns come whole. Of the texts only those come that the page did not bring: `from` counts, for each row,
   through those of the page and then through the fresh ones. */
(function (Rutter) {
  "use strict";

  const { packed } = Rutter;

  /* Tables from what Python packed; texts of small ones are at hand from the start. */
  Rutter.tables = async function (columns, base64, { events, routes, sources }) {
    const raw = await packed.inflate(packed.bytes(base64));
    await Promise.all([events, routes, sources].map((texts) => texts.loadAll()));
    const tables = { events: new Rutter.Events(columns.events, raw, events), routes: new Rutter.Routes(columns.routes, raw, routes) };
    return { ...tables, sources, picture: columns.picture };
  };

  async function patched(first, { from, bytes, fresh }) {
    const raw = await packed.inflate(packed.bytes(bytes));
    return new Rutter.Patched(first, new Rutter.Texts(fresh), packed.column(from, raw));
  }

  Rutter.renew = async function (app, { columns, bytes, texts, style }) {
    const stores = await Promise.all(Object.entries(texts).map(async ([name, patch]) =>
      [name, await patched(app.firstTexts[name], patch)]));
    const tables = await Rutter.tables(columns, bytes, Object.fromEntries(stores));
    const chosen = app.selected;
    const at = chosen ? await tables[chosen.layer].seek(chosen.id) : -1;
    if (at >= 0) await tables[chosen.layer].load([at]);
    put(app, tables, style, chosen, at);
  };

  function put(app, tables, style, chosen, i) {
    const open = app.popup.isOpen();
    const whole = app.isWhole();
    app.style = new Rutter.Style(style);
    app.kindOrder = style.kindOrder;
    app.modeOrder = style.modeOrder;
    Object.assign(app, tables);
    app.widths.renew();
    app.flows.renew();
    const span = Rutter.extent([app.events, app.routes]);
    app.dated = span !== null;
    if (span) app.domain = span;
    if (whole) app.window = app.domain.slice();
    app.selected = null;
    app.timeline.renew();
    if (app.legend) app.legend.renew();
    app.refilter();
    if (whole) app.release();
    if (i < 0) {
      if (chosen) app.popup.close();
      return;
    }
    const row = { layer: chosen.layer, i };
    const at = app.place(row);
    app.select(row);
    if (at && row.layer === "events" && !app.map.getBounds().contains(at)) {
      app.map.panTo(at, { animate: !app.player.calm.matches });
    }
    if (open && at) app.popup.open([row], 0, at);
  }
})((window.Rutter = window.Rutter || {}));

/* Renew: other rows, or the same in other places, put into the map as it stands: window, filter, sight and selection are
   kept. The columns come whole. Of the texts only those come that the page did not bring: `from` counts, for each row,
   through those of the page and then through the fresh ones. */
(function (Rutter) {
  "use strict";

  function patched(old, { from, fresh }) {
    const places = Rutter.decode(from);
    const names = Object.keys(fresh);
    const known = names.length && old[names[0]] ? old[names[0]].length : 0;
    const text = (column, place) => (place < known ? old[column][place] : fresh[column][place - known]);
    return Object.fromEntries(names.map((column) => [column, Array.from(places, (place) => text(column, place))]));
  }

  Rutter.renew = function (app, { columns, texts, style }) {
    const chosen = app.selected && { layer: app.selected.layer, id: app[app.selected.layer].id(app.selected.i) };
    const open = app.popup.isOpen();
    const whole = app.isWhole();
    const first = (app.firstTexts = app.firstTexts || app.texts());
    const now = Object.fromEntries(Object.keys(texts).map((table) => [table, patched(first[table], texts[table])]));
    app.texts = () => now;
    app.sourceRows = null;
    app.style = new Rutter.Style(style);
    app.kindOrder = style.kindOrder;
    app.modeOrder = style.modeOrder;
    app.events = new Rutter.Events(columns.events, app.texts);
    app.routes = new Rutter.Routes(columns.routes, app.texts);
    app.picture = columns.picture;
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
    const i = chosen ? app[chosen.layer].find(chosen.id) : -1;
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
  };
})((window.Rutter = window.Rutter || {}));

/* Renew: the same rows with other places, put into the map as it stands: window, filter, sight and selection are kept. */
(function (Rutter) {
  "use strict";

  Rutter.renew = function (app, { columns, texts }) {
    const chosen = app.selected && { layer: app.selected.layer, id: app[app.selected.layer].id(app.selected.i) };
    const open = app.popup.isOpen();
    app.texts = () => texts;
    app.sourceRows = null;
    app.events = new Rutter.Events(columns.events, app.texts);
    app.routes = new Rutter.Routes(columns.routes, app.texts);
    app.selected = null;
    app.refilter();
    const i = chosen ? app[chosen.layer].find(chosen.id) : -1;
    if (i < 0) return;
    const row = { layer: chosen.layer, i };
    const at = app.place(row);
    app.select(row);
    if (at && row.layer === "events" && !app.map.getBounds().contains(at)) {
      app.map.panTo(at, { animate: !app.player.calm.matches });
    }
    if (open && at) app.popup.open([row], 0, at);
  };
})((window.Rutter = window.Rutter || {}));

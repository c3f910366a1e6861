/* Choosing: which kinds and modes are shown, and which parts of the picture; and what stands on the chart beside its rows. */
(function (Rutter) {
  "use strict";

  function setOff(app, layer, names) {
    app.off[layer] = new Set(names);
    app.refilter();
    app.emit("release");
  }

  /* Shows only one kind or mode; all again when it is the only one already. */
  function onlyWord(app, layer, name) {
    const order = layer === "events" ? app.kindOrder : app.modeOrder;
    const others = order.filter((word) => word !== name);
    const only = !app.off[layer].has(name) && others.every((word) => app.off[layer].has(word));
    setOff(app, layer, only ? [] : others);
  }

  function setShown(app, name, on) {
    app.show[name] = on;
    app.switched = { turn: Date.now(), shown: { ...app.show } };
    if (Rutter.labels && Rutter.labels.setVisible) Rutter.labels.setVisible(app.show.labels);
    app.layer.redraw();
    app.emit("show");
    app.emit("release");
  }

  function equip(app) {
    app.scale = Rutter.addScale(app);
    app.overview = Rutter.addOverview(app);
    app.names = Rutter.addNames(app);
  }

  Object.assign(Rutter, { equip, onlyWord, setOff, setShown });
})((window.Rutter = window.Rutter || {}));

/* Home: a button beside the zoom that brings everything into sight. */
(function (Rutter) {
  "use strict";

  const { icon, make } = Rutter;

  Rutter.addHome = function (app, extent) {
    const zoom = app.map.zoomControl && app.map.zoomControl.getContainer();
    if (!zoom || !extent) return;
    const label = "Show everything on the map";
    const show = (event) => {
      event.preventDefault();
      Rutter.setView(app.map, extent);
    };
    const link = make("a", { href: "#", role: "button", class: "rutter-home", title: label, "aria-label": label,
      on: { click: show } }, icon("all"));
    L.DomEvent.disableClickPropagation(link);
    zoom.append(link);
  };
})((window.Rutter = window.Rutter || {}));

/* The small map of a review: numbered places that a name may mean, the line of a route, and a click that sets a point.

   in   {rutter: "places", ...}  as in bridge.js     {rutter: "line", parts: [[[lat, lon], ...], ...]}     {rutter: "theme", theme}
   out  {rutter: "state", picked: {set, number, turn} | null, point: {set, lat, lon, turn} | null}     {rutter: "key", key}   */
(function (Rutter) {
  "use strict";

  Rutter.smallMap = function (map) {
    const live = Rutter.make("div", { class: "rutter-hidden", role: "status" });
    document.body.append(live);
    const post = (message) => window.parent.postMessage(message, "*");
    let point = null;
    const report = () => post({ rutter: "state", picked: marks.picked, point });
    const marks = new Rutter.Marks({
      map, popup: { hide() {} }, timeline: { live }, legend: null, emit: report,
      player: { calm: { matches: true } },
    });
    const line = L.polyline([], { className: "rutter-review-line", color: "#c0561b", weight: 3, dashArray: "6 5", interactive: false }).addTo(map);

    const ACTS = {
      places: (message) => marks.show(message),
      line: ({ parts }) => line.setLatLngs(parts),
      theme: ({ theme }) => Rutter.setTheme(theme),
    };
    map.getContainer().style.cursor = "crosshair";
    map.on("click", ({ latlng, originalEvent }) => {
      if (originalEvent.target.closest(".rutter-mark, .leaflet-control")) return;
      const { lat, lng } = latlng.wrap();
      point = { set: marks.set, lat, lon: lng, turn: (point ? point.turn : 0) + 1 };
      report();
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.length > 1) return;
      post({ rutter: "key", key: event.key });
    });
    window.addEventListener("message", ({ source, data }) => {
      if (source === window.parent && data && Object.hasOwn(ACTS, data.rutter)) ACTS[data.rutter](data);
    });
    post({ rutter: "ready" });
  };
})((window.Rutter = window.Rutter || {}));

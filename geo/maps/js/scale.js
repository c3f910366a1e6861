/* Scale: kilometres and nautical miles, true at the latitude in the middle of the map. */
(function (Rutter) {
  "use strict";

  const { make } = Rutter;
  const WIDEST_PX = 110;
  const AROUND_KM = 40075.0167; // equator of WGS 84
  const NAUTICAL_KM = 1.852;

  /* The largest of 1, 2, 3, 5 times a power of ten that is not above a number. */
  function round(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return power * [5, 3, 2, 1].find((step) => step * power <= value * (1 + 1e-9));
  }

  /* [{px, text}] for each measure. */
  Rutter.scaleBars = function (lat, zoom, widest = WIDEST_PX) {
    const km = (AROUND_KM * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** zoom);
    const bar = (unit, name, small) => {
      const value = round((widest * km) / unit);
      const text = small && value < 1 ? `${Number((1000 * value).toPrecision(1))} ${small}` : `${Number(value.toPrecision(1)).toLocaleString("en-GB")} ${name}`;
      return { px: (value * unit) / km, text };
    };
    return [bar(1, "km", "m"), bar(NAUTICAL_KM, "nmi")];
  };

  Rutter.addScale = function (app) {
    const { map } = app;
    if (map.rutterScale) map.rutterScale.remove();
    const lines = [0, 1].map(() => make("div", { class: "rutter-scale-line" }));
    const root = make("div", { class: "rutter-scale", role: "img" }, ...lines);
    const control = new (L.Control.extend({ options: { position: "bottomleft" }, onAdd: () => root }))();
    control.addTo(map);
    const show = () => {
      const bars = Rutter.scaleBars(map.getCenter().lat, map.getZoom());
      bars.forEach(({ px, text }, k) => {
        lines[k].style.width = `${px}px`;
        lines[k].textContent = text;
      });
      root.setAttribute("aria-label", `Scale: ${bars.map(({ text }) => text).join(", ")}`);
    };
    map.on("move zoomend", show);
    show();
    return control;
  };
})((window.Rutter = window.Rutter || {}));

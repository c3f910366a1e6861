/* The map itself: the offline basemap with its names, and online layers that wait until they are picked.
 *
 *   Rutter.map(id, options)   an L.map in the element `id`; options come from geo/maps/offline.py
 */
(function () {
  "use strict";
  const Rutter = (window.Rutter = window.Rutter || {});
  const PATIENCE_MS = 8000; // an online layer that shows nothing for so long is taken to be out of reach

  // folium's popups call jQuery for one thing, its icons a plugin: stand-ins, so that neither is fetched
  window.$ = window.$ || function (content) {
    if (content === document) return { ready: (run) => setTimeout(run) };
    const holder = document.createElement("template");
    holder.innerHTML = String(content).trim();
    return [holder.content.firstElementChild];
  };
  L.AwesomeMarkers = L.AwesomeMarkers || {
    icon: (options) => {
      const pin = document.createElement("i");
      pin.style.background = options.markerColor || "#2f6f9f";
      return L.divIcon({ className: "rutter-pin", html: pin, iconSize: [22, 30], iconAnchor: [11, 30], popupAnchor: [0, -28] });
    },
  };

  Rutter.map = function (id, options) {
    const element = document.getElementById(id);
    document.documentElement.lang = document.documentElement.lang || "en";
    Rutter.setTheme(options.theme);
    const map = L.map(id, {
      ...options.leaflet, center: options.center, zoom: options.zoom, minZoom: 1, maxZoom: 18, worldCopyJump: true,
      maxBounds: [[-85.06, -1e5], [85.06, 1e5]], maxBoundsViscosity: 1,
    });
    if (options.title) element.setAttribute("aria-label", options.title);
    map.attributionControl.setPrefix(false);
    map.rutterScale = L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);

    const pane = map.createPane("rutter-labels");
    pane.style.zIndex = 350;
    pane.style.pointerEvents = "none";
    const offline = Rutter.basemap(Rutter.data.basemap, { attribution: options.attribution }).addTo(map);
    const labels = Rutter.data.labels ? Rutter.labels(Rutter.data.labels).addTo(map) : null;
    map.rutterGround = { offline, labels, title: options.title };
    if (options.online.length) map.rutterLayers = layersControl(map, offline, labels, options.online);
    fit(map, element, options.bounds);
    return map;
  };

  Rutter.notice = notice;

  /** Show the bounds as soon as the map has a size, and follow every change of that size. */
  function fit(map, element, bounds) {
    let waiting = bounds;
    const settle = () => {
      if (!element.clientWidth || !element.clientHeight) return;
      map.invalidateSize({ animate: false });
      if (waiting) map.fitBounds(waiting, { padding: [24, 24], maxZoom: 10, animate: false });
      waiting = null;
    };
    settle();
    new ResizeObserver(settle).observe(element);
  }

  function layersControl(map, offline, labels, online) {
    const bases = { "Offline map": offline }, named = new Map();
    for (const source of online) {
      const layer = L.tileLayer(source.url, { attribution: source.attribution, maxZoom: 18, maxNativeZoom: source.maxZoom });
      bases[source.name] = layer;
      named.set(layer, source);
      watch(map, layer, offline);
    }
    map.on("baselayerchange", (event) => {
      if (labels) labels.setShown(!(named.get(event.layer) || {}).hasNames);
    });
    return L.control.layers(bases, labels ? { "Place names": labels } : {}).addTo(map);
  }

  /** Go back to the offline map when an online layer cannot be reached. */
  function watch(map, layer, offline) {
    let loaded = false, failed = 0, timer = 0;
    const giveUp = () => {
      if (loaded || !map.hasLayer(layer)) return;
      map.removeLayer(layer).addLayer(offline);
      map.fire("baselayerchange", { layer: offline, name: "Offline map" });
      notice(map, "This layer needs the network; showing the offline map");
    };
    layer.on("add", () => {
      loaded = false;
      failed = 0;
      clearTimeout(timer);
      timer = setTimeout(giveUp, PATIENCE_MS);
    });
    layer.on("remove", () => clearTimeout(timer));
    layer.on("tileload", () => (loaded = true));
    layer.on("tileerror", () => ++failed === 2 && setTimeout(giveUp));
  }

  function notice(map, text) {
    const line = L.DomUtil.create("div", "rutter-notice", map.getContainer());
    line.setAttribute("role", "status");
    line.textContent = text;
    setTimeout(() => line.remove(), 6000);
  }
})();

/* Marks: places that are looked at and are no rows of the data: one that was searched for, and those that a name may
   mean, numbered. Ordinary elements over the map, so that they can be reached by keyboard and read aloud. */
(function (Rutter) {
  "use strict";

  const { make } = Rutter;
  const SIZE_PX = 24;
  const NEAR_PX = 20;
  const BESIDE_PX = 25; // marks at one place stand side by side
  const LABEL_PX = 220;
  const CLOSEST_ZOOM = 9;

  class Marks {
    constructor(app) {
      const { map } = app;
      this.app = app;
      this.list = [];
      this.picked = null;
      (map.getPane("rutterMarks") || map.createPane("rutterMarks")).style.zIndex = 640;
      this.svg = L.svg({ padding: 0.5 });
      this.group = L.layerGroup().addTo(map);
      map.on("moveend zoomend", () => this.arrange());
    }

    /* Shows these places and no others. `set` names the list in what is reported; a flight of the same `turn` was made. */
    show({ list, set, fly, turn, said }) {
      this.group.clearLayers();
      this.set = set;
      this.list = (Array.isArray(list) ? list : []).filter(({ lon, lat }) => Number.isFinite(lon) && Number.isFinite(lat))
        .map((place) => this.mark(place));
      this.arrange();
      if (turn === this.turn) return;
      this.turn = turn;
      if (this.list.length) this.app.popup.hide();
      if (said) this.app.timeline.live.textContent = said;
      if (fly) this.fly(fly);
    }

    mark(place) {
      const numbered = place.number != null;
      const named = `${numbered ? `${place.number}: ` : ""}${place.label}${place.current ? ", as it is read now" : ""}`;
      const body = make("span", { class: "rutter-mark-body" }, make("i", { "aria-hidden": "true" }, numbered ? String(place.number) : ""),
        make("b", { dir: "auto" }, String(place.label).slice(0, 120)));
      const choosable = numbered && !place.current;
      const marker = L.marker([place.lat, place.lon], { pane: "rutterMarks", interactive: choosable, keyboard: choosable,
        riseOnHover: true, icon: L.divIcon({ className: `rutter-mark ${sort(place)}`, html: body, iconSize: [SIZE_PX, SIZE_PX] }) });
      marker.addTo(this.group);
      const node = marker.getElement();
      if (choosable) {
        node.setAttribute("aria-label", `Read it as ${named}`);
        node.addEventListener("focus", () => marker.setZIndexOffset(1000));
        marker.on("click", () => this.pick(place.number));
        node.addEventListener("keydown", (event) => event.key === "Enter" && this.pick(place.number));
      }
      let circle = null;
      if (place.radius_km > 0) {
        circle = L.circle([place.lat, place.lon], { radius: 1000 * place.radius_km, interactive: false, renderer: this.svg,
          className: `rutter-reach ${sort(place)}` }).addTo(this.group);
      }
      return { place, marker, circle, node };
    }

    /* In the copy of the world nearest the middle, and no mark under another. */
    arrange() {
      const { map } = this.app;
      const middle = map.getCenter().lng;
      const taken = [];
      for (const { place, marker, circle, node } of this.list) {
        const at = L.latLng(place.lat, place.lon + 360 * Math.round((middle - place.lon) / 360));
        marker.setLatLng(at);
        if (circle) circle.setLatLng(at);
        const spot = map.latLngToLayerPoint(at);
        const before = taken.filter((other) => other.distanceTo(spot) < NEAR_PX).length;
        taken.push(spot);
        const { x } = map.latLngToContainerPoint(at);
        const room = map.getSize().x - x;
        node.classList.toggle("rutter-leftward", room < LABEL_PX + 40 && room < x);
        node.querySelector("b").style.maxWidth = `${Math.max(80, Math.min(LABEL_PX, Math.max(room, x) - 40))}px`;
        node.style.marginLeft = `${before * BESIDE_PX - SIZE_PX / 2}px`;
      }
    }

    fly({ bounds: [west, south, east, north], always }) {
      const { map, player } = this.app;
      const right = east < west ? east + 360 : east;
      const turns = 360 * Math.round((map.getCenter().lng - (west + right) / 2) / 360);
      const bounds = L.latLngBounds([south, west + turns], [north, right + turns]);
      if (!always && map.getBounds().contains(bounds)) return;
      const size = map.getSize();
      const { legend } = this.app;
      const beside = legend && legend.open && size.x > 500 ? legend.root.offsetWidth : 0;
      const options = { paddingTopLeft: [50, 40], paddingBottomRight: [30 + beside, 40], maxZoom: Math.min(CLOSEST_ZOOM, map.getMaxZoom()) };
      if (player.calm.matches) map.fitBounds(bounds, { ...options, animate: false });
      else map.flyToBounds(bounds, { ...options, duration: 0.8 });
    }

    pick(number) {
      const again = this.picked ? this.picked.turn + 1 : 1;
      this.picked = { set: this.set, number, turn: again };
      this.app.emit("pick");
    }
  }

  function sort({ number, current }) {
    if (number == null) return "rutter-found";
    return current ? "rutter-now" : "rutter-maybe";
  }

  Rutter.Marks = Marks;
})((window.Rutter = window.Rutter || {}));

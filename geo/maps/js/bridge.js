/* Bridge: talks with the page around this one, by messages. Only when there is one, and only with it.

   out  {rutter: "ready"}
        {rutter: "state", window: [iso, iso], bounds: [w, s, e, n], zoom, selected: {layer, id} | null,
         hidden: {kinds, modes}, picked: {set, number, turn} | null, point: {set, lat, lon, turn} | null,
         address: [[key, value] ...], story: {step, turn} | null,
         switched: {turn, shown: {halos, labels, ...}} | null}   when a hand lets go
        {rutter: "key", key: "undo" | "redo"}   Ctrl+Z, Ctrl+Shift+Z
   in   {rutter: "filter", events: bits | null, routes: bits | null}   base64, by table row, lowest bit first; null is all
        {rutter: "select", layer, id, fly}    {rutter: "theme", theme}    {rutter: "show", halos, labels, events, ...}
        {rutter: "window", window: [iso, iso]}    {rutter: "view", bounds: [w, s, e, n]}
        {rutter: "data", columns, bytes, texts, style}   other rows, as renew.js reads them
        {rutter: "story", steps, go: {step, turn, play} | null}   as story.js reads it
        {rutter: "aim", set | null, said}   a click on the map is to give a point
        {rutter: "places" | "sought", list: [{lon, lat, radius_km, label, number | null, current}], set, turn, said,
         fly: {bounds, always} | null}   candidates of a name, and the place somebody looked for                         */
(function (Rutter) {
  "use strict";

  const { calendar } = Rutter;

  function wrap(lon) {
    return ((((lon + 180) % 360) + 360) % 360) - 180;
  }

  const round = (value) => Math.round(value * 1e6) / 1e6;

  function boundsOf(map) {
    const box = map.getBounds();
    const south = Math.max(-90, box.getSouth());
    const north = Math.min(90, box.getNorth());
    const whole = box.getEast() - box.getWest() >= 360;
    const west = wrap(whole ? map.getCenter().lng - 180 : box.getWest());
    const east = whole ? (west <= -180 ? 180 : west - 1e-6) : wrap(box.getEast());
    return [west, south, east, north].map(round);
  }

  function state(app) {
    const { selected } = app;
    return {
      rutter: "state",
      window: app.window.map(calendar.iso),
      bounds: boundsOf(app.map),
      zoom: app.map.getZoom(),
      selected: selected ? { layer: selected.layer, id: selected.id } : null,
      hidden: { kinds: [...app.off.events], modes: [...app.off.routes] },
      picked: app.marks.picked,
      point: app.aim.point,
      address: Rutter.address.write(app),
      switched: app.switched || null,
      story: app.story.open ? { step: app.story.at, turn: app.story.turn } : null,
    };
  }

  function setView(map, [west, south, east, north]) {
    const right = east < west ? east + 360 : east;
    const turns = 360 * Math.round((map.getCenter().lng - (west + right) / 2) / 360);
    const corners = L.latLngBounds([[south, west + turns], [north, right + turns]]);
    map.fitBounds(corners, { animate: false });
    // A view of this very size comes back to the pixel: half a pixel beside the middle would be rounded away.
    const [first, last] = [corners.getNorthWest(), corners.getSouthEast()].map((corner) => map.latLngToContainerPoint(corner));
    const off = last.subtract(first).subtract(map.getSize());
    if (Math.abs(off.x) < 1 && Math.abs(off.y) < 1) map.panBy(first.round(), { animate: false });
  }

  const ACTS = {
    filter(app, message) {
      for (const layer of ["events", "routes"]) {
        if (message[layer] !== undefined) app.setBits(layer, message[layer] === null ? null : Rutter.bytes(message[layer]));
      }
      app.refilter();
    },
    select(app, { layer, id, fly }) {
      if (id == null) app.popup.close();
      else app.reveal(layer, String(id), Boolean(fly));
    },
    theme(app, { theme }) {
      if (["light", "dark", "auto"].includes(theme)) Rutter.setTheme(theme);
    },
    show(app, message) {
      for (const name of Object.keys(app.show)) if (typeof message[name] === "boolean") app.show[name] = message[name];
      if (Rutter.labels && Rutter.labels.setVisible) Rutter.labels.setVisible(app.show.labels);
      if (message.display) app.setDisplay(message.display);
      app.layer.redraw();
      app.emit("show");
    },
    window(app, { window: [from, to] }) {
      app.player.pause();
      app.setWindow(from, to);
      app.release();
    },
    view(app, { bounds }) {
      setView(app.map, bounds);
    },
    data(app, message) {
      return Rutter.renew(app, message);
    },
    aim(app, message) {
      app.aim.ask(message);
    },
    places(app, message) {
      app.marks.show(message);
    },
    sought(app, message) {
      app.sought.show(message);
    },
    story(app, message) {
      app.story.set(message);
    },
  };

  Rutter.boundsOf = boundsOf;
  Rutter.state = state;
  Rutter.setView = setView;
  Rutter.connect = function (app) {
    if (window.parent === window) return;
    let last = "";
    const post = () => {
      const message = state(app);
      const text = JSON.stringify(message);
      if (text === last) return;
      last = text;
      window.parent.postMessage(message, "*");
    };
    const told = [];
    let busy = false;
    /* One after the other; while rows are unpacked the rest waits, and of several rows waiting the last will do. */
    const follow = async () => {
      while (told.length) {
        const message = told.shift();
        if (message.rutter === "data" && told.some(({ rutter }) => rutter === "data")) continue;
        const waiting = ACTS[message.rutter](app, message);
        if (!waiting) continue;
        busy = true;
        await waiting;
        busy = false;
      }
    };
    for (const name of ["release", "select", "pick", "story", "display", "flows"]) app.on(name, post);
    app.map.on("moveend", () => app.player.playing || post());
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || !event.data || typeof event.data !== "object") return;
      if (!Object.hasOwn(ACTS, event.data.rutter)) return;
      told.push(event.data);
      if (!busy) follow();
    });
    window.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      if (!event.repeat) window.parent.postMessage({ rutter: "key", key: event.shiftKey ? "redo" : "undo" }, "*");
    });
    window.parent.postMessage({ rutter: "ready" }, "*");
    app.map.whenReady(post);
  };
})((window.Rutter = window.Rutter || {}));

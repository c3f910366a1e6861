/* Address: the view as short text, `from=2024-01-01&to=2024-04-01&bounds=117,30,150,48&off-kinds=visit&row=events:a`.

   Rutter.address.write(app)        pairs of what differs from the first view; text(app) is the same as text
   Rutter.address.read(app, text)   brings a map there; returns the pairs it could not follow
   Rutter.address.follow(app)       a page of its own keeps them behind the # of its address, a map in the app is told   */
(function (Rutter) {
  "use strict";

  const { icon, make } = Rutter;
  const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{3})?)?Z)?$/;
  const DEGREES = /^-?\d{1,3}(\.\d{1,9})?$/;
  const WORDS = { "off-kinds": ["events", "kindOrder"], "off-modes": ["routes", "modeOrder"] };
  const FILTERS = { kinds: "off-kinds", modes: "off-modes" };
  const APP_ONLY = ["words", "statuses", "sure"];
  const TOLD = "rutter:"; // what the app around this page puts before the text, in the name of the frame
  const PAUSE_MS = 400;
  const STILL_PX = 2;

  const short = (t) => new Date(t).toISOString().replace(/T00:00:00\.000Z$/, "").replace(/(:00)?\.000Z$/, "Z");

  function moment(text) {
    const t = MOMENT.test(text) ? Date.parse(text) : NaN;
    return Number.isFinite(t) && new Date(t).toISOString().startsWith(text.slice(0, 10)) ? t : NaN;
  }

  function box(text) {
    const sides = text.split(",");
    if (sides.length !== 4 || !sides.every((side) => DEGREES.test(side))) return null;
    const [west, south, east, north] = sides.map(Number);
    const fits = Math.abs(west) <= 180 && Math.abs(east) <= 180 && west !== east && south >= -90 && south < north && north <= 90;
    return fits ? [west, south, east, north] : null;
  }

  const encode = (text) => encodeURIComponent(text).replaceAll("%20", "+").replaceAll("%2C", ",").replaceAll("%3A", ":");
  const join = (pairs) => pairs.map(([key, value]) => `${key}=${encode(value)}`).join("&");

  /* Whether the map stands where it stood, but for what a change of its size makes of it. */
  function still(map, view) {
    if (!view || map.getZoom() !== view.zoom) return false;
    return map.project(map.getCenter(), view.zoom).distanceTo(map.project(view.center, view.zoom)) <= STILL_PX;
  }

  const stand = (map) => ({ center: map.getCenter(), zoom: map.getZoom() });

  function write(app) {
    const { map, selected } = app;
    const pairs = [];
    if (!app.isWhole()) pairs.push(["from", short(app.window[0])], ["to", short(app.window[1])]);
    if (app.home && !still(map, app.home)) {
      const decimals = Math.max(0, Math.ceil(Math.log10((256 * 2 ** map.getZoom()) / 360)) + 1);
      pairs.push(["bounds", Rutter.boundsOf(map).map((side) => Number(side.toFixed(decimals))).join(",")]);
    }
    pairs.push(...app.choices.write());
    if (app.flows.by) pairs.push(["flows", app.flows.by]);
    for (const [key, [layer]] of Object.entries(WORDS)) for (const name of app.off[layer]) pairs.push([key, name]);
    for (const [name, shown] of Object.entries(app.show)) if (!shown) pairs.push(["hide", name]);
    if (selected) pairs.push(["row", `${selected.layer}:${selected.id}`]);
    return pairs;
  }

  const textOf = (app) => join(write(app));

  function read(app, text) {
    const asked = new URLSearchParams(text);
    const missed = [];
    const pick = (key, known) => asked.getAll(key).filter((name) => known.includes(name) || !missed.push([key, name]));

    for (const [key, [layer, order]] of Object.entries(WORDS)) app.off[layer] = new Set(pick(key, app[order]));
    for (const [key, off] of Object.entries(FILTERS)) {
      const [layer, order] = WORDS[off];
      const only = pick(key, app[order]);
      if (only.length) for (const name of app[order]) if (!only.includes(name)) app.off[layer].add(name);
    }
    const hidden = pick("hide", Object.keys(app.show));
    if (hidden.length) for (const name of Object.keys(app.show)) app.show[name] = !hidden.includes(name);
    for (const key of APP_ONLY) for (const value of asked.getAll(key)) missed.push([key, value]);

    const sides = ["from", "to"].map((key, side) => (asked.has(key) ? moment(asked.get(key)) : app.domain[side]));
    const follows = sides[0] < sides[1];
    app.setWindow(...(follows ? sides : app.domain));
    for (const key of ["from", "to"]) if (asked.has(key) && !follows) missed.push([key, asked.get(key)]);
    missed.push(...app.choices.read(asked));
    const flows = pick("flows", app.flows.measures())[0] || null;
    if (flows !== app.flows.by) app.flows.set(flows);
    app.refilter();
    app.release();

    const [layer, id] = asked.has("row") ? asked.get("row").split(/:(.*)/s) : [];
    const i = ["events", "routes"].includes(layer) && id ? app[layer].find(id) : -1;
    if (asked.has("row") && i < 0) missed.push(["row", asked.get("row")]);
    const show = (at) => (at < 0 || !app.holds({ layer, i: at }) || !app[layer].mask[at] ? app.popup.close() : app.reveal(layer, id, false));
    if (i === undefined) app[layer].seek(id).then(show); // a large table: it is opened when it is found
    else show(i);

    const bounds = asked.has("bounds") ? box(asked.get("bounds")) : null;
    if (asked.has("bounds") && !bounds) missed.push(["bounds", asked.get("bounds")]);
    if (bounds) whenSized(app.map, () => goTo(app, bounds));
    return missed;
  }

  function whenSized(map, run) {
    const { x, y } = map.getSize();
    if (x && y) run();
    else map.once("resize", () => setTimeout(() => whenSized(map, run)));
  }

  /* Shows the bounds, and shows them again when the page settles to another size before anybody moved the map. */
  function goTo(app, bounds) {
    const { map } = app;
    if (app.keepBounds) map.off("resize", app.keepBounds);
    Rutter.setView(map, bounds);
    let there = stand(map);
    app.keepBounds = () => {
      if (!still(map, there)) return map.off("resize", app.keepBounds);
      Rutter.setView(map, bounds);
      there = stand(map);
      return undefined;
    };
    map.on("resize", app.keepBounds);
  }

  function say(app, text) {
    app.timeline.live.textContent = text;
    if (Rutter.notice) Rutter.notice(app.map, text);
  }

  function addLink(app) {
    const zoom = app.map.zoomControl && app.map.zoomControl.getContainer();
    if (!zoom) return;
    const label = "Copy a link to this view";
    const copy = async (event) => {
      event.preventDefault();
      save(app);
      await Rutter.copy(location.href);
      say(app, "The link is copied");
    };
    const link = make("a", { href: "#", role: "button", class: "rutter-home", title: label, "aria-label": label,
      on: { click: copy } }, icon("link"));
    L.DomEvent.disableClickPropagation(link);
    zoom.append(link);
  }

  /* Where the page has no right to the clipboard, the old way still works under a click. */
  Rutter.copy = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = make("textarea", { style: "position:fixed;opacity:0" });
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  };

  function save(app) {
    const text = textOf(app);
    if (text !== location.hash.slice(1)) history.replaceState(history.state, "", `${location.pathname}${location.search}#${text}`);
  }

  function keep(app) {
    const arrive = () => {
      const missed = read(app, location.hash.slice(1));
      if (missed.length) say(app, `Not on this page, and left out: ${join(missed).slice(0, 200)}`);
    };
    if (location.hash.includes("=")) arrive();
    window.addEventListener("hashchange", arrive);
    let waiting = 0;
    const later = () => {
      clearTimeout(waiting);
      if (!app.player.playing) waiting = setTimeout(() => save(app), PAUSE_MS);
    };
    for (const name of ["release", "select", "filter", "choice", "display", "flows", "show"]) app.on(name, later);
    app.map.on("moveend", later);
    addLink(app);
  }

  function follow(app) {
    whenSized(app.map, () => (app.home = stand(app.map)));
    if (Rutter.instances.length) return; // one address, one map: the first
    if (window.parent === window) keep(app);
    else {
      const told = window.name.startsWith(TOLD) ? window.name.slice(TOLD.length) : location.hash.slice(1);
      if (told.includes("=")) read(app, told);
    }
  }

  Rutter.address = { follow, read, text: textOf, write };
})((window.Rutter = window.Rutter || {}));

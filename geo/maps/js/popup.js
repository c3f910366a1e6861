/* Popup: what is known about a row and where it comes from. Every text goes in as text. */
(function (Rutter) {
  "use strict";

  const { calendar, make, button } = Rutter;
  const BASIS = { "observed track": "observed track", stated: "line stated by the source", inferred: "inferred line, not observed" };

  const SHEET_PX = 560;

  /* An address only when it leads to a web page: nothing else may be clicked. */
  function webAddress(text) {
    try {
      const url = new URL(text);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
      return null;
    }
  }

  function published(text) {
    const t = Date.parse(text);
    return Number.isNaN(t) ? text : calendar.dayWords(calendar.floor(t, "day"), false);
  }

  function number(value) {
    const n = Number(value);
    return value !== "" && Number.isFinite(n) ? n.toLocaleString("en-GB") : value;
  }

  function fact(name, ...values) {
    const shown = values.filter((value) => value != null && value !== "");
    return shown.length ? [make("dt", {}, name), make("dd", {}, ...shown)] : [];
  }

  function sureness(table, i) {
    const share = table.share(i);
    const status = table.word("status", i);
    const words = share === null ? "" : `confidence ${Math.round(100 * share)} %`;
    return [status, words].filter(Boolean).join(" · ");
  }

  function swatch(app, look, line) {
    const canvas = make("canvas", { class: "rutter-swatch", "aria-hidden": "true" });
    Rutter.paintSwatch(canvas, look, line);
    return canvas;
  }

  function eventFacts(app, i) {
    const { events } = app;
    const radius = events.radius[i];
    const km = radius >= 10 ? Math.round(radius) : Math.round(radius * 10) / 10;
    const place = events.text("place", i) || (events.placed(i) ? "" : "not known");
    const spread = radius > 0 ? make("span", { class: "rutter-quiet" }, ` ±${km.toLocaleString("en-GB")} km`) : null;
    return [
      ...fact("When", calendar.when(events.startMs(i), events.endMs(i), events.word("precision", i))),
      ...fact("Where", place, events.placed(i) ? spread : make("span", { class: "rutter-quiet" }, " no place on the map")),
      ...fact("How sure", sureness(events, i)),
    ];
  }

  function routeFacts(app, i) {
    const { routes } = app;
    const text = (name) => routes.text(name, i);
    const mode = routes.word("mode", i);
    const length = routes.length[i];
    const basis = routes.word("basis", i);
    const cargo = [text("cargo"), text("quantity") && `${number(text("quantity"))} ${text("unit")}`.trim()];
    return [
      ...fact("When", calendar.when(routes.startMs(i), routes.endMs(i), routes.word("precision", i))),
      ...fact("From, to", [text("origin"), text("destination")].filter(Boolean).join(" → ")),
      ...fact("Line", [mode && `by ${mode}`, length > 0 && `${Math.round(length).toLocaleString("en-GB")} km`].filter(Boolean).join(", "),
        basis ? make("span", { class: basis === "inferred" ? "rutter-flag" : "rutter-quiet" }, ` ${BASIS[basis] || basis}`) : null),
      ...fact("Passages", text("passages").replaceAll(";", ",")),
      ...fact("Cargo", cargo.filter(Boolean).join(", ")),
      ...fact("Carrier", text("carrier")),
      ...fact("Shipment", text("shipment") && `${text("shipment")}${text("leg") ? `, leg ${text("leg")}` : ""}`),
      ...fact("How sure", sureness(routes, i)),
    ];
  }

  function evidence(app, table, i) {
    const quote = table.text("quote", i);
    const note = table.text("note", i);
    const source = app.source(table.text("source_id", i));
    const parts = [];
    if (quote) parts.push(make("blockquote", { dir: "auto" }, `“${quote}”`));
    if (note) {
      parts.push(make("p", { class: "rutter-note", dir: "auto" }, make("b", {}, quote ? "Note " : "Summary "), note));
    }
    if (source) {
      const address = webAddress(source.url);
      const name = source.title || source.id;
      const title = address
        ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, name) : make("span", {}, name);
      parts.push(make("p", { class: "rutter-source", dir: "auto" }, make("b", {}, "Source "),
        source.publisher ? `${source.publisher}, ` : "", title, source.published ? `, ${published(source.published)}` : ""));
    } else parts.push(make("p", { class: "rutter-source rutter-quiet" }, "No source given"));
    return parts;
  }

  /* The card of one row. */
  function card(app, { layer, i }) {
    const table = app[layer];
    const word = table.word(layer === "events" ? "kind" : "mode", i) || "other";
    const look = layer === "events" ? app.style.kind(word) : app.style.mode(word);
    const chip = make("span", { class: "rutter-chip" }, swatch(app, look, layer === "routes" && app.style.dash(table.word("basis", i))),
      make("span", {}, layer === "events" ? word : look.label));
    return [
      chip,
      make("h2", { dir: "auto" }, table.text("title", i) || table.id(i)),
      make("dl", {}, ...(layer === "events" ? eventFacts(app, i) : routeFacts(app, i))),
      ...evidence(app, table, i),
    ];
  }

  class Popup {
    constructor(app) {
      this.app = app;
      this.list = [];
      this.body = make("div", { class: "rutter-card", tabindex: "-1", role: "group", "aria-label": "Details" });
      this.popup = L.popup({ className: "rutter-popup", maxWidth: 320, minWidth: 210, autoPanPadding: [14, 14], offset: [0, -4] });
      this.sheet = make("div", { class: "rutter-sheet", hidden: true },
        button("Close", "close", () => this.close(), { class: "rutter-sheet-close" }));
      app.map.getContainer().append(this.sheet);
      L.DomEvent.disableClickPropagation(this.sheet);
      L.DomEvent.disableScrollPropagation(this.sheet);
      this.body.addEventListener("keydown", (e) => this.key(e));
      this.body.addEventListener("click", (e) => e.stopPropagation()); // what was clicked may be gone by the time the map asks
      app.map.on("popupclose", (e) => e.popup === this.popup && this.closed());
    }

    /* Shows one of several rows at a point of the map; the arrows page through the others. */
    open(list, at, latlng, focus) {
      const first = !focus && at === 0 && Rutter.listed(list) ? -1 : at;
      const asked = (this.asked = {});
      return Rutter.after(this.load(list, first), () => asked === this.asked && this.openNow(list, first, latlng, focus));
    }

    /* What there is to read about one of several rows; -1 for the list of them. */
    load(list, at) { return at < 0 ? Rutter.loadListed(this.app, list) : this.app.load(list[at]); }

    openNow(list, at, latlng, focus) {
      this.list = list;
      this.at = at;
      this.latlng = latlng;
      const { map } = this.app;
      this.fill();
      this.opening = true;
      map.closePopup();
      if (map.getSize().x < SHEET_PX) this.openSheet(latlng);
      else this.openBubble(latlng);
      this.opening = false;
      this.app.select(list[this.at] || null);
      if (focus) this.body.focus({ preventScroll: true });
      this.focused = focus;
    }

    /* Beside its place, clear of the controls in the corners. */
    openBubble(latlng) {
      const { map, legend } = this.app;
      const size = map.getSize();
      const { options } = this.popup;
      this.sheet.hidden = true;
      options.maxHeight = Math.max(140, Math.min(400, size.y - 60));
      options.autoPanPaddingTopLeft = [size.x > 600 ? 60 : 14, 14];
      const taken = legend ? legend.root.getBoundingClientRect().width + 20 : 0;
      options.autoPanPaddingBottomRight = [size.x > 520 ? Math.max(60, taken) : 60, 14];
      this.popup.setContent(this.body).setLatLng(latlng).openOn(map);
    }

    /* On a phone: at the foot of the map, with the place moved above it. */
    openSheet(latlng) {
      const { map } = this.app;
      this.sheet.append(this.body);
      this.sheet.hidden = false;
      const free = map.getSize().y - this.sheet.offsetHeight;
      const { y } = map.latLngToContainerPoint(latlng);
      if (y > free - 24) map.panBy([0, y - free / 2], { animate: !this.app.player.calm.matches });
    }

    fill() {
      const { list, at } = this;
      this.body.scrollTop = 0;
      if (at < 0) {
        this.body.replaceChildren(...Rutter.listing(this.app, list, (chosen) => this.turnTo(chosen)));
        return;
      }
      const pager = list.length > 1 ? make("div", { class: "rutter-pager" },
        button("Previous", "left", () => this.turn(-1)),
        make("span", { "aria-live": "polite" }, `${at + 1} of ${list.length}`),
        button("Next", "right", () => this.turn(1)),
        Rutter.listed(list) && !list.spread ? button("Back to the list", "list", () => this.turnTo(-1)) : null) : null;
      this.body.replaceChildren(...[pager, ...card(this.app, list[at])].filter(Boolean));
    }

    turn(by) { return this.turnTo((this.at + by + this.list.length) % this.list.length); }

    turnTo(at) {
      const asked = (this.asked = {});
      return Rutter.after(this.load(this.list, at), () => asked === this.asked && this.turnNow(at));
    }

    turnNow(at) {
      this.at = at;
      const row = this.list[at] || null;
      const held = document.activeElement && document.activeElement.getAttribute("aria-label");
      this.fill();
      if (this.list.spread && row) this.latlng = this.app.place(row) || this.latlng;
      if (!this.sheet.hidden) this.openSheet(this.latlng);
      else this.popup.setLatLng(this.latlng).update();
      this.app.select(row);
      const again = held && this.body.querySelector(`button[aria-label="${held === "Previous" ? "Previous" : "Next"}"]`);
      (again || this.body).focus({ preventScroll: true });
    }

    key(event) {
      if (event.key === "Escape") this.close();
      else if (this.list.length > 1 && this.at >= 0 && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        this.turn(event.key === "ArrowLeft" ? -1 : 1);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    /* Out of the way, the row staying chosen. */
    hide() {
      this.opening = true;
      this.sheet.hidden = true;
      this.app.map.closePopup(this.popup);
      this.opening = false;
    }

    close() {
      if (this.sheet.hidden) this.app.map.closePopup(this.popup);
      else {
        this.sheet.hidden = true;
        this.closed();
      }
    }

    closed() {
      if (this.opening) return;
      this.asked = null;
      this.app.select(null);
      if (this.focused && this.list.spread) this.app.browseButton.focus({ preventScroll: true });
    }

    isOpen() { return !this.sheet.hidden || this.popup.isOpen(); }
  }

  /* A line or two beside the pointer. */
  class Tooltip {
    constructor(app) {
      this.app = app;
      this.node = make("div", { class: "rutter-tip", "aria-hidden": "true", hidden: true, dir: "auto" });
      app.map.getContainer().append(this.node);
    }

    show(list, point) {
      const asked = (this.asked = {});
      if (!list.length) {
        this.node.hidden = true;
        return;
      }
      const { layer, i } = list[0];
      Rutter.after(list[0].cluster ? null : this.app[layer].load([i]), () => asked === this.asked && this.showNow(list, point));
    }

    showNow(list, point) {
      const { app, node } = this;
      const { layer, i } = list[0];
      const table = app[layer];
      const { cluster } = list[0];
      const when = cluster ? (cluster.heat ? "near here; click to read them" : "click to look closer") : calendar.when(table.startMs(i), table.endMs(i), table.word("precision", i));
      const flag = layer === "routes" && table.word("basis", i) === "inferred" ? " · inferred" : "";
      node.replaceChildren(make("b", {}, cluster ? calendar.plural(cluster.total, "event") : table.text("title", i).slice(0, 300) || table.id(i)), make("span", {}, when + flag),
        ...(list.length > 1 ? [make("i", {}, `and ${list.length - 1} more here`)] : []));
      node.hidden = false;
      const size = app.map.getSize();
      const left = point.x + 14 + node.offsetWidth > size.x ? point.x - 14 - node.offsetWidth : point.x + 14;
      const top = Math.min(point.y + 14, size.y - node.offsetHeight - 6);
      node.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
    }
  }

  Object.assign(Rutter, { Popup, Tooltip, webAddress });
})((window.Rutter = window.Rutter || {}));

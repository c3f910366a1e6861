/* Finding: the way to a row and to what there is to read about it. Methods of the app; of a large table the texts are
   unpacked first, so that what asks for them goes on a moment later. */
(function (Rutter) {
  "use strict";

  const { calendar } = Rutter;
  const FLY_ZOOM = 6;
  const PLACE_PX = 4; // what is not farther apart on the closest map stands in one place
  const MOST_BROWSED = 2000;
  const MOST_LOOKED_AT = 20_000;
  const MOST_LISTED = 10_000;

  Rutter.finding = {
    /* Sees to it that all there is to read about a row is at hand: null when it is, else a promise. */
    load({ layer, i }) {
      const table = this[layer];
      const waiting = table.load([i]);
      const source = () => Rutter.reach(this.sources, table.text("source_id", i));
      return waiting ? waiting.then(source) : source();
    },

    /* Ids of the rows in the window that pass the filter, on the map or not; of a large table a promise of them. */
    visible() {
      const { events, routes } = this;
      if (events.texts.small && routes.texts.small) {
        const ids = (table) => Array.from(table.found, (i) => table.id(i));
        return { events: ids(events), routes: ids(routes) };
      }
      const read = async (table) => {
        const { found } = table;
        const all = await table.texts.all("id");
        return Array.from(found, (i) => all[table.tableRow(i)]);
      };
      return Promise.all([read(events), read(routes)]).then(([ours, lines]) => ({ events: ours, routes: lines }));
    },

    /* Shows a row by its id; the window moves to it when it lies outside. In a large table it takes a moment to find. */
    reveal(layer, id, fly) {
      const table = this[layer];
      const asked = (this.asked = {});
      const show = (i) => {
        if (asked !== this.asked || table !== this[layer]) return undefined; // asked for another one since, or renewed
        if (!(i >= 0)) return this.popup.close();
        return Rutter.after(this.load({ layer, i }), () => asked === this.asked && this.revealRow(layer, i, fly));
      };
      const i = ["events", "routes"].includes(layer) ? table.find(id) : -1;
      return i === undefined ? table.seek(id).then(show) : show(i);
    },

    revealRow(layer, i, fly) {
      const table = this[layer];
      const [t0, t1] = this.window;
      const [start, end] = [table.startMs(i), table.endMs(i)];
      if (!this.holds({ layer, i })) {
        const spare = Math.max(0, t1 - t0 - (end - start)) / 2;
        const from = calendar.floor(start - spare, this.mode === "moment" ? Rutter.momentUnit(this) : "day");
        const last = this.mode === "moment" ? start : end > start ? end : calendar.ceil(end + 1, "day");
        this.setWindow(from, Math.max(from + (t1 - t0), last));
        this.release();
      }
      const row = { layer, i };
      const at = this.place(row);
      const open = () => this.popup.open([row], 0, at || this.map.getCenter());
      if (!at || !fly) return open();
      const zoom = Math.max(this.map.getZoom(), Math.min(FLY_ZOOM, this.map.getMaxZoom()));
      this.select(row);
      if (this.player.calm.matches) {
        this.map.setView(at, zoom, { animate: false });
        return open();
      }
      this.flight = open; // a second row picked on the way takes the place of the first
      this.map.once("moveend", () => this.flight === open && open()).flyTo(at, zoom, { duration: 0.8 });
      return undefined;
    },

    /* Goes closer until a cluster falls apart; one that cannot is read row by row. */
    enter(cluster, latlng) {
      const { map, events } = this;
      const rows = this.layer.rowsOf(cluster);
      if (cluster.heat) return this.list(rows, latlng);
      const places = rows.slice(0, MOST_LOOKED_AT).map((i) => this.place({ layer: "events", i })).filter(Boolean);
      const bounds = L.latLngBounds(places);
      const nearest = map.getMaxZoom();
      const apart = map.project(bounds.getSouthWest(), nearest).distanceTo(map.project(bounds.getNorthEast(), nearest));
      if (apart > PLACE_PX && map.getZoom() < nearest) return map.flyToBounds(bounds, { padding: [30, 30], duration: 0.5, animate: !this.player.calm.matches });
      return this.list(rows, latlng);
    },

    /* Opens events to be read, the first in time first; of very many not all, but their kinds are those of all. */
    list(rows, latlng) {
      const { events } = this;
      const tally = new Map();
      for (const i of rows) tally.set(events.word("kind", i), (tally.get(events.word("kind", i)) || 0) + 1);
      const first = rows.sort((a, b) => events.startMs(a) - events.startMs(b)).slice(0, MOST_LISTED);
      const list = first.map((i) => ({ layer: "events", i }));
      Object.assign(list, { all: rows.length, kinds: [...tally].sort((a, b) => b[1] - a[1]) });
      return this.popup.open(list, 0, latlng);
    },

    /* For the keyboard: one row in view after the other, in order of time. */
    browse() {
      const rows = [];
      const bounds = this.map.getBounds();
      const shown = [this.events, this.routes].filter(({ name }) => this.show[name]);
      for (const table of shown) {
        const inView = Rutter.inView(this, table).sort((a, b) => table.startMs(a) - table.startMs(b));
        for (let k = 0; k < inView.length && rows.length < MOST_BROWSED; k++) {
          const row = { layer: table.name, i: inView[k] };
          const at = this.place(row);
          if (at && bounds.contains(at)) rows.push(row);
        }
      }
      if (!rows.length) {
        this.timeline.live.textContent = "Nothing is on this part of the map in this window.";
        return;
      }
      rows.sort((a, b) => this[a.layer].startMs(a.i) - this[b.layer].startMs(b.i));
      rows.spread = true;
      this.popup.open(rows, 0, this.place(rows[0]), true);
    },
  };
})((window.Rutter = window.Rutter || {}));

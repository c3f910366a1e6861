/* Aim: while the page around this one asks for a point, a click on the map gives one and opens nothing. */
(function (Rutter) {
  "use strict";

  class Aim {
    constructor(app) {
      this.app = app;
      this.set = null;
      this.point = null;
    }

    /* `set` names what the point is for; null to ask no more. */
    ask({ set, said }) {
      this.set = set || null;
      this.app.map.getContainer().classList.toggle("rutter-aiming", this.set !== null);
      if (this.set === null) return;
      this.app.flight = null; // a row flown to opens no card over the place that is aimed at
      this.app.popup.close();
      if (said) this.app.timeline.live.textContent = said;
    }

    /* Takes a click, or says that nobody asked for one. */
    take(latlng) {
      if (this.set === null) return false;
      const { lat, lng } = latlng.wrap();
      this.point = { set: this.set, lat, lon: lng, turn: (this.point ? this.point.turn : 0) + 1 };
      this.app.emit("pick");
      return true;
    }
  }

  Rutter.Aim = Aim;
})((window.Rutter = window.Rutter || {}));

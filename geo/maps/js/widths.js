/* Widths: a line as wide as what it carries is much, by square root and within one unit only: tonnes are never set beside
   barrels. A route of unknown quantity keeps the plain width, and so do those of a unit that has one amount only. */
(function (Rutter) {
  "use strict";

  const PLAIN_PX = 2.5;
  const LEAST_PX = 1.5;
  const MOST_PX = 7;

  class Widths {
    constructor(app) {
      this.app = app;
      this.renew();
    }

    /* The widest line of a unit stays the same whatever the window holds. */
    renew() {
      const { quantity, unit, units } = this.app.picture.routes;
      this.most = units.map(() => 0);
      const least = units.map(() => Infinity);
      quantity.forEach((value, row) => {
        if (!value) return;
        this.most[unit[row]] = Math.max(this.most[unit[row]], value);
        least[unit[row]] = Math.min(least[unit[row]], value);
      });
      this.compared = this.most.map((most, code) => most > least[code]);
    }

    quantity(i) { return this.app.picture.routes.quantity[this.app.routes.tableRow(i)] || 0; }
    unit(i) { return this.app.picture.routes.unit[this.app.routes.tableRow(i)]; }

    of(i) {
      const unit = this.unit(i);
      return unit >= 0 && this.compared[unit] ? this.px(this.quantity(i), this.most[unit]) : PLAIN_PX;
    }

    px(value, most) { return LEAST_PX + (MOST_PX - LEAST_PX) * Math.sqrt(Math.min(1, value / most)); }

    /* What the legend says: for each unit its widest line; nothing where no route has a quantity. */
    words() {
      return this.app.picture.routes.units.map((name, unit) => this.compared[unit] && [MOST_PX, `${Rutter.amount(this.most[unit])} ${name}`.trim()])
        .filter(Boolean);
    }
  }

  /* A number as it is said aloud: three figures and no more. */
  Rutter.amount = (value) => Number(value.toPrecision(3)).toLocaleString("en-GB");
  Rutter.PLAIN_PX = PLAIN_PX;
  Rutter.Widths = Widths;
})((window.Rutter = window.Rutter || {}));

/* Look: the theme in force, and the colours, shapes and dashes of kinds and modes in it. */
(function (Rutter) {
  "use strict";

  /* A plain folium map brings no theme of its own. */
  function ensureTheme(wanted) {
    if (Rutter.setTheme) return;
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    let chosen = wanted;
    Rutter.theme = () => (chosen === "auto" ? (system.matches ? "dark" : "light") : chosen);
    Rutter.setTheme = (name) => {
      chosen = name;
      document.documentElement.dataset.rutterTheme = Rutter.theme();
      window.dispatchEvent(new CustomEvent("rutter:theme", { detail: { theme: Rutter.theme() } }));
    };
    Rutter.setTheme(wanted);
  }

  /* Colours by kind and mode for the theme in force. */
  class Style {
    constructor(tables) {
      this.tables = tables;
    }

    kind(name) {
      const look = this.tables.kinds[name];
      return { color: Rutter.theme() === "dark" ? look.dark : look.color, points: this.tables.shapes[look.shape] };
    }

    mode(name) {
      const look = this.tables.modes[name];
      return { color: Rutter.theme() === "dark" ? look.dark : look.color, label: look.label };
    }

    dash(name) { return (this.tables.bases[name] || { dash: [] }).dash; }
  }

  /* A small picture of a mark or of a line, for legend and popup. */
  function paintSwatch(canvas, look, dash) {
    const ratio = window.devicePixelRatio || 1;
    const width = dash ? 24 : 16;
    canvas.width = width * ratio;
    canvas.height = 16 * ratio;
    canvas.style.width = `${width}px`;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    if (!dash) {
      Rutter.draw.outline(ctx, look.points, 8, 8, 5.5);
      ctx.fillStyle = look.color;
      ctx.fill();
      return;
    }
    ctx.strokeStyle = look.color;
    ctx.lineWidth = 2.5;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(0, 8);
    ctx.lineTo(width, 8);
    ctx.stroke();
  }

  Object.assign(Rutter, { Style, ensureTheme, paintSwatch });
})((window.Rutter = window.Rutter || {}));

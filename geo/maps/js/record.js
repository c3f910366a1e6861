/* Record: a 2D context that writes SVG. What is drawn on it as on a canvas becomes paths, circles and texts; pictures put
   on it are embedded.

   const pen = new Rutter.SvgPen(width, height);   in CSS pixels
   pen.open("marks"); ... pen.close();             a named group
   pen.svg({ title })                              the file's text                                                      */
(function (Rutter) {
  "use strict";

  const TAU = 2 * Math.PI;
  const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const ANCHORS = { start: "start", left: "start", center: "middle", right: "end", end: "end" };
  const STATE = {
    fillStyle: "#000000", strokeStyle: "#000000", globalAlpha: 1, lineWidth: 1, lineCap: "butt", lineJoin: "miter",
    lineDashOffset: 0, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", letterSpacing: "0px",
  };
  const ruler = document.createElement("canvas").getContext("2d");

  const escape = (text) => String(text).replace(NOT_IN_XML, "\uFFFD").replace(/[&<>"]/g, (sign) => ESCAPES[sign]);
  const short = (value) => String(Math.round(value * 100) / 100);
  const attributes = (list) => Object.entries(list).map(([name, value]) => ` ${name}="${escape(value)}"`).join("");

  /* The text of a path, from the calls that would draw it. */
  class Path {
    constructor() {
      this.parts = [];
      this.circle = null;
    }

    get text() { return this.parts.join(""); }
    add(letter, ...numbers) { this.parts.push(letter + numbers.map(short).join(" ")); }
    moveTo(x, y) { this.add("M", x, y); }
    lineTo(x, y) { this.add(this.parts.length ? "L" : "M", x, y); }
    quadraticCurveTo(...numbers) { this.add("Q", ...numbers); }
    bezierCurveTo(...numbers) { this.add("C", ...numbers); }
    closePath() { this.parts.push("Z"); }
    rect(x, y, width, height) { this.parts.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`); }

    arc(x, y, r, from, to, back = false) { this.ellipse(x, y, r, r, 0, from, to, back); }

    ellipse(x, y, rx, ry, turn, from, to, back = false) {
      const whole = Math.abs(to - from) >= TAU - 1e-9;
      if (whole && rx === ry && !this.parts.length) this.circle = [x, y, rx];
      else if (this.parts.length) this.circle = null;
      const sweep = whole ? TAU : ((((back ? from - to : to - from) % TAU) + TAU) % TAU);
      const at = (share) => {
        const angle = from + (back ? -1 : 1) * share * sweep;
        const [dx, dy] = [rx * Math.cos(angle), ry * Math.sin(angle)];
        return [x + dx * Math.cos(turn) - dy * Math.sin(turn), y + dx * Math.sin(turn) + dy * Math.cos(turn)];
      };
      this.add(this.parts.length && !whole ? "L" : "M", ...at(0));
      for (const share of sweep > Math.PI ? [0.5, 1] : [1]) {
        this.parts.push(`A${short(rx)} ${short(ry)} ${short((turn * 360) / TAU)} 0 ${back ? 0 : 1} ${at(share).map(short).join(" ")}`);
      }
      if (whole) this.closePath();
    }

    roundRect(x, y, width, height, r) {
      this.moveTo(x + r, y);
      for (const [cx, cy, from] of [[x + width - r, y + r, -0.25], [x + width - r, y + height - r, 0], [x + r, y + height - r, 0.25], [x + r, y + r, 0.5]]) {
        this.arc(cx, cy, r, from * TAU, (from + 0.25) * TAU);
      }
      this.closePath();
    }
  }

  /* A gradient, as `createLinearGradient` and its like give it. */
  class Gradient {
    constructor(tag, places) {
      Object.assign(this, { tag, places, stops: [] });
    }

    addColorStop(offset, color) { this.stops.push([offset, color]); }

    svg(id) {
      const stops = this.stops.map(([offset, color]) => {
        const [plain, alpha] = opaque(color);
        return `<stop${attributes({ offset, "stop-color": plain, "stop-opacity": alpha })}/>`;
      });
      return `<${this.tag}${attributes({ id, gradientUnits: "userSpaceOnUse", ...this.places })}>${stops.join("")}</${this.tag}>`;
    }
  }

  /* A colour as "#rrggbb" and its opacity: not every reader of SVG knows rgba(). */
  function opaque(color) {
    ruler.fillStyle = color;
    const found = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(ruler.fillStyle);
    if (!found) return [ruler.fillStyle, 1];
    return [`#${found.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`, Number(found[4])];
  }

  class SvgPen {
    constructor(width, height) {
      Object.assign(this, { width, height, clips: 0, embedded: false });
      this.begin();
      this.canvas = { width, height };
      this.out = [];
      this.defs = [];
      this.stack = [];
      this.path = new Path();
      this.Path = Path;
    }

    /* From here on everything is drawn from this place. */
    begin(base = new DOMMatrix()) {
      Object.assign(this, STATE, { base, dash: [], matrix: DOMMatrix.fromMatrix(base) });
    }

    open(name) { this.out.push(`<g${attributes({ class: name })}>`); }
    close() { this.out.push("</g>"); }

    svg({ title }) {
      const { width, height } = this;
      return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"${attributes({ width, height, viewBox: `0 0 ${width} ${height}` })}>` +
        `<title>${escape(title)}</title><defs>${this.defs.join("")}</defs>\n${this.out.join("\n")}\n</svg>\n`;
    }

    save() {
      const kept = Object.fromEntries(Object.keys(STATE).map((name) => [name, this[name]]));
      this.stack.push({ ...kept, dash: this.dash, matrix: DOMMatrix.fromMatrix(this.matrix), clips: this.clips });
    }

    restore() {
      const kept = this.stack.pop();
      if (!kept) return;
      while (this.clips > kept.clips) {
        this.close();
        this.clips--;
      }
      Object.assign(this, kept);
    }

    translate(x, y) { this.matrix.translateSelf(x, y); }
    rotate(angle) { this.matrix.rotateSelf((angle * 360) / TAU); }
    scale(x, y = x) { this.matrix.scaleSelf(x, y); }
    transform(...six) { this.matrix.multiplySelf(new DOMMatrix(six)); }
    setTransform(...six) { this.matrix = this.base.multiply(six.length === 1 ? six[0] : new DOMMatrix(six.length ? six : undefined)); }
    resetTransform() { this.setTransform(); }
    getTransform() { return this.base.inverse().multiply(this.matrix); }
    setLineDash(dash) { this.dash = [...dash]; }
    getLineDash() { return [...this.dash]; }
    measureText(text) { return this.ruler().measureText(text); }

    beginPath() { this.path = new Path(); }

    /* What is drawn from here on shows inside the path only; the group ends when the state before comes back. */
    clip() {
      const id = `clip${this.defs.length}`;
      this.defs.push(`<clipPath id="${id}"><path${attributes({ d: this.path.text, ...this.placed() })}/></clipPath>`);
      this.out.push(`<g${attributes({ "clip-path": `url(#${id})` })}>`);
      this.clips++;
    }

    createLinearGradient(x1, y1, x2, y2) { return new Gradient("linearGradient", { x1, y1, x2, y2 }); }
    createRadialGradient(fx, fy, fr, cx, cy, r) { return new Gradient("radialGradient", { cx, cy, r, fx, fy, fr }); }

    fill(...given) {
      const path = given[0] instanceof Object ? given[0] : this.path;
      const rule = given.includes("evenodd") ? { "fill-rule": "evenodd" } : {};
      this.shape(path, { ...this.paint("fill", this.fillStyle), ...rule });
    }

    stroke(path = this.path) { this.shape(path, { fill: "none", ...this.line() }); }

    line() {
      const dashed = this.dash.length ? { "stroke-dasharray": this.dash.join(" "), "stroke-dashoffset": this.lineDashOffset } : {};
      return { ...this.paint("stroke", this.strokeStyle), "stroke-width": this.lineWidth, "stroke-linecap": this.lineCap,
        "stroke-linejoin": this.lineJoin, ...dashed };
    }

    shape(path, look) {
      const { circle, text } = path;
      if (circle && path.parts.length <= 4) {
        const [cx, cy, r] = circle.map(short);
        this.out.push(`<circle${attributes({ cx, cy, r, ...look, ...this.placed() })}/>`);
      } else if (text) this.out.push(`<path${attributes({ d: text, ...look, ...this.placed() })}/>`);
    }

    fillRect(x, y, width, height) {
      this.out.push(`<rect${attributes({ x: short(x), y: short(y), width: short(width), height: short(height), ...this.paint("fill", this.fillStyle), ...this.placed() })}/>`);
    }

    strokeRect(x, y, width, height) {
      this.out.push(`<rect${attributes({ x, y, width, height, fill: "none", ...this.line(), ...this.placed() })}/>`);
    }

    clearRect() {} // each drawing begins on an empty sheet

    fillText(text, x, y) { this.write(text, x, y, this.paint("fill", this.fillStyle)); }
    strokeText(text, x, y) { this.write(text, x, y, { fill: "none", ...this.line() }); }

    write(text, x, y, look) {
      const pen = this.ruler();
      const box = pen.measureText("x");
      const [up, down] = [box.fontBoundingBoxAscent, box.fontBoundingBoxDescent];
      const lower = { middle: (up - down) / 2, top: up, hanging: up, bottom: -down }[this.textBaseline] || 0;
      const spaced = parseFloat(this.letterSpacing) ? { "letter-spacing": this.letterSpacing } : {};
      this.out.push(`<text${attributes({ x: short(x), y: short(y + lower), style: `font:${pen.font}`, "text-anchor": ANCHORS[this.textAlign],
        ...spaced, ...look, ...this.placed() })}>${escape(text)}</text>`);
    }

    /* An empty sheet is left out. */
    drawImage(image, ...place) {
      const seen = image.getContext("2d").getImageData(0, 0, image.width, image.height).data;
      if (!new Uint32Array(seen.buffer).some(Boolean)) return;
      this.embedded = true;
      const [x, y, width, height] = place.length > 4 ? place.slice(4) : [...place, image.width, image.height];
      this.out.push(`<image${attributes({ x, y, width, height, href: image.toDataURL("image/png"), ...this.placed() })}/>`);
    }

    putImageData(pixels, x, y) {
      const sheet = document.createElement("canvas");
      Object.assign(sheet, { width: pixels.width, height: pixels.height });
      sheet.getContext("2d").putImageData(pixels, 0, 0);
      this.drawImage(sheet, x, y);
    }

    paint(what, style) {
      if (style instanceof Gradient) {
        const id = `paint${this.defs.length}`;
        this.defs.push(style.svg(id));
        return { [what]: `url(#${id})`, ...(this.globalAlpha < 1 ? { [`${what}-opacity`]: short(this.globalAlpha) } : {}) };
      }
      const [color, alpha] = opaque(style);
      const seen = alpha * this.globalAlpha;
      return { [what]: color, ...(seen < 1 ? { [`${what}-opacity`]: short(seen) } : {}) };
    }

    placed() {
      const { a, b, c, d, e, f, isIdentity } = this.matrix;
      return isIdentity ? {} : { transform: `matrix(${[a, b, c, d].map((n) => Math.round(n * 1e4) / 1e4).join(" ")} ${short(e)} ${short(f)})` };
    }

    ruler() {
      ruler.font = this.font;
      if ("letterSpacing" in ruler) ruler.letterSpacing = this.letterSpacing;
      return ruler;
    }
  }

  const CALLS = ["moveTo", "lineTo", "quadraticCurveTo", "bezierCurveTo", "closePath", "rect", "arc", "ellipse", "roundRect"];
  for (const call of CALLS) SvgPen.prototype[call] = function (...given) { this.path[call](...given); };

  Rutter.SvgPen = SvgPen;
})((window.Rutter = window.Rutter || {}));

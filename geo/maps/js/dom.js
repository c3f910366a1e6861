/* Elements of the page: made here, so that text of the data goes in as text and in no other way. */
(function (Rutter) {
  "use strict";

  /* Makes an element; text goes in as text, never as HTML. */
  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "on") for (const [type, run] of Object.entries(value)) node.addEventListener(type, run);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  }

  const ICONS = {
    play: "M4 2.5v11l9.5-5.5z", pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z", plus: "M7 3h2v4h4v2H9v4H7V9H3V7h4z",
    minus: "M3 7h10v2H3z", fit: "M2 4h2v8H2zM12 4h2v8h-2zM5 7.2h6v1.6H5z", fold: "M1 7h4v2H1zM11 7h4v2h-4zM6 12l2-8h2l-2 8z",
    left: "M10 3 5 8l5 5z", right: "M6 3l5 5-5 5z", close: "M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
    link: "M2 8a3.5 3.5 0 0 1 3.5-3.5H7v1.7H5.5a1.8 1.8 0 0 0 0 3.6H7v1.7H5.5A3.5 3.5 0 0 1 2 8zM5.5 7.2h5v1.6h-5zM9 4.5h1.5a3.5 3.5 0 0 1 0 7H9V9.8h1.5a1.8 1.8 0 0 0 0-3.6H9z",
    all: "M2 2h4v2H4v2H2zM10 2h4v4h-2V4h-2zM2 10h2v2h2v2H2zM12 10h2v4h-4v-2h2zM6 6h4v4H6z",
    log: "M2 13h12v1.4H2zM2.5 11V9h2.2v2zM6.9 11V6.5h2.2V11zM11.3 11V2.5h2.2V11z", more: "M2 6.5h3v3H2zM6.5 6.5h3v3h-3zM11 6.5h3v3h-3z",
    loop: "M3 7V6a3 3 0 0 1 3-3h4V1l4 3-4 3V5H6a1 1 0 0 0-1 1v1zM13 9v1a3 3 0 0 1-3 3H6v2l-4-3 4-3v2h4a1 1 0 0 0 1-1V9z",
    camera: "M5.5 3 6.5 1.5h3L10.5 3H14v10.5H2V3zM8 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 8 5zm0 1.5a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4z",
    list: "M2 3h3v2H2zM7 3h7v2H7zM2 7h3v2H2zM7 7h7v2H7zM2 11h3v2H2zM7 11h7v2H7z",
  };

  function icon(name) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    for (const [key, value] of [["viewBox", "0 0 16 16"], ["aria-hidden", "true"], ["class", "rutter-icon"]]) {
      svg.setAttribute(key, value);
    }
    const path = document.createElementNS(ns, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  const button = (label, mark, run, extra) =>
    make("button", { type: "button", title: label, "aria-label": label, on: { click: run }, ...extra }, icon(mark));

  function select(label, choices, value, run) {
    const options = choices.map(([key, text]) => make("option", { value: key, selected: key === value }, text));
    return make("select", { "aria-label": label, title: label, on: { change: (e) => run(e.target.value) } }, ...options);
  }

  Object.assign(Rutter, { button, icon, make, select });
})((window.Rutter = window.Rutter || {}));

// Ctrl+Z and Ctrl+Shift+Z press the buttons that are on the page, so that there is one way to do each thing. They are
// left to a field while somebody types in it; from the map they come by message. Buttons of an icon alone get a name.
const TYPED_IN = "input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable=true], [role=textbox], .st-key-grid";
let keys = {};

const button = (role) => document.querySelector(`.st-key-${keys[role]} button`);
const press = (role) => button(role)?.matches(":enabled") && button(role).click();

function pressed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
  const at = event.composedPath()[0];
  if (at instanceof Element && at.closest(TYPED_IN)) return;
  event.preventDefault();
  if (!event.repeat) press(event.shiftKey ? "redo" : "undo");
}

function told({ source, data }) {
  if (source === globalThis.rutterBridge?.frame?.contentWindow && data?.rutter === "key" && data.key in keys) press(data.key);
}

export default function ({ data }) {
  ({ keys } = data);
  for (const role of Object.keys(keys)) button(role)?.setAttribute("aria-label", data.names[role] ?? `Nothing to ${role}`);
  addEventListener("keydown", pressed, true);
  addEventListener("message", told);
  return () => {
    removeEventListener("keydown", pressed, true);
    removeEventListener("message", told);
  };
}

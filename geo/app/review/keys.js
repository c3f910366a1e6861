// Keys press the buttons that are on the page, so that there is one way to do each thing. Keys and clicks wait for the
// answer to the last one, so that nothing is decided unseen, and keys are silent while somebody types.
const TYPED_IN = "input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable=true], [role=textbox], [role=combobox], [role=listbox], [role=slider]";
let run = null;
let asked = null;
let keys = {};
let step = null;

function wait(turn) {
  asked = turn;
  document.documentElement.dataset.rutterReview = asked === run ? "busy" : "ready";
}

function press(key) {
  document.querySelector(`.st-key-${keys[key]} button:enabled`)?.click();
}

function clicked(event) {
  const path = event.composedPath().filter((node) => node instanceof Element);
  const answered = [...Object.values(keys), "review-queue"].map((name) => `st-key-${name}`);
  const at = path.find((node) => answered.some((name) => node.classList.contains(name)));
  if (!at || !path.some((node) => node.matches("button:enabled"))) return;
  if (asked === run) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else wait(run);
}

function pressed(event) {
  const at = event.composedPath()[0];
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !(event.key in keys)) return;
  if (at instanceof Element && at.closest(TYPED_IN)) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // Streamlit would run the page again at "r"
  press(event.key);
}

function told({ data }) {
  if (data && data.rutter === "key" && data.key in keys) press(data.key);
}

function focus({ key, turn }) {
  if (turn === globalThis.rutterFocused) return;
  globalThis.rutterFocused = turn;
  requestAnimationFrame(() => {
    const field = document.querySelector(`.st-key-${key} :is(input, textarea)`);
    if (!field) return;
    field.focus();
    field.select();
  });
}

export default function ({ data, parentElement }) {
  ({ run, keys } = data);
  wait(null);
  if (step !== data.step && document.activeElement?.matches(TYPED_IN)) document.activeElement.blur();
  step = data.step;
  addEventListener("keydown", pressed, true);
  addEventListener("click", clicked, true);
  addEventListener("message", told);
  if (data.focus) focus(data.focus);
  const live = parentElement.querySelector("[role=status]");
  if (live.textContent !== data.said) live.textContent = data.said;
  return () => {
    delete document.documentElement.dataset.rutterReview;
    removeEventListener("keydown", pressed, true);
    removeEventListener("click", clicked, true);
    removeEventListener("message", told);
  };
}

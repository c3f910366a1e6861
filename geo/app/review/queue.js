// The candidates that wait, the one in hand among them.
function row({ id, title, small, sure, mark }, { marks, current }, choose) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = id === current ? "now" : "";
  if (id === current) node.setAttribute("aria-current", "true");
  const picture = Object.assign(document.createElement("img"), { src: marks[mark], alt: "" });
  const words = document.createElement("span");
  words.append(
    Object.assign(document.createElement("b"), { textContent: title }),
    Object.assign(document.createElement("small"), { textContent: small }),
  );
  node.append(picture, words, Object.assign(document.createElement("i"), { textContent: sure }));
  node.addEventListener("click", () => choose(id));
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".queue");
  const choose = (id) => setTriggerValue("chosen", id);
  const held = Boolean(parentElement.activeElement);
  box.replaceChildren(...data.rows.map((one) => row(one, data, choose)));
  const now = box.querySelector(".now");
  if (now && held) now.focus({ preventScroll: true });
  if (now) box.scrollTop = now.offsetTop - box.offsetTop - box.clientHeight / 3;
}

// The article, its places marked by how sure they are, and the sentence in hand brought into view. Text goes in as text.
function piece({ text, is, start, title }, choose) {
  const place = start !== undefined;
  const node = document.createElement(place ? "mark" : "span");
  node.className = is.join(" ");
  node.textContent = text;
  if (place) {
    node.title = title;
    node.addEventListener("click", () => choose(start));
    if (is.includes("sentence")) {
      node.tabIndex = 0;
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", `${text}: ${title}. Put it here.`);
      node.addEventListener("keydown", (event) => {
        if (event.key === "Enter") choose(start);
      });
    }
  }
  return node;
}

function cut(count) {
  const node = document.createElement("p");
  node.className = "cut";
  node.textContent = `… ${count.toLocaleString("en")} characters are not shown here …`;
  return node;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".text");
  const choose = (start) => setTriggerValue("mention", { start, of: data.of });
  const said = JSON.stringify(data);
  box.choose = choose;
  if (box.said === said) return;
  box.said = said;
  box.replaceChildren(
    ...(data.before ? [cut(data.before)] : []),
    ...data.pieces.map((one) => piece(one, (start) => box.choose(start))),
    ...(data.after ? [cut(data.after)] : []),
  );
  const first = box.querySelector(".sentence");
  if (first) box.scrollTop = first.offsetTop - box.offsetTop - box.clientHeight / 3;
}

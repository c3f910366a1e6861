// Writes the view into the address bar, and copies that address. `st.query_params` would add a step to the browser's
// history for every movement of the map.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea"); // a page without https has no clipboard, but still this way
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

export default function ({ data, parentElement }) {
  const others = [...new URLSearchParams(location.search)].filter(([key]) => !data.keys.includes(key));
  const text = [data.text, new URLSearchParams(others).toString()].filter(Boolean).join("&");
  const address = `${location.pathname}${text && `?${text}`}${location.hash}`;
  if (address !== `${location.pathname}${location.search}${location.hash}`) history.replaceState(history.state, "", address);

  const button = parentElement.querySelector("button");
  const label = button.querySelector("span");
  button.onclick = async () => {
    await copy(location.href);
    label.textContent = "Copied";
    setTimeout(() => (label.textContent = "Copy link"), 2000);
  };
}

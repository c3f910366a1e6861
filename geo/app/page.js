// The map's page in an iframe, mounted once: a rerun finds it here and lets it live.
// Each kind of message is posted when it differs from the last of its kind; a flight to a row is never repeated, and what
// is meant for another page is not posted.
const bridge = (globalThis.rutterBridge ??= { frame: null, ready: false, messages: new Map(), sent: new Map() });

bridge.send = (sender, told) => {
  bridge.messages.set(sender, told);
  if (!bridge.ready || told.page !== bridge.name || !bridge.frame.contentWindow) return;
  for (const message of told.messages) {
    const text = JSON.stringify(message);
    if (bridge.sent.get(message.rutter) === text) continue;
    bridge.sent.set(message.rutter, text);
    bridge.frame.contentWindow.postMessage(message, "*");
  }
};

const TRIES = 3;
const WAIT_MS = 1000;

function load(host, parentElement, { page, name, begin, title }) {
  bridge.frame?.remove();
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.name = `rutter:${begin}`; // where geo/maps/js/address.js reads it before the map first speaks
  frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads");
  frame.style.cssText = "border:0;width:100%;height:100%;display:block;border-radius:12px";
  const flown = bridge.sent.get("select");
  Object.assign(bridge, { frame, name, ready: false, sent: new Map(flown ? [["select", flown]] : []) });
  host.rutterName = name;

  removeEventListener("message", bridge.listen);
  bridge.listen = ({ source, data: message }) => {
    if (source !== frame.contentWindow || !message) return;
    if (message.rutter === "ready") {
      bridge.ready = true;
      for (const [sender, told] of bridge.messages) bridge.send(sender, told);
    }
    if (message.rutter === "state") {
      const { rutter: _, ...state } = message;
      host.rutterReport({ ...state, page: name });
    }
  };
  addEventListener("message", bridge.listen);
  parentElement.appendChild(frame);
  fetched(page).then(
    (html) => (frame.srcdoc = html),
    (error) => (frame.srcdoc = `<p role="alert">The map did not arrive (${error.message}). Load this page again.</p>`),
  );
}

async function fetched(address) {
  for (let left = TRIES; ; left -= 1) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      return await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).text();
    } catch (error) {
      if (left === 1) throw error;
      await new Promise((done) => setTimeout(done, WAIT_MS));
    }
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.host ?? parentElement;
  host.rutterReport = (state) => setStateValue("state", state);
  if (host.rutterName !== data.name || !bridge.frame?.isConnected) load(host, parentElement, data);
}

// The map's page in an iframe, mounted once: a rerun finds it here and lets it live.
const bridge = (globalThis.rutterBridge ??= { frame: null, ready: false, messages: [] });

bridge.send = (messages) => {
  bridge.messages = messages;
  if (bridge.ready) messages.forEach((message) => bridge.frame?.contentWindow?.postMessage(message, "*"));
};

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.host ?? parentElement;
  host.rutterReport = (state) => setStateValue("state", state);
  if (host.rutterPage === data.page && bridge.frame?.isConnected) return;

  bridge.frame?.remove();
  const frame = document.createElement("iframe");
  frame.title = "Map of events and routes with a time slider";
  frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads");
  frame.style.cssText = "border:0;width:100%;height:100%;display:block;border-radius:12px";
  Object.assign(bridge, { frame, ready: false });
  host.rutterPage = data.page;

  removeEventListener("message", bridge.listen);
  bridge.listen = ({ source, data: message }) => {
    if (source !== frame.contentWindow || !message) return;
    if (message.rutter === "ready") {
      bridge.ready = true;
      bridge.send(bridge.messages);
    }
    if (message.rutter === "state") {
      const { rutter: _, ...state } = message;
      host.rutterReport(state);
    }
  };
  addEventListener("message", bridge.listen);
  parentElement.appendChild(frame);
  frame.srcdoc = data.page;
}

// Hands the app's messages to the map; kept apart from the page so that a new filter does not send the page again.
export default function ({ data }) {
  const bridge = (globalThis.rutterBridge ??= { frame: null, ready: false, messages: new Map(), sent: new Map() });
  if (bridge.send) bridge.send(data.sender, data);
  else bridge.messages.set(data.sender, data);
}

// Hands the app's messages to the map; kept apart from the page so that a new filter does not send the page again.
export default function ({ data }) {
  const bridge = (globalThis.rutterBridge ??= { frame: null, ready: false, messages: [], sent: new Map() });
  if (bridge.send) bridge.send(data.messages);
  else bridge.messages = data.messages;
}

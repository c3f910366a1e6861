// Whoever follows a link to a view is sent away to sign in and comes back to the bare address: the view waits in the tab.
const KEPT = "rutter-view-to-come";

export default function ({ data }) {
  if (!data.inside) {
    if (location.search) sessionStorage.setItem(KEPT, location.search);
    return;
  }
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (kept) location.replace(location.pathname + kept);
}

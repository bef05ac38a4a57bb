/** After the first load the page needs no network: a service worker keeps its files. */
export async function keepOffline(ready: () => void): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL("sw.js", document.baseURI));
    const { active } = await navigator.serviceWorker.ready;
    if (active === null) return;
    if (active.state === "activated") ready();
    else active.addEventListener("statechange", () => active.state === "activated" && ready());
  } catch (error) {
    console.info("not kept for offline use:", error);
  }
}

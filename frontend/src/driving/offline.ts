/** The page itself without a connection: a worker keeps it and what it is drawn with, for the driver who is logged in. */
import { page } from "../page";
import { clear } from "../shelf";

const SHELF = "niaga-driving";
const OWNER = "niaga:driving";

/** What was kept for somebody else who used this phone is thrown away, forms they began with their photos as well; what
    they told and is not sent yet stays until they log in again. Whose log-in is over may come back to what they began. */
export function forgetDay(): void {
  try {
    const owner = localStorage.getItem(OWNER);
    const user = page().user;
    if (!owner || owner === user) return;
    void clear(`day:${owner}`);
    if ("caches" in window) void caches.delete(SHELF);
    if (!user) return;
    localStorage.removeItem(OWNER);
    void clear(`doors:${owner}`);
  } catch {
    /* nothing is kept where nothing may be kept */
  }
}

/** Has the worker keep this page: it was loaded before the worker was there. */
export async function keepPage(worker: string, path: string): Promise<void> {
  try {
    localStorage.setItem(OWNER, page().user);
    if (!("serviceWorker" in navigator) || !navigator.onLine) return;
    const found = await navigator.serviceWorker.register(worker, { scope: path, type: "module" });
    const ready = found.active ?? (await active(found));
    const files = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => new URL(name).pathname.startsWith("/static/"));
    const icons = document.documentElement.dataset["icons"];
    ready.postMessage({ keep: [...new Set([path, ...files, ...(icons ? [new URL(icons, location.href).href] : [])])] });
  } catch {
    /* without a worker the open page still goes on */
  }
}

function active(found: ServiceWorkerRegistration): Promise<ServiceWorker> {
  return new Promise((done, fail) => {
    const worker = found.installing ?? found.waiting;
    if (!worker) return fail(new Error("no worker"));
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") done(worker);
      else if (worker.state === "redundant") fail(new Error("no worker"));
    });
  });
}

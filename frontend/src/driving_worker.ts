/** Opens the driver's page without a connection. It answers for that page and the files it is drawn with, nothing else. */
interface Keep {
  keep: string[];
}
interface Asked extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
const scope = self as unknown as {
  addEventListener(name: string, act: (event: never) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: { scope: string };
};
const SHELF = "niaga-driving";
const PATIENCE = 6_000;
const home = new URL(scope.registration.scope).pathname;

scope.addEventListener("install", () => void scope.skipWaiting());
scope.addEventListener("activate", (event: Lasting) => event.waitUntil(scope.clients.claim()));
scope.addEventListener("message", (event: MessageEvent<Keep> & Lasting) => event.waitUntil(keep(event.data.keep)));
scope.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === home) event.respondWith(pageNow(request));
  else if (url.pathname.startsWith("/static/dist/")) event.respondWith(fileOnce(request));
});

/** What the page names; what is no longer named belongs to an older build and goes. */
async function keep(addresses: string[]): Promise<void> {
  const shelf = await caches.open(SHELF);
  const wanted = new Set(addresses.map((one) => new URL(one, location.href).href));
  for (const held of await shelf.keys()) if (!wanted.has(held.url)) await shelf.delete(held);
  for (const address of wanted) {
    const isPage = new URL(address).pathname === home;
    if (!isPage && (await shelf.match(address))) continue;
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => undefined);
    if (answer?.ok && !answer.redirected) await shelf.put(address, answer);
  }
}

/** The page of now, else the one that was kept. */
async function pageNow(request: Request): Promise<Response> {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await shelf.put(home, answer.clone());
    if (answer.status < 500) return answer;
    return (await shelf.match(home)) ?? answer;
  } catch (problem) {
    const kept = await shelf.match(home);
    if (kept) return kept;
    throw problem;
  }
}

/** Files of the build never change: their names carry what is in them. */
async function fileOnce(request: Request): Promise<Response> {
  const shelf = await caches.open(SHELF);
  return (await shelf.match(request.url)) ?? fetch(request);
}

export {};

/** A driver's day on a phone: it goes on without a connection, and what was told of doors is sent once there is one. */
import { keepPage } from "./driving/offline";
import { type Draft } from "./driving/door";
import { clock, sayer, type Day, type Facts, type Stop, type Told, type Visit } from "./driving/facts";
import { outcome, stopList, stopOf, toldOf } from "./driving/list";
import { answerOf, lookAround, placeNow, placeQuestion } from "./driving/place";
import { stopView } from "./driving/stop";
import { icon, make, page } from "./page";
import { Queue, type Waiting } from "./queue";
import { all, drop, get, put } from "./shelf";
import { toast } from "./toasts";

const LOOK_AGAIN = 15_000;
const BEGUN = 3 * 86_400_000;
const KEPT = "last";

const host = document.querySelector<HTMLElement>("[data-drive]");
const told = document.getElementById("drive-facts")?.textContent;
if (host && told) void start(host, JSON.parse(told) as Facts);

async function start(host: HTMLElement, facts: Facts): Promise<void> {
  const user = page().user;
  const say = sayer(facts.say);
  const dayShelf = `day:${user}`;
  const draftShelf = `doors:${user}`;
  const drafts = new Map<string, Draft>();
  /** Told and taken, but the day does not say so yet. */
  const sent = new Set<string>();
  const state = document.querySelector<HTMLElement>("[data-drive-state]");
  const progress = document.querySelector<HTMLElement>("[data-drive-progress]");
  const kept = document.querySelector<HTMLElement>("[data-drive-kept]");
  let day = facts.day;
  let tag = "";
  let asOf = Date.now();
  let isFresh = navigator.onLine;

  const queue = await Queue.open<Told>({
    shelf: `visits:${user}`,
    changed: () => draw(),
    sent: (one) => {
      if ("outcome" in one.body) sent.add(stopOf(one));
      if (one.url.endsWith("/reports")) toast(say("handed_in"));
      void look();
    },
    refused: (one, refusal) => {
      if (!("outcome" in one.body)) return "forget";
      toast(`${nameOf(stopOf(one))}: ${refusal.message}`, { tone: "bad" });
      void look();
      return "keep";
    },
  });
  // Opened without a connection this is an old page: the phone may know a newer day.
  const newer = await get<{ day: Day; at: number }>(dayShelf, KEPT);
  if (newer && !navigator.onLine) [day, asOf] = [newer.day, newer.at];
  else void keepDay();

  function nameOf(id: string): string {
    return day.stops.find((stop) => stop.id === id)?.name ?? "";
  }
  function keepDay(): Promise<boolean> {
    return put({ shelf: dayShelf, key: KEPT, at: Date.now(), value: { day, at: asOf } });
  }
  function chosen(): Stop | undefined {
    return day.stops.find((stop) => stop.id === location.hash.slice(1));
  }

  /** The plan as it is now; what changed of it is said. */
  async function look(): Promise<void> {
    const known = [...sent];
    let answer: Response;
    try {
      answer = await fetch(facts.urls.day, { headers: { Accept: "application/json", "X-For-User": user, ...(tag ? { "If-None-Match": tag } : {}) }, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(15_000) });
    } catch {
      isFresh = false;
      return tell();
    }
    isFresh = answer.ok || answer.status === 304;
    if (isFresh) asOf = Date.now();
    if (answer.ok) {
      const next = (await answer.json()) as Day;
      tag = answer.headers.get("ETag") ?? "";
      compare(day, next);
      const before = JSON.stringify(chosen());
      day = next;
      for (const one of known) sent.delete(one);
      void keepDay();
      void tidy();
      // A form that is being filled in is not drawn anew under the driver's hand.
      const stop = chosen();
      if (!stop || !drafts.get(stop.id)?.arrived_at || JSON.stringify(stop) !== before) draw();
    }
    tell();
  }

  /** What was begun at doors that are no longer this driver's, photos and all, does not stay on the phone. */
  async function tidy(): Promise<void> {
    for (const { key, at } of await all<Draft>(draftShelf)) {
      if (at < Date.now() - BEGUN && !day.stops.some((stop) => stop.id === key)) await drop(draftShelf, key);
    }
  }

  function compare(before: Day, after: Day): void {
    const then = new Map(before.stops.map((stop) => [stop.id, stop]));
    const now = new Map(after.stops.map((stop) => [stop.id, stop]));
    for (const [id, stop] of now) {
      const old = then.get(id);
      if (!old) toast(say("came", { name: stop.name }), { tone: "calm" });
      else if (stop.state === "off" && old.state !== "off") toast(say("off", { name: stop.name }), { tone: "warn", stays: 0 });
    }
    for (const [id, stop] of then) {
      if (!now.has(id) && !["done", "missed", "off"].includes(stop.state) && !sent.has(id)) toast(say("gone", { name: stop.name }), { tone: "warn", stays: 0 });
    }
  }

  /** What stands above the stops: how far the day is, how fresh the plan, what waits. */
  function tell(): void {
    const over = toldOf(queue);
    const done = day.stops.filter((stop) => over.has(stop.id) || sent.has(stop.id) || ["done", "missed", "off"].includes(stop.state)).length;
    if (progress) progress.textContent = day.stops.length ? say("progress", { done, all: day.stops.length }) : "";
    if (state) {
      state.className = isFresh ? "live on small" : "small drive-stale";
      state.textContent = isFresh ? say("fresh") : say("as_of", { time: clock(asOf) });
    }
    if (!kept) return;
    const count = queue.waiting.length;
    const why = queue.hindered === "server" ? say("again_later", { reason: say("server") }) : queue.hindered === "session" ? say("again_later", { reason: say("no_session") }) : "";
    kept.hidden = !count && !queue.refused.length;
    kept.replaceChildren(
      ...(count ? [make("p", { class: "drive-waits" }, icon("cloud-upload", true), make("span", {}, count === 1 ? say("kept_one") : say("kept", { count }), why ? ` ${why}` : ""))] : []),
      ...(queue.loose && count ? [make("p", { class: "drive-waits" }, icon("triangle-alert", true), say("not_kept"))] : []),
      ...queue.refused.map(refusedBox),
    );
  }

  function refusedBox(one: Waiting<Told>): HTMLElement {
    const visit = one.body as Visit;
    const again = make("button", { type: "button", class: "btn" }, icon("rotate-ccw", true), say("try_again"));
    const give = make("button", { type: "button", class: "btn go" }, icon("inbox", true), say("hand_in"));
    again.addEventListener("click", () => void queue.again(one));
    give.addEventListener("click", () => {
      one.body = { ...visit, refused_code: one.refused?.code ?? "", refused_words: one.refused?.message ?? "" };
      one.url = `${facts.urls.stop}${stopOf(one)}/reports`;
      void queue.again(one);
    });
    return make("section", { class: "card drive-refused", role: "alert" },
      make("div", { class: "body stack" },
        make("h2", {}, icon("triangle-alert"), `${nameOf(stopOf(one))}: ${outcome(visit, say)}`),
        make("p", {}, make("b", {}, say("refused")), ` · ${clock(visit.at)}`),
        make("p", {}, one.refused?.message ?? ""),
        make("div", { class: "drive-two" }, again, one.url.endsWith("/reports") ? null : give)));
  }

  async function save(stop: Stop, visit: Omit<Visit, "key" | "at" | "position">): Promise<void> {
    const key = crypto.randomUUID();
    const at = new Date().toISOString();
    const position = await placeNow(day);
    drafts.delete(stop.id);
    void drop(draftShelf, stop.id);
    await queue.add({ key, url: `${facts.urls.stop}${stop.id}/visits`, body: { ...visit, key, at, ...(position ? { position } : {}) } });
    toast(say("saved"));
    location.hash = "";
  }

  function draw(): void {
    tell();
    const stop = chosen();
    document.body.classList.toggle("at-door", stop !== undefined);
    if (!stop) {
      const question = placeQuestion(day, say, (isGiven) => {
        const key = crypto.randomUUID();
        void queue.add({ key, url: facts.urls.consent, body: { is_given: isGiven } });
      });
      const isAsked = answerOf(day) === null;
      host.replaceChildren(...[isAsked ? question : null, ...stopList(day, queue, say, sent), isAsked ? null : question].filter((one) => one !== null));
      return;
    }
    host.replaceChildren(
      ...stopView({
        stop, day, say, draft: drafts.get(stop.id), told: toldOf(queue).get(stop.id), isSent: sent.has(stop.id),
        keep: (draft) => {
          drafts.set(stop.id, draft);
          void put({ shelf: draftShelf, key: stop.id, at: Date.now(), value: draft });
        },
        arrived: () => {
          lookAround(day);
          draw();
          host.querySelector<HTMLElement>("input[name=way]")?.focus({ preventScroll: true });
          host.querySelector<HTMLElement>(".drive-arrived")?.scrollIntoView({ block: "start" });
        },
        save: (visit) => save(stop, visit),
      }),
    );
  }

  async function move(): Promise<void> {
    const stop = chosen();
    if (stop && !drafts.has(stop.id)) {
      const draft = await get<Draft>(draftShelf, stop.id);
      if (draft) drafts.set(stop.id, draft);
    }
    if (stop && drafts.get(stop.id)?.arrived_at) lookAround(day);
    draw();
    window.scrollTo(0, 0);
    host.querySelector<HTMLElement>(".drive-title")?.focus({ preventScroll: true });
  }

  window.addEventListener("hashchange", () => void move());
  window.addEventListener("online", () => void look());
  window.addEventListener("offline", () => {
    isFresh = false;
    tell();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void look();
  });
  window.setInterval(() => {
    if (document.visibilityState === "visible") void look();
  }, LOOK_AGAIN);
  void keepPage(facts.urls.worker, location.pathname);
  void navigator.storage?.persist?.().catch(() => false);
  await move();
  void queue.send();
}

/** Where the phone is when a stop is saved: only with the driver's yes, never waited for long, never needed. */
import { icon, make, page } from "../page";
import type { Day, Say, Visit } from "./facts";

const shelf = (): string => `niaga:place:${page().user}`;

/** The driver's answer: the newest one of this phone, else what the server knows; null: not asked yet. */
export function answerOf(day: Day): boolean | null {
  try {
    const said = localStorage.getItem(shelf());
    return said === null ? day.asks.place : said === "1";
  } catch {
    return day.asks.place;
  }
}

function keepAnswer(isGiven: boolean): void {
  try {
    localStorage.setItem(shelf(), isGiven ? "1" : "0");
  } catch {
    /* it is asked again then */
  }
}

let asked: Promise<Visit["position"]> | undefined;

/** Begins to look where the phone is, so that saving need not wait. */
export function lookAround(day: Day): void {
  asked = undefined;
  if (!day.asks.days || !answerOf(day) || !navigator.geolocation) return;
  asked = new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ latitude: round(coords.latitude), longitude: round(coords.longitude), accuracy: Math.round(coords.accuracy) }),
      () => done(undefined),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  });
}

/** To some ten metres: finer is nobody's business. */
function round(degrees: number): number {
  return Math.round(degrees * 10_000) / 10_000;
}

/** What was found until now; saving waits two seconds at most. */
export async function placeNow(day: Day): Promise<Visit["position"]> {
  if (!answerOf(day) || !asked) return undefined;
  return Promise.race([asked, new Promise<undefined>((done) => window.setTimeout(() => done(undefined), 2_000))]);
}

/** The question, once; afterwards a line that says what holds and lets it be changed. */
export function placeQuestion(day: Day, say: Say, answer: (isGiven: boolean) => void): HTMLElement | null {
  if (!day.asks.days) return null;
  const held = answerOf(day);
  const ask = (): HTMLElement => {
    const yes = make("button", { type: "button", class: "btn go big" }, say("place_yes"));
    const no = make("button", { type: "button", class: "btn big" }, say("place_no"));
    const card = make(
      "section",
      { class: "card drive-ask", "aria-labelledby": "place-ask" },
      make("div", { class: "body stack" },
        make("h2", { id: "place-ask" }, icon("map-pin"), say("place_ask")),
        make("p", { class: "quiet" }, say("place_text", { days: day.asks.days })),
        make("div", { class: "drive-two" }, no, yes)),
    );
    for (const [button, isGiven] of [[yes, true], [no, false]] as const) {
      button.addEventListener("click", () => {
        keepAnswer(isGiven);
        answer(isGiven);
      });
    }
    return card;
  };
  if (held === null) return ask();
  const change = make("button", { type: "button", class: "btn ghost s" }, say("place_change"));
  const line = make("p", { class: "small quiet drive-place" }, icon("map-pin", true), make("span", {}, say(held ? "place_on" : "place_off", { days: day.asks.days })), change);
  change.addEventListener("click", () => line.replaceWith(ask()));
  return line;
}

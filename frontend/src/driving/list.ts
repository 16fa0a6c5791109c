/** The stops of the day: late ones first, then in their order; what is done stands below. */
import { icon, make } from "../page";
import type { Queue, Waiting } from "../queue";
import type { Day, Say, Stop, Told, Visit } from "./facts";

/** What was told of each stop and waits on this phone. */
export function toldOf(queue: Queue<Told>): Map<string, Waiting<Told>> {
  return new Map(queue.items.filter((one) => "outcome" in one.body).map((one) => [stopOf(one), one]));
}

/** The stop of an address such as `/driving/stops/<id>/visits`. */
export function stopOf(one: Waiting<Told>): string {
  return one.url.split("/").at(-2) ?? "";
}

export function stopList(day: Day, queue: Queue<Told>, say: Say, sent: Set<string>): Node[] {
  const told = toldOf(queue);
  const isOver = (stop: Stop): boolean => told.has(stop.id) || sent.has(stop.id) || ["done", "missed", "off"].includes(stop.state);
  const open = day.stops.filter((stop) => !isOver(stop));
  const parts: [string, Stop[]][] = [
    ["late_head", open.filter((stop) => stop.late && stop.state !== "waiting")],
    ["today_head", open.filter((stop) => !stop.late && stop.state !== "waiting")],
    ["waiting_head", open.filter((stop) => stop.state === "waiting")],
    ["done_head", day.stops.filter(isOver)],
  ];
  if (!day.stops.length) {
    return [make("section", { class: "card empty" }, make("div", { class: "pictogram" }, icon("route")), make("h2", {}, say("empty")), make("p", { class: "quiet" }, say("empty_more")))];
  }
  const shown = parts.filter(([, stops]) => stops.length);
  const isFinished = !open.length;
  return [
    ...(isFinished ? [make("div", { class: "drive-finished" }, icon("circle-check"), make("p", {}, say("all_done")))] : []),
    ...shown.map(([head, stops]) =>
      make("section", { class: `drive-part ${head}` },
        make("h2", {}, say(head), " ", make("span", { class: "quiet" }, String(stops.length))),
        make("ol", { class: "drive-stops" }, ...stops.map((stop) => make("li", {}, card(stop, told.get(stop.id), sent.has(stop.id), say))))),
    ),
  ];
}

function card(stop: Stop, told: Waiting<Told> | undefined, isSent: boolean, say: Say): HTMLElement {
  const goods = stop.lines.slice(0, 2).map((line) => `${line.shown} ${line.name}`).join(" · ");
  const rest = stop.lines.length - 2;
  const isOver = told || isSent || ["done", "missed", "off"].includes(stop.state);
  return make(
    "a",
    { href: `#${stop.id}`, class: `drive-stop${isOver ? " over" : ""}` },
    make("span", { class: "drive-number", "aria-hidden": "true" }, String(stop.position)),
    make("span", { class: "drive-what" },
      make("b", { class: "drive-name" }, stop.name),
      make("span", { class: "quiet small" }, stop.address.filter(Boolean).join(", ")),
      isOver ? over(stop, told, isSent, say) : make("span", { class: "small drive-goods" }, goods, rest > 0 ? ` ${say("more_goods", { count: rest })}` : ""),
      isOver ? null : make("span", { class: "row drive-chips" },
        stop.late ? chip(say("late", { day: stop.late }), "bad", "clock") : null,
        stop.state === "again" || stop.state === "waiting" ? chip(stop.said.label, stop.said.tone, stop.said.icon) : null,
        stop.collect ? chip(say("collect", { amount: stop.collect.shown }), "accent", "banknote") : null)),
    icon("chevron-right", true),
  );
}

function over(stop: Stop, told: Waiting<Told> | undefined, isSent: boolean, say: Say): HTMLElement {
  if (told) {
    const visit = told.body as Visit;
    const words = told.refused ? say("refused") : say("unsent");
    return make("span", { class: "row drive-chips" }, chip(outcome(visit, say), visit.outcome === "failed" ? "bad" : "good", visit.outcome === "failed" ? "circle-x" : "circle-check"), chip(words, told.refused ? "bad" : "warn", told.refused ? "triangle-alert" : "cloud-upload"));
  }
  if (isSent) return make("span", { class: "row drive-chips" }, chip(say("sent"), "good", "circle-check"));
  const last = stop.last;
  return make("span", { class: "row drive-chips" },
    chip(last && stop.state !== "off" ? last.label : stop.said.label, last && stop.state !== "off" ? { delivered: "good", part: "warn", failed: "bad" }[last.outcome] ?? "" : stop.said.tone, last?.outcome === "failed" && stop.state !== "off" ? "circle-x" : stop.said.icon),
    last && stop.state !== "off" ? make("span", { class: "small quiet" }, last.outcome === "failed" ? [last.why, last.next && say("next_try", { day: last.next })].filter(Boolean).join(" · ") : last.received_by) : null);
}

export function outcome(visit: Visit, say: Say): string {
  if (visit.outcome !== "failed") return say(visit.outcome);
  const known = say(`why_${visit.reason ?? ""}`);
  return known.startsWith("why_") ? (visit.reason ?? "") : known;
}

export function chip(words: string, tone: string, name: string): HTMLElement {
  return make("span", { class: `chip ${tone}` }, icon(name), words);
}

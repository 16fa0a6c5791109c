/** One door: who, where, what, and what is to be collected; then what is told of it. */
import { icon, make } from "../page";
import type { Waiting } from "../queue";
import { BLANK, doorForm, type Draft } from "./door";
import { clock, type Day, type Say, type Stop, type Told, type Visit } from "./facts";
import { chip, outcome } from "./list";

interface Context {
  stop: Stop;
  day: Day;
  say: Say;
  draft: Draft | undefined;
  told: Waiting<Told> | undefined;
  isSent: boolean;
  keep: (draft: Draft) => void;
  arrived: () => void;
  save: (visit: Omit<Visit, "key" | "at" | "position">) => Promise<void>;
}

export function stopView(context: Context): Node[] {
  const { stop, say } = context;
  const map = /Android/.test(navigator.userAgent) ? `geo:0,0?q=${encodeURIComponent(stop.place)}` : `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(stop.place)}`;
  const isOpen = !context.told && !context.isSent && (stop.state === "todo" || stop.state === "again");
  return [
    make("p", {}, make("a", { class: "link drive-back", href: "#" }, icon("chevron-left", true), say("back"))),
    make("section", { class: "card" },
      make("div", { class: "body stack" },
        make("div", {},
          make("h2", { class: "drive-title", tabindex: "-1" }, stop.name),
          make("p", {}, stop.address[0] ?? ""),
          make("p", { class: "quiet" }, stop.address[1] ?? ""),
          make("p", { class: "small quiet" }, stop.number, " · ", stop.route)),
        make("div", { class: "drive-two" },
          stop.phone ? make("a", { class: "btn big", href: `tel:${stop.phone}` }, icon("phone"), say("call")) : null,
          stop.place ? make("a", { class: "btn big", href: map, target: map.startsWith("geo:") ? null : "_blank", rel: "noopener noreferrer" }, icon("map-pin"), say("map")) : null),
        stop.collect && isOpen ? make("p", { class: "drive-collect" }, make("span", {}, say("cash_here")), make("b", {}, stop.collect.shown)) : null,
        stop.note ? make("p", { class: "drive-note" }, icon("message-square-text", true), make("span", {}, stop.note)) : null,
        stop.late && isOpen ? chip(say("late", { day: stop.late }), "bad", "clock") : null,
        stop.last?.outcome === "failed" && isOpen ? make("p", { class: "small" }, say("last_try", { why: stop.last.why, at: stop.last.at })) : null)),
    make("section", { class: "card" },
      make("header", {}, make("h2", {}, say("goods")), make("span", { class: "more quiet" }, String(stop.lines.length))),
      make("ul", { class: "drive-goods-list" }, ...stop.lines.flatMap((line, place) => [
        line.order && line.order !== stop.lines[place - 1]?.order ? make("li", { class: "drive-order" }, make("b", {}, line.order)) : null,
        make("li", {}, make("b", { class: "num" }, line.shown), make("span", {}, line.name))]))),
    ...below(context, isOpen),
  ];
}

function below(context: Context, isOpen: boolean): Node[] {
  const { stop, day, say, told } = context;
  if (told) {
    const visit = told.body as Visit;
    return [box(chip(outcome(visit, say), visit.outcome === "failed" ? "bad" : "good", "circle-check"), told.refused ? `${say("refused")}: ${told.refused.message}` : say("unsent"))];
  }
  if (context.isSent) return [box(chip(say("sent"), "good", "circle-check"))];
  if (stop.state === "off") return [box(chip(stop.said.label, "bad", "ban"), say("called_off"))];
  if (stop.state === "waiting") return [box(chip(stop.said.label, "faint", "package"), say("not_loaded"))];
  if (!isOpen) {
    const last = stop.last;
    const words = last ? (last.outcome === "failed" ? [last.why, last.at, last.next && say("next_try", { day: last.next })] : [say("taken_by", { name: last.received_by, at: last.at }), last.cash && say("paid", { amount: last.cash })]) : [];
    return [box(chip(last?.label ?? stop.said.label, stop.said.tone, stop.said.icon), words.filter(Boolean).join(" · "))];
  }
  const draft = context.draft;
  if (!draft?.arrived_at) {
    const here = make("button", { type: "button", class: "btn go big wide drive-here" }, icon("map-pin-check"), say("arrived"));
    here.addEventListener("click", () => {
      context.keep({ ...structuredClone(BLANK), arrived_at: new Date().toISOString() });
      context.arrived();
    });
    return [here];
  }
  const held = draft;
  return [
    make("p", { class: "small quiet drive-arrived" }, icon("map-pin-check", true), say("arrived_at", { time: clock(held.arrived_at) })),
    doorForm({ stop, day, say, draft: held, keep: () => context.keep(held), save: context.save }),
  ];
}

function box(head: Node, words = ""): HTMLElement {
  return make("section", { class: "card" }, make("div", { class: "body stack" }, make("p", {}, head), words ? make("p", {}, words) : null));
}

/** What goes in place of goods that are not on their shelf: chosen, scanned where it is taken along, and counted. */
import { icon, make } from "./page";

/** Figures in base units: `free` of it are there; the line's goods are replaced in steps of `step`, each by `ratio`. */
export interface Offer {
  id: string;
  sku: string;
  name: string;
  unit: string;
  place: string;
  codes: string[];
  agreement: string;
  free: string;
  ratio: string;
  step: string;
}
export interface Instead {
  box: HTMLElement;
  /** So much of the line is missing now. */
  refresh(missing: number): void;
  /** What goes instead; null: nothing. A text says what is still to do. */
  chosen(): { offer: Offer; quantity: number } | null | string;
}
type Say = (key: string, values?: Record<string, string | number>) => string;

const EXACT = 1e6;

/** In millionths, so that 0.1 x 3 is 0.3. */
function most(offer: Offer, missing: number): number {
  const step = Math.round(Number(offer.step) * EXACT);
  const each = (Number(offer.step) * Number(offer.ratio) * EXACT) / EXACT;
  const steps = Math.floor(Math.round(missing * EXACT) / step);
  const there = Math.floor((Number(offer.free) + 1 / EXACT) / each);
  return Math.round(Math.max(0, Math.min(steps, there)) * each * EXACT) / EXACT;
}

export function insteadOf(offers: Offer[], say: Say): Instead {
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 6 });
  const box = make("fieldset", { class: "walk-instead", hidden: true });
  const detail = make("div", { class: "walk-why" });
  let missing = 0;
  let offer: Offer | undefined;
  let quantity = 0;
  let verified = false;

  function choose(one: Offer | undefined): void {
    offer = one;
    verified = one?.agreement === "ask";
    quantity = one ? most(one, missing) : 0;
    detail.replaceChildren();
    if (!one) return;
    const shown = make("output", { class: "walk-amount small-amount" }, number.format(quantity));
    const each = Number(one.step) * Number(one.ratio);
    const turn = (by: number): void => {
      quantity = Math.round(Math.min(most(one, missing), Math.max(each, quantity + by * each)) * EXACT) / EXACT;
      shown.textContent = number.format(quantity);
    };
    const less = make("button", { type: "button", class: "btn walk-step", "aria-label": say("less") }, icon("minus"));
    const more = make("button", { type: "button", class: "btn walk-step", "aria-label": say("more") }, icon("plus"));
    less.addEventListener("click", () => turn(-1));
    more.addEventListener("click", () => turn(1));
    const count = make("div", { class: "walk-count" }, less, shown, more);
    const limit = make("p", { class: "quiet small" }, say("instead_all", { quantity: number.format(most(one, missing)), unit: one.unit }));
    if (one.agreement === "ask") {
      detail.append(make("p", { class: "small" }, say("instead_ask")), count, limit);
      return;
    }
    const scan = make("input", { class: "walk-scan", "data-next": "", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", placeholder: say("instead_scan", { name: one.name }), "aria-label": say("instead_scan", { name: one.name }) });
    const told = make("p", { class: "small", role: "status" }, say("instead_ahead"));
    const check = (code: string): void => {
      verified = one.codes.includes(code) || one.sku.toLowerCase() === code.toLowerCase();
      told.className = verified ? "walk-verdict right" : "walk-verdict wrong";
      told.replaceChildren(icon(verified ? "circle-check" : "octagon-x"), make("span", {}, say(verified ? "right" : "instead_wrong", { name: one.name })));
      scan.value = "";
      if (!verified) return void navigator.vibrate?.([200, 80, 200]);
      scan.removeAttribute("data-next");
    };
    scan.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (scan.value.trim()) check(scan.value.trim());
    });
    detail.append(scan);
    if (!one.codes.length) {
      const looked = make("button", { type: "button", class: "btn s ghost" }, say("by_hand"));
      looked.addEventListener("click", () => check(one.sku));
      detail.append(looked);
    }
    detail.append(told, count, limit);
  }

  function option(one: Offer | undefined, checked: boolean): HTMLElement {
    const input = make("input", { type: "radio", name: "instead", checked });
    input.addEventListener("change", () => choose(one));
    const words = one ? [make("b", {}, one.name), make("span", { class: "small quiet" }, say("take_from", { free: number.format(Number(one.free)), unit: one.unit, place: one.place || say("no_place") }))] : [make("span", {}, say("instead_none"))];
    return make("label", { class: "walk-offer" }, input, make("span", {}, ...words));
  }

  return {
    box,
    refresh(now: number): void {
      if (now === missing && !box.hidden) return;
      missing = now;
      const fitting = offers.filter((one) => most(one, missing) > 0);
      box.hidden = missing <= 0 || !fitting.length;
      choose(undefined);
      box.replaceChildren(make("legend", { class: "small" }, say("instead")), option(undefined, true), ...fitting.map((one) => option(one, false)), detail);
    },
    chosen(): { offer: Offer; quantity: number } | null | string {
      if (box.hidden || !offer || quantity <= 0) return null;
      return verified ? { offer, quantity } : say("instead_scan", { name: offer.name });
    },
  };
}

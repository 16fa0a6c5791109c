/** What a driver tells of a door. Everything typed, drawn and photographed is kept on the phone until it is saved. */
import { icon, make } from "../page";
import { signaturePad, type Pad } from "../pad";
import { smallPicture } from "../photos";
import { toast } from "../toasts";
import { dayAfter, shownMoney, shownNumber, typedNumber, type Day, type Say, type Stop, type Visit } from "./facts";

export type Way = "delivered" | "part" | "refused_all" | "nobody";
/** A form that is not saved yet. */
export interface Draft {
  arrived_at: string;
  way?: Way;
  received_by: string;
  refused: Record<string, { quantity: number; reason: string }>;
  reason: string;
  words: string;
  next_date: string;
  signature: string;
  photos: string[];
  cash: string;
  note: string;
}
export const BLANK: Draft = { arrived_at: "", received_by: "", refused: {}, reason: "", words: "", next_date: "", signature: "", photos: [], cash: "", note: "" };

const WAYS: [Way, string][] = [["delivered", "circle-check"], ["part", "package-open"], ["refused_all", "circle-x"], ["nobody", "clock"]];
const REFUSED = ["refused", "damaged", "wrong", "other"];
const NOBODY = ["nobody", "closed", "address", "other"];
const NOT_TAKEN = ["damaged", "wrong", "refused", "other"];
const MOST_PHOTOS = 4;

interface Context {
  stop: Stop;
  day: Day;
  say: Say;
  draft: Draft;
  keep: () => void;
  save: (visit: Omit<Visit, "key" | "at" | "position">) => Promise<void>;
}

export function doorForm(context: Context): HTMLElement {
  const { draft, say, keep } = context;
  const fields = make("div", { class: "stack drive-fields" });
  const form = make("form", { class: "card", novalidate: true, autocomplete: "off" });
  let pad: Pad | undefined;
  let isSaving = false;

  const show = (): void => {
    pad = undefined;
    fields.replaceChildren();
    if (!draft.way) return;
    if (draft.way === "part") fields.append(notTaken(context));
    if (draft.way === "delivered" || draft.way === "part") {
      fields.append(receiver(context));
      const signed = signing(context);
      pad = signed.pad;
      fields.append(signed.box, photos(context), ...cash(context), remark(context));
    } else {
      fields.append(reasons(context, draft.way === "nobody" ? NOBODY : REFUSED), ...(draft.way === "nobody" ? [nextTry(context)] : []), photos(context), remark(context));
    }
    fields.append(make("button", { type: "submit", class: "btn go big wide drive-save" }, icon("check"), say("save")));
  };

  const ways = make("fieldset", { class: "drive-ways" }, make("legend", {}, say("how")));
  for (const [way, sign] of WAYS) {
    const choice = make("input", { type: "radio", name: "way", value: way, checked: draft.way === way });
    choice.addEventListener("change", () => {
      draft.way = way;
      draft.reason = "";
      keep();
      show();
    });
    ways.append(make("label", { class: `drive-way ${way}` }, choice, icon(sign), make("span", {}, say(way))));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isSaving) return;
    const visit = told(context, form, pad);
    if (!visit) return;
    isSaving = true;
    const button = form.querySelector<HTMLButtonElement>(".drive-save");
    if (button) button.disabled = true;
    void context.save(visit).finally(() => (isSaving = false));
  });
  form.append(make("div", { class: "body stack" }, ways, fields));
  show();
  return form;
}

function field(label: string, control: HTMLElement, name: string, hint = ""): HTMLElement {
  control.id = `door-${name}`;
  return make("div", { class: "field", "data-field": name }, make("label", { for: control.id }, label, hint ? make("span", { class: "optional" }, hint) : null), control, make("p", { class: "error", role: "alert", hidden: true }));
}

function receiver({ draft, keep, say }: Context): HTMLElement {
  const name = make("input", { class: "input", type: "text", maxlength: "120", autocomplete: "off", autocapitalize: "words", enterkeyhint: "done", placeholder: say("who_hint"), value: draft.received_by });
  name.addEventListener("input", () => {
    draft.received_by = name.value;
    keep();
  });
  return field(say("who"), name, "received_by");
}

function signing({ draft, keep, say, day }: Context): { box: HTMLElement; pad: Pad } {
  const canvas = make("canvas", { width: "720", height: "240", role: "img", "aria-labelledby": "door-sign-label" });
  const hint = make("p", { class: "small hint-line", "aria-hidden": "true" }, say("sign_hint"));
  const undo = make("button", { type: "button", class: "btn s" }, icon("undo-2", true), say("undo"));
  const clear = make("button", { type: "button", class: "btn s" }, say("clear"));
  const type = make("button", { type: "button", class: "btn s" }, icon("pen-line", true), say("typed"));
  const host = make("div", { class: "signature" }, canvas, hint);
  const pad = signaturePad(canvas, () => {
    host.classList.toggle("signed", pad.drawn);
    undo.disabled = clear.disabled = !pad.drawn;
    draft.signature = pad.data();
    keep();
  });
  undo.disabled = clear.disabled = !draft.signature;
  if (draft.signature) {
    pad.load(draft.signature);
    host.classList.add("signed");
  }
  undo.addEventListener("click", () => pad.undo());
  clear.addEventListener("click", () => pad.clear());
  type.addEventListener("click", () => {
    if (!draft.received_by.trim()) {
      toast(say("name_first"), { tone: "warn" });
      document.getElementById("door-received_by")?.focus();
      return;
    }
    pad.type(draft.received_by.trim());
  });
  const label = make("span", { class: "label", id: "door-sign-label" }, say("sign"), day.asks.signature ? null : make("span", { class: "optional" }, say("optional")));
  return { pad, box: make("div", { class: "field", "data-field": "signature" }, label, host, make("div", { class: "row" }, undo, clear, type), make("p", { class: "error", role: "alert", hidden: true })) };
}

function photos({ draft, keep, say, day }: Context): HTMLElement {
  const pick = make("input", { type: "file", accept: "image/*", capture: "environment", class: "sr-only", id: "door-photo" });
  const words = make("span", {});
  const open = make("label", { class: "btn big wide drive-photo", for: "door-photo" }, icon("camera"), words);
  const shelf = make("ul", { class: "drive-photos" });
  const show = (): void => {
    words.textContent = say(draft.photos.length ? "another" : "take_photo");
    open.hidden = draft.photos.length >= MOST_PHOTOS;
    shelf.replaceChildren(
      ...draft.photos.map((photo, place) => {
        const away = make("button", { type: "button", class: "round", "aria-label": say("drop_photo", { number: place + 1 }) }, icon("x", true));
        away.addEventListener("click", () => {
          draft.photos.splice(place, 1);
          keep();
          show();
        });
        return make("li", {}, make("img", { src: photo, alt: say("shown_photo", { number: place + 1 }) }), away);
      }),
    );
  };
  pick.addEventListener("change", () => {
    const file = pick.files?.[0];
    if (!file) return;
    smallPicture(file)
      .then((picture) => {
        draft.photos.push(picture);
        keep();
        show();
      })
      .catch(() => toast(say("no_photo"), { tone: "bad" }))
      .finally(() => (pick.value = ""));
  });
  show();
  const isAsked = day.asks.photo && (draft.way === "delivered" || draft.way === "part");
  return make("div", { class: "field", "data-field": "photos" }, make("span", { class: "label" }, say("photo"), isAsked ? null : make("span", { class: "optional" }, say("optional"))), shelf, pick, open, make("p", { class: "error", role: "alert", hidden: true }));
}

function cash({ draft, keep, say, stop }: Context): HTMLElement[] {
  const amount = make("input", { class: "input num", type: "text", inputmode: "decimal", autocomplete: "off", value: draft.cash });
  amount.addEventListener("input", () => {
    draft.cash = amount.value;
    keep();
  });
  const box = field(say("cash"), amount, "cash", stop.collect ? "" : say("optional"));
  if (stop.collect) {
    const all = make("button", { type: "button", class: "btn wide" }, icon("banknote", true), say("cash_all", { amount: stop.collect.shown }));
    all.addEventListener("click", () => {
      amount.value = draft.cash = shownNumber(Number(stop.collect?.amount));
      keep();
    });
    box.append(all);
  }
  return [box];
}

function remark({ draft, keep, say }: Context): HTMLElement {
  const note = make("textarea", { class: "input", rows: "2", maxlength: "500" });
  note.value = draft.note;
  note.addEventListener("input", () => {
    draft.note = note.value;
    keep();
  });
  return field(say("comment"), note, "note", say("optional"));
}

/** A choice of reasons, with words of one's own for another one. */
function choice(codes: string[], chosen: string, say: Say, changed: (reason: string) => void, label: string): HTMLElement {
  const isOwn = chosen !== "" && !codes.includes(chosen);
  const select = make("select", { class: "input", "aria-label": label }, make("option", { value: "" }, say("why")), ...codes.map((code) => make("option", { value: code }, say(`why_${code}`))));
  const own = make("input", { class: "input", type: "text", maxlength: "200", placeholder: say("own_words"), "aria-label": say("own_words"), hidden: !isOwn, value: isOwn ? chosen : "" });
  select.value = isOwn ? "other" : chosen;
  const tell = (): void => {
    own.hidden = select.value !== "other";
    changed(select.value === "other" ? own.value.trim() || "other" : select.value);
  };
  select.addEventListener("change", tell);
  own.addEventListener("input", tell);
  return make("div", { class: "stack tight" }, select, own);
}

function reasons({ draft, keep, say }: Context, codes: string[]): HTMLElement {
  const box = choice(codes, draft.reason, say, (reason) => {
    draft.reason = reason;
    keep();
  }, say("why"));
  return make("div", { class: "field", "data-field": "reason" }, make("span", { class: "label" }, say("why")), box, make("p", { class: "error", role: "alert", hidden: true }));
}

function nextTry({ draft, keep, say, day }: Context): HTMLElement {
  const days: [string, string][] = [["today", day.today], ["tomorrow", dayAfter(day.today, 1)], ["after", dayAfter(day.today, 2)], ["office", ""]];
  const box = make("fieldset", { class: "drive-next" }, make("legend", { class: "label" }, say("again_on")));
  for (const [label, value] of days) {
    const pick = make("input", { type: "radio", name: "next", value, checked: draft.next_date === value });
    pick.addEventListener("change", () => {
      draft.next_date = value;
      keep();
    });
    box.append(make("label", { class: "drive-day" }, pick, make("span", {}, say(label))));
  }
  return box;
}

function notTaken({ stop, draft, keep, say }: Context): HTMLElement {
  const list = make("ul", { class: "drive-lines" });
  for (const line of stop.lines) {
    const most = Number(line.quantity);
    const held = (draft.refused[line.id] ??= { quantity: 0, reason: "" });
    const amount = make("input", { class: "walk-amount", type: "text", inputmode: line.digits ? "decimal" : "numeric", autocomplete: "off", value: shownNumber(held.quantity), "aria-label": say("refused_quantity", { name: line.name }) });
    const why = choice(NOT_TAKEN, held.reason, say, (reason) => {
      held.reason = reason;
      keep();
    }, `${say("why")} ${line.name}`);
    const weigh = (): void => {
      const typed = typedNumber(amount.value || "0");
      held.quantity = Number.isFinite(typed) ? typed : -1;
      why.hidden = !(held.quantity > 0);
      keep();
    };
    const step = (by: number): void => {
      amount.value = shownNumber(Math.min(most, Math.max(0, Math.max(0, held.quantity) + by)));
      weigh();
    };
    const less = make("button", { type: "button", class: "btn walk-step", "aria-label": say("less", { name: line.name }) }, icon("minus"));
    const more = make("button", { type: "button", class: "btn walk-step", "aria-label": say("more", { name: line.name }) }, icon("plus"));
    less.addEventListener("click", () => step(-1));
    more.addEventListener("click", () => step(1));
    amount.addEventListener("input", weigh);
    why.hidden = !(held.quantity > 0);
    list.append(make("li", {}, make("p", {}, make("b", {}, line.name), " ", make("span", { class: "quiet small" }, say("of", { quantity: line.shown }), line.order ? ` · ${line.order}` : "")), make("div", { class: "walk-count" }, less, amount, more), why));
  }
  return make("div", { class: "field", "data-field": "refused" }, make("span", { class: "label" }, say("not_taken")), list, make("p", { class: "error", role: "alert", hidden: true }));
}

/** The visit, or nothing when something is missing: said beside its field. */
function told({ stop, day, draft, say }: Context, form: HTMLElement, pad: Pad | undefined): Omit<Visit, "key" | "at" | "position"> | undefined {
  for (const box of form.querySelectorAll<HTMLElement>("[data-field]")) delete box.dataset["invalid"];
  for (const words of form.querySelectorAll<HTMLElement>("[data-field] > .error")) words.hidden = true;
  const wrong = (name: string, words: string): undefined => {
    const box = form.querySelector<HTMLElement>(`[data-field=${name}]`);
    const error = box?.querySelector<HTMLElement>(":scope > .error");
    if (!box || !error) return void toast(words, { tone: "warn" });
    box.dataset["invalid"] = "";
    error.textContent = words;
    error.hidden = false;
    box.scrollIntoView({ block: "center" });
    box.querySelector<HTMLElement>("input:not(.sr-only), select, textarea, button")?.focus({ preventScroll: true });
    return undefined;
  };
  const shared = { arrived_at: draft.arrived_at, note: draft.note.trim(), photos: draft.photos };
  if (draft.way === "refused_all" || draft.way === "nobody") {
    if (!draft.reason) return wrong("reason", say("say_why"));
    return { ...shared, outcome: "failed", reason: draft.reason, ...(draft.way === "nobody" && draft.next_date ? { next_date: draft.next_date } : {}) };
  }
  const refused = [];
  if (draft.way === "part") {
    for (const line of stop.lines) {
      const { quantity, reason } = draft.refused[line.id] ?? { quantity: 0, reason: "" };
      if (quantity < 0 || quantity > Number(line.quantity)) return wrong("refused", say("too_much", { name: line.name, quantity: line.shown }));
      if (quantity > 0 && !reason) return wrong("refused", `${line.name}: ${say("say_why")}`);
      if (quantity > 0) refused.push({ line: line.id, quantity: String(quantity), reason });
    }
    if (!refused.length) return wrong("refused", say("say_what"));
    if (stop.lines.every((line) => draft.refused[line.id]?.quantity === Number(line.quantity))) return wrong("refused", say("everything"));
  }
  const name = draft.received_by.trim();
  if (!name) return wrong("received_by", say("say_who"));
  if (day.asks.signature && !pad?.drawn) return wrong("signature", say("sign_first"));
  if (day.asks.photo && !draft.photos.length) return wrong("photos", say("photo_first"));
  const paid = draft.cash.trim() ? typedNumber(draft.cash) : 0;
  if (!Number.isFinite(paid)) return wrong("cash", say("bad_cash"));
  const due = Number(stop.collect?.amount ?? 0);
  if (due && paid < due && draft.way === "delivered" && !form.dataset["less"]) {
    form.dataset["less"] = "1";
    return wrong("cash", say("cash_check", { amount: shownMoney(due, day) }));
  }
  return {
    ...shared,
    outcome: draft.way === "part" ? "part" : "delivered",
    received_by: name,
    ...(refused.length ? { refused } : {}),
    ...(pad?.drawn ? { signature: pad.data() } : {}),
    ...(paid > 0 ? { cash: String(paid) } : {}),
  };
}

import { icon, make, say } from "./page";

export type Tone = "good" | "warn" | "bad" | "calm";

interface ToastOptions {
  tone?: Tone;
  action?: { label: string; run: () => void };
  /** Milliseconds; 0 stays until closed. Refusals stay, confirmations go. */
  stays?: number;
}

const ICONS: Record<Tone, string> = { good: "circle-check", warn: "triangle-alert", bad: "circle-x", calm: "info" };

export function toast(text: string, options: ToastOptions = {}): HTMLElement {
  const tone = options.tone ?? "good";
  const close = make("button", { type: "button", class: "close", "aria-label": say("close") }, icon("x", true));
  const box = make("div", { class: `toast ${tone}`, role: tone === "bad" ? "alert" : "status" }, icon(ICONS[tone]), make("p", {}, text));
  if (options.action) {
    const { label, run } = options.action;
    const button = make("button", { type: "button", class: "btn s" }, label);
    button.addEventListener("click", () => {
      box.remove();
      run();
    });
    box.append(button);
  }
  box.append(close);
  close.addEventListener("click", () => box.remove());
  shelf().append(box);
  expire(box, options.stays ?? (tone === "bad" ? 0 : options.action ? 10_000 : 5_000));
  return box;
}

/** Toasts the server wrote into the page (messages, Undo) leave by themselves too. */
export function startToasts(): void {
  for (const box of document.querySelectorAll<HTMLElement>(".toasts .toast")) adopt(box);
  document.body.addEventListener("toast", (event) => {
    const { text, tone } = (event as CustomEvent<{ text?: string; value?: string; tone?: Tone }>).detail;
    toast(text ?? "", { tone: tone ?? "good" });
  });
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    for (const box of document.querySelectorAll<HTMLElement>(".toasts .toast:not([data-known])")) adopt(box);
  });
}

function adopt(box: HTMLElement): void {
  box.dataset["known"] = "";
  box.querySelector(".close")?.addEventListener("click", () => box.remove());
  expire(box, box.classList.contains("bad") ? 0 : box.querySelector("form, .btn") ? 10_000 : 5_000);
}

function expire(box: HTMLElement, after: number): void {
  if (!after) return;
  let timer = window.setTimeout(() => box.remove(), after);
  const hold = (): void => window.clearTimeout(timer);
  const release = (): void => {
    hold();
    timer = window.setTimeout(() => box.remove(), 3_000);
  };
  box.addEventListener("mouseenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("mouseleave", release);
  box.addEventListener("focusout", release);
}

function shelf(): HTMLElement {
  let element = document.getElementById("toasts");
  if (!element) {
    element = make("div", { id: "toasts", class: "toasts" });
    document.body.append(element);
  }
  // An open modal dialog makes the rest of the page inert, so its messages are shown inside it.
  const dialogs = document.querySelectorAll<HTMLDialogElement>("dialog:modal");
  const host = dialogs[dialogs.length - 1] ?? document.body;
  if (element.parentElement !== host) host.append(element);
  return element;
}

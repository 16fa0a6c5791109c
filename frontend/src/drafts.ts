/** `form[data-draft]`: what is typed is kept in the browser until the server has taken it. */
import { make, page, say, icon } from "./page";

interface Draft {
  at: number;
  /** The document version the form was opened on; a draft of another version is offered, not restored by itself. */
  version: string;
  entries: [string, string][];
}

const PRIVATE = new Set(["csrfmiddlewaretoken", "idempotency_key", "password"]);
const LIFE = 14 * 24 * 3_600_000;

export function startDrafts(): void {
  forget();
  // When htmx listens, so that fields which hang on others hear of what is filled in.
  const start = (): void => document.querySelectorAll<HTMLFormElement>("form[data-draft]").forEach((form) => watch(form));
  if (document.readyState === "complete") start();
  else document.addEventListener("DOMContentLoaded", start);
  document.body.addEventListener("htmx:load", (event) => {
    const target = event.target as HTMLElement;
    const forms = target.matches("form[data-draft]") ? [target] : [...target.querySelectorAll("form[data-draft]")];
    for (const form of forms) watch(form as HTMLFormElement, true);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, successful } = (event as CustomEvent<{ elt: HTMLElement; xhr: XMLHttpRequest; successful: boolean }>).detail;
    const form = elt.closest<HTMLFormElement>("form[data-draft]");
    if (form && successful && (xhr.getResponseHeader("HX-Redirect") || xhr.getResponseHeader("HX-Refresh") || form.dataset["draftDone"] !== undefined)) {
      drop(form);
      // The page that goes away keeps nothing of what the server has taken.
      if (form.dataset["draftDone"] === undefined) form.dataset["taken"] = "1";
    }
  });
}

function keyOf(form: HTMLFormElement): string {
  return `niaga:draft:${page().user}:${form.dataset["draft"]}`;
}

function watch(form: HTMLFormElement, answered = false): void {
  if (form.dataset["watched"]) return;
  form.dataset["watched"] = "1";
  let timer = 0;
  const save = (): void => {
    const entries = entriesOf(form);
    if (form.dataset["taken"] || JSON.stringify(entries) === first) return;
    const draft: Draft = { at: Date.now(), version: form.dataset["version"] ?? "", entries };
    try {
      localStorage.setItem(keyOf(form), JSON.stringify(draft));
    } catch {
      /* storage full or forbidden: the form still works */
    }
  };
  const first = JSON.stringify(entriesOf(form));
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 400);
  });
  form.addEventListener("change", save);
  window.addEventListener("pagehide", () => {
    if (timer && form.isConnected) save();
  });
  if (!answered) offer(form, first);
}

function offer(form: HTMLFormElement, first: string): void {
  const draft = read(keyOf(form));
  if (!draft || JSON.stringify(draft.entries) === first) return;
  const undo = make("button", { type: "button", class: "btn s" }, say("draft_discard"));
  const same = draft.version === (form.dataset["version"] ?? "");
  const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(draft.at);
  const words = make("p", {}, say(same ? "draft_restored" : "draft_other_version", { time }));
  const notice = make("div", { class: "note banner", role: "status" }, icon("history"), words, make("div", { class: "acts" }, undo));
  if (same) fill(form, draft.entries);
  else {
    const use = make("button", { type: "button", class: "btn s" }, say("draft_use"));
    use.addEventListener("click", () => {
      fill(form, draft.entries);
      use.remove();
    });
    undo.before(use);
  }
  const before = JSON.parse(first) as [string, string][];
  undo.addEventListener("click", () => {
    drop(form);
    fill(form, before);
    notice.remove();
  });
  form.before(notice);
}

function entriesOf(form: HTMLFormElement): [string, string][] {
  const entries: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !PRIVATE.has(name) && !name.startsWith("password")) entries.push([name, value]);
  }
  return entries;
}

function fill(form: HTMLFormElement, entries: [string, string][]): void {
  const values = new Map<string, string[]>();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  form.dispatchEvent(new CustomEvent("draft:filling", { bubbles: true, detail: values }));
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
      if (!element.name || PRIVATE.has(element.name)) continue;
      const kept = values.get(element.name);
      if (element instanceof HTMLInputElement && (element.type === "checkbox" || element.type === "radio")) element.checked = kept?.includes(element.value) ?? false;
      else if (element instanceof HTMLInputElement && element.type === "file") continue;
      else if (element instanceof HTMLSelectElement && element.multiple) for (const option of element.options) option.selected = kept?.includes(option.value) ?? false;
      else if (kept?.length) {
        const value = kept.shift() ?? "";
        // Choices that come from the server are not all there yet: the draft's own waits among them.
        if (element instanceof HTMLSelectElement && element.dataset["fetched"] !== undefined && ![...element.options].some((option) => option.value === value)) {
          element.add(new Option("…", value));
          element.disabled = false; // a resting field would not be sent
        }
        element.value = value;
      }
    }
  }
  form.dispatchEvent(new CustomEvent("draft:filled", { bubbles: true }));
}

function read(key: string): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function drop(form: HTMLFormElement): void {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    /* nothing to forget */
  }
}

/** Drafts older than two weeks go. */
function forget(): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("niaga:draft:") && (read(key)?.at ?? 0) < Date.now() - LIFE) localStorage.removeItem(key);
    }
  } catch {
    /* no storage */
  }
}

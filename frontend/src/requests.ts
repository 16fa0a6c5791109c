/** htmx under a strict policy, and what a person sees when a request goes wrong. */
import htmx from "htmx.org";
import { make, say, urlOf } from "./page";
import { renewForms, sessionLost } from "./session";
import { toast, type Tone } from "./toasts";

interface RequestDetail {
  xhr: XMLHttpRequest;
  elt: HTMLElement;
  successful?: boolean;
  parameters: FormData | Record<string, unknown>;
  headers: Record<string, string>;
  verb: string;
}

export interface Refused {
  code: string;
  message: string;
  field?: string;
  tone?: Tone;
  lines?: { line: string; text: string }[];
  more?: number;
}

export function startRequests(): void {
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    selfRequestsOnly: true,
    // Attributes count for the element they stand on, as in htmx 4; `hx-inherit` says otherwise.
    disableInheritance: true,
    attributesToSettle: ["class"],
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    scrollBehavior: "instant",
    timeout: 30_000,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  const line = document.querySelector(".progressline");
  const running = new Set<XMLHttpRequest>();
  const body = document.body;

  body.addEventListener("htmx:configRequest", (event) => {
    const { parameters, verb } = (event as CustomEvent<RequestDetail>).detail;
    if (verb !== "get") return;
    // A filter left empty does not belong in the address.
    if (parameters instanceof FormData) {
      for (const [name, value] of [...parameters.entries()]) if (value === "") parameters.delete(name);
    } else {
      for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
    }
  });
  body.addEventListener("htmx:beforeSend", (event) => {
    running.add((event as CustomEvent<RequestDetail>).detail.xhr);
    line?.classList.add("on");
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    running.delete((event as CustomEvent<RequestDetail>).detail.xhr);
    if (!running.size) line?.classList.remove("on");
  });
  // Who leaves a page cuts off what it still asks for: nothing is wrong with the connection.
  window.addEventListener("pagehide", () => {
    for (const xhr of running) xhr.onerror = xhr.onabort = null;
    running.clear();
    line?.classList.remove("on");
  });
  body.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<RequestDetail>).detail;
    if (xhr.status === 401) sessionLost();
    else if (xhr.status === 403 && xhr.getResponseHeader("X-Stale-Form")) void renewForms();
    else if (!xhr.getResponseHeader("HX-Trigger")) toast(messageFor(xhr.status), { tone: "bad" });
  });
  body.addEventListener("htmx:sendError", () => toast(say("no_connection"), { tone: "bad" }));
  body.addEventListener("htmx:timeout", () => toast(say("timeout"), { tone: "bad" }));
  body.addEventListener("refused", (event) => refused((event as CustomEvent<Refused>).detail, event.target as Element));
}

/** Shows a refusal where the person is: beside its field when it names one on this page, else as a message that stays. */
export function refused(refusal: Refused, sender: Element = document.body): void {
  if (refusal.code === "session_lost") return sessionLost();
  if (refusal.lines?.length) return showLines(refusal, refusal.lines);
  const field = refusal.field ? fieldOf(refusal.field, sender) : undefined;
  if (field) {
    field.dataset["invalid"] = "";
    let error = field.querySelector<HTMLElement>(".error");
    if (!error) {
      error = document.createElement("p");
      error.className = "error";
      field.append(error);
    }
    error.setAttribute("role", "alert");
    error.textContent = refusal.message;
    field.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return;
  }
  toast(refusal.message, { tone: refusal.tone ?? "bad" });
}

/** The field of that name one can see: in the form that was sent, else anywhere on the page. */
function fieldOf(name: string, sender: Element): HTMLElement | undefined {
  const named = `[data-field="${CSS.escape(name)}"]`;
  const form = sender.closest("form");
  const fields = [...(form?.querySelectorAll<HTMLElement>(named) ?? []), ...document.querySelectorAll<HTMLElement>(named)];
  return fields.find((field) => field.checkVisibility());
}

/** An answer for each line needs room, and stays until it was read. */
function showLines(refusal: Refused, lines: { line: string; text: string }[]): void {
  document.querySelector<HTMLDialogElement>("dialog:modal")?.close();
  const rows = lines.map(({ line, text }) => make("li", {}, line ? make("b", {}, `${line}. `) : null, text));
  if (refusal.more) rows.push(make("li", { class: "quiet" }, say("line_more", { count: refusal.more })));
  const close = make("button", { type: "button", class: "btn go", "data-close": true }, say("close"));
  const inside = make("div", { class: "inside" }, make("h2", { id: "refused-title" }, refusal.message), make("ul", { class: "refused" }, ...rows));
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "refused-title" }, inside, make("footer", {}, close));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

export function messageFor(status: number): string {
  return say(`error_${[400, 403, 404, 409, 413, 429, 500, 503].includes(status) ? status : 500}`);
}

/** A question that a newer one took the place of is no fault; a lost connection is told. */
function notice(error: unknown, quiet = false): void {
  const replaced = error instanceof DOMException && error.name === "AbortError";
  if (!replaced && !quiet) toast(say("no_connection"), { tone: "bad" });
}

/** What an answer holds, `whole(answer.json())`; null when a newer question or a lost connection cut it off half-way. */
export async function whole<T>(reading: Promise<T>, quiet = false): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    notice(error, quiet);
    return null;
  }
}

/** fetch for the islands: same headers, same handling of a lost session and of refusals; null when it was dealt with. */
export async function ask(url: string, init: RequestInit & { quiet?: boolean } = {}): Promise<Response | null> {
  const headers = new Headers(init.headers);
  headers.set("X-Requested-With", "niaga");
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  let answer: Response;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...init, headers });
  } catch (error) {
    notice(error, init.quiet);
    return null;
  }
  if (answer.status === 401 || (answer.redirected && answer.url.includes(urlOf("login")))) {
    sessionLost();
    return null;
  }
  if (answer.ok || answer.status === 422) return answer;
  if (!init.quiet) {
    const problem = (await answer.json().catch(() => null)) as { detail?: string; message?: string } | null;
    toast(problem?.message ?? problem?.detail ?? messageFor(answer.status), { tone: "bad" });
  }
  return null;
}

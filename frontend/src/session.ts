/** The session ended while a page was open: log in beside it, the page and what was typed stay. */
import { make, page, say, urlOf } from "./page";
import { toast } from "./toasts";

let open: HTMLDialogElement | undefined;

export function sessionLost(): void {
  if (open) return;
  const enter = make("a", { class: "btn go", href: urlOf("login"), target: "_blank", rel: "opener" }, say("session_login"));
  const go = make("button", { type: "button", class: "btn" }, say("session_continue"));
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "session-lost" },
    make("div", { class: "inside" }, make("h2", { id: "session-lost" }, say("session_lost")), make("p", { class: "quiet" }, say("session_kept"))),
    make("footer", {}, go, enter),
  );
  open = dialog;
  document.body.append(dialog);
  dialog.showModal();
  const look = async (): Promise<void> => {
    if (!(await renewed())) return;
    dialog.close();
    toast(say("session_back"));
  };
  const whenBack = (): void => {
    if (document.visibilityState === "visible") void look();
  };
  go.addEventListener("click", () => void look());
  document.addEventListener("visibilitychange", whenBack);
  dialog.addEventListener("close", () => {
    document.removeEventListener("visibilitychange", whenBack);
    dialog.remove();
    open = undefined;
  });
}

/** The form's token is of an earlier log-in: with a session there is a new one to be had, and the person only sends again. */
export async function renewForms(): Promise<void> {
  if (await renewed()) toast(say("form_renewed"), { tone: "warn" });
  else sessionLost();
}

/** Asks whether this person has a session again, and nobody else on this device; if so every form gets the new token. */
export async function renewed(): Promise<boolean> {
  const answer = await fetch(urlOf("session"), { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return false;
  const { authenticated, user, csrf } = (await answer.json()) as { authenticated: boolean; user: string; csrf: string };
  if (!authenticated || (page().user && user !== page().user)) return false;
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=csrfmiddlewaretoken]")) input.value = csrf;
  return true;
}

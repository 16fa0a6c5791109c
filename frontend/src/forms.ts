/** Forms: one click sends once; fields say when they are saved; a file drop shows what it holds. */
import { page, say } from "./page";
import { refused } from "./requests";

export function startForms(): void {
  // Before anything sends: a day half typed reaches no server, which would take the field for empty.
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const bad = posts(form) && [...form.elements].find((element): element is HTMLInputElement => element instanceof HTMLInputElement && element.validity.badInput);
    if (!bad) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    refused({ message: say(bad.type === "number" ? "bad_number" : "bad_day"), code: "bad_input", field: bad.name }, bad);
    bad.focus();
  }, { capture: true });
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || !posts(form)) return;
    if (form.dataset["sent"]) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "1";
    // After the browser has collected the fields, so that the pressed button's own value is sent.
    window.setTimeout(() => {
      for (const button of submitters(form)) button.disabled = true;
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      for (const button of submitters(form)) button.disabled = false;
    }
  });
  // htmx keeps a second sending until the first is answered and then does it too: one press is one request.
  document.body.addEventListener("htmx:confirm", (event) => {
    const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
    if (elt instanceof HTMLFormElement && posts(elt) && elt.dataset["sent"]) event.preventDefault();
  });
  for (const [name, resting] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]] as const) {
    document.body.addEventListener(name, (event) => {
      const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
      if (!(elt instanceof HTMLFormElement) || !posts(elt)) return;
      const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
      // When the answer leads to another page the buttons rest until it is there.
      if (!resting && xhr?.getResponseHeader("HX-Redirect")) return;
      if (resting) elt.dataset["sent"] = "1";
      else delete elt.dataset["sent"];
      for (const button of submitters(elt)) button.disabled = resting;
    });
  }
  // A button that says what a field could hold: `data-fill` goes into the field of the id `data-fill-for`.
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-fill]");
    const input = button && document.getElementById(button.dataset["fillFor"] ?? "");
    if (!(input instanceof HTMLInputElement)) return;
    input.value = button?.dataset["fill"] ?? "";
    for (const name of ["input", "change"]) input.dispatchEvent(new Event(name, { bubbles: true }));
    input.focus();
  });
  document.addEventListener("input", (event) => {
    const field = (event.target as Element).closest<HTMLElement>("[data-invalid]");
    if (field) delete field.dataset["invalid"];
  });
  document.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    if (input.type === "file" && refuseLarge(input)) return;
    if (input.type === "file" && input.closest(".drop")) {
      const names = [...(input.files ?? [])].map((file) => file.name).join(", ");
      const shown = input.closest(".drop")?.querySelector<HTMLElement>("[data-names]");
      if (shown) shown.textContent = names || say("drop_files");
    }
    if (input.dataset["autosubmit"] !== undefined) input.form?.requestSubmit();
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const drop = (event.target as Element).closest?.<HTMLElement>(".drop");
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      const input = drop.querySelector<HTMLInputElement>("input[type=file]");
      const files = (event as DragEvent).dataTransfer?.files;
      if (name === "drop" && input && files?.length) {
        input.files = files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }
  // After an answer with errors the first field in error gets the focus.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const first = (event.target as Element).querySelector?.<HTMLElement>("[data-invalid] :is(input, select, textarea):not([type=hidden])");
    first?.focus();
  });
}

/** Says at once that files are larger than a request may be, and lets go of them; the server would only say so later. */
function refuseLarge(input: HTMLInputElement): boolean {
  const files = [...(input.files ?? [])];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const most = page().most_bytes;
  if (!files[0] || size <= most) return false;
  input.value = "";
  const names = files.map((file) => file.name).join(", ");
  const message = say("file_too_large", { name: names, size: Math.ceil(size / 2 ** 20), most: Math.floor(most / 2 ** 20) });
  refused({ message, code: "too_large", field: input.name }, input);
  return true;
}

/** By the attribute: `form.method` is the field of that name in a form that has one. */
function posts(form: HTMLFormElement): boolean {
  return form.getAttribute("method")?.toLowerCase() === "post";
}

function submitters(form: HTMLFormElement): HTMLButtonElement[] {
  return [...form.elements].filter((element): element is HTMLButtonElement => element instanceof HTMLButtonElement && element.type === "submit");
}

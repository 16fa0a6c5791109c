/** Lists: j and k walk the rows, Enter opens, x picks, a `data-row-key` does its deed; picked rows show the bar of deeds. */
import htmx from "htmx.org";
import { say, typing } from "./page";
import { keysOn } from "./keys";

export function startLists(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keysOn()) return;
    if (document.querySelector("dialog:modal")) return;
    const rows = [...document.querySelectorAll<HTMLTableRowElement>(".rows tbody tr")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("at") || row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))];
      for (const row of rows) row.classList.toggle("at", row === next);
      next?.querySelector<HTMLElement>(".open")?.focus();
      next?.scrollIntoView({ block: "nearest" });
      event.preventDefault();
    } else if (event.key === "x" && at >= 0) {
      const box = rows[at]?.querySelector<HTMLInputElement>("td.pick input");
      box?.click();
      event.preventDefault();
    } else if (at >= 0 && /^[a-z]$/.test(event.key)) {
      const deed = rows[at]?.querySelector<HTMLElement>(`[data-row-key="${event.key}"]`);
      if (!deed) return;
      deed.click();
      event.preventDefault();
    }
  });
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (!box.matches(".rows .pick input")) return;
    const form = box.closest<HTMLElement>(".listing");
    if (!form) return;
    if (box.dataset["all"] !== undefined) for (const other of boxes(form)) other.checked = box.checked;
    refresh(form);
  });
  document.addEventListener("click", (event) => {
    const more = (event.target as Element).closest("[data-more-filters]");
    if (more) more.setAttribute("aria-expanded", String(more.closest("form")?.classList.toggle("open")));
    const button = (event.target as Element).closest<HTMLElement>("[data-unpick], [data-pick-all]");
    const form = button?.closest<HTMLElement>(".listing");
    if (!button || !form) return;
    const all = button.dataset["pickAll"];
    if (!all) for (const box of boxes(form)) box.checked = false;
    refresh(form, all ? Number(all) : 0);
  });
  // Typing narrows the list as one types; a choice does so at once. (A text field's own change on leaving it would only
  // fetch the same rows again, and take the selection away.)
  let timer = 0;
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    const filters = field.closest<HTMLFormElement>("form.filters");
    if (!filters) return;
    window.clearTimeout(timer);
    const typed = field.matches("input[type=search], input[type=text]");
    timer = window.setTimeout(() => htmx.trigger(filters, "narrow"), typed ? 220 : 20);
    field.classList.toggle("set", !typed && field.type !== "checkbox" && field.value !== "");
  });
  // The "?view" address may be typed by hand or come back from the browser's history: fields follow the URL then.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLElement>(".listing")) refresh(form);
  });
}

function boxes(form: HTMLElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>("td.pick input")];
}

/** `everything`: how many rows of the whole filter are meant, when more than those of this page are. */
function refresh(form: HTMLElement, everything = 0): void {
  const all = boxes(form);
  const picked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr")?.classList.toggle("picked", box.checked);
  const head = form.querySelector<HTMLInputElement>("input[data-all]");
  if (head) {
    head.checked = picked.length > 0 && picked.length === all.length;
    head.indeterminate = picked.length > 0 && picked.length < all.length;
  }
  const bar = form.querySelector<HTMLElement>(".picked-bar");
  if (!bar) return;
  bar.hidden = picked.length === 0;
  const count = bar.querySelector<HTMLElement>("[data-count]");
  if (count) count.textContent = say("picked", { count: everything || picked.length });
  const scope = bar.querySelector<HTMLInputElement>("[data-scope]");
  if (scope) scope.value = everything ? "all" : "";
  const whole = bar.querySelector<HTMLElement>("[data-pick-all]");
  if (whole) whole.hidden = everything > 0 || picked.length < all.length;
}

/** `?`: the keys of this page, collected from the page itself, beside the page's own help text. */
import { make, say } from "./page";
import { keysOn, setKeys } from "./keys";

export function startHelp(): void {
  const panel = document.getElementById("help");
  if (!(panel instanceof HTMLDialogElement)) return;
  const list = panel.querySelector<HTMLElement>(".keys");
  const toggle = panel.querySelector<HTMLInputElement>("input[data-keys]");
  document.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("[data-help]") || panel.open) return;
    if (list) list.replaceChildren(...rows());
    if (toggle) toggle.checked = keysOn();
    panel.showModal();
  });
  toggle?.addEventListener("change", () => setKeys(toggle.checked));
}

function rows(): HTMLElement[] {
  const seen = new Set<string>();
  const found: HTMLElement[] = [row(say("palette"), "Ctrl", "K")];
  for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const key = element.dataset["key"] ?? "";
    const label = element.dataset["keyLabel"] ?? element.getAttribute("aria-label") ?? wordsOf(element);
    if (seen.has(key) || !label || !element.checkVisibility()) continue;
    seen.add(key);
    found.push(row(label, key.toUpperCase()));
  }
  if (document.querySelector(".rows")) found.push(row(say("keys_rows"), "J", "K"), row(say("keys_open"), "Enter"), row(say("keys_pick"), "X"));
  if (document.querySelector("[data-order-grid]")) found.push(row(say("keys_grid_next"), "Enter"), row(say("keys_grid_move"), "Alt", "↑ ↓"), row(say("keys_grid_history"), "Alt", "H"), row(say("keys_grid_delete"), "Ctrl", "Del"));
  for (const place of document.querySelectorAll<HTMLElement>(".app > .rail [data-goto]")) {
    found.push(row(place.querySelector("span")?.textContent ?? "", "G", (place.dataset["goto"] ?? "").toUpperCase()));
  }
  return found;
}

function row(label: string, ...keys: string[]): HTMLElement {
  return make("div", {}, make("dt", {}, label), make("dd", {}, ...keys.map((key) => make("kbd", {}, key))));
}

/** The words of a button without the key drawn on it. */
function wordsOf(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const key of copy.querySelectorAll("kbd")) key.remove();
  return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

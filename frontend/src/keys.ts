/** Single keys: any element with `data-key="n"` is pressed by its key; `g` then a letter goes to a place. */
import { typing } from "./page";

const OFF = "niaga:keys-off";
let waiting = 0;

export function keysOn(): boolean {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

export function setKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    /* no storage: the choice lasts for this page */
  }
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keysOn()) return;
    if (document.querySelector("dialog:modal")) return;
    const key = event.key.toLowerCase();
    if (waiting && Date.now() - waiting < 1_200) {
      waiting = 0;
      const place = document.querySelector<HTMLAnchorElement>(`[data-goto="${CSS.escape(key)}"]`);
      if (place) {
        event.preventDefault();
        place.click();
      }
      return;
    }
    if (key === "g") {
      waiting = Date.now();
      return;
    }
    const target = [...document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)].find((element) => element.checkVisibility());
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, select, textarea")) {
      target.focus();
      if (target instanceof HTMLInputElement) target.select();
    } else target.click();
  });
}

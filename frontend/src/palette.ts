/** Ctrl+K: search and do. The server answers grouped options; arrows move, Enter goes. */
import { ask, whole } from "./requests";
import { say, urlOf } from "./page";

export function startPalette(): void {
  const dialog = document.getElementById("palette");
  if (!(dialog instanceof HTMLDialogElement)) return;
  const input = dialog.querySelector("input");
  const found = dialog.querySelector<HTMLElement>(".found");
  if (!input || !found) return;
  let abort: AbortController | undefined;
  let timer = 0;

  const open = (): void => {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    void look();
  };
  const options = (): HTMLElement[] => [...found.querySelectorAll<HTMLElement>("[role=option]")];
  const select = (index: number): void => {
    const all = options();
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const chosen = all[index];
    if (chosen) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const look = async (): Promise<void> => {
    abort?.abort();
    abort = new AbortController();
    const url = `${urlOf("search")}?${new URLSearchParams({ q: input.value.trim(), from: location.pathname })}`;
    const answer = await ask(url, { signal: abort.signal, headers: { Accept: "text/html" } });
    if (!answer) return;
    const text = await whole(answer.text());
    if (text === null) return;
    // Our own template, escaped by Django; there is no script in it.
    const parsed = new DOMParser().parseFromString(text, "text/html");
    found.replaceChildren(...parsed.body.childNodes);
    select(0);
  };

  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-palette]")) open();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else open();
    }
  });
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void look(), 90);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (all.length) select((at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const link = all[at];
      if (link instanceof HTMLAnchorElement) {
        if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
        else link.click();
      }
    } else if (event.key === "Escape") {
      // A search field would first only clear itself.
      event.preventDefault();
      dialog.close();
    }
  });
  found.addEventListener("mousemove", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option && option.getAttribute("aria-selected") !== "true") select(options().indexOf(option));
  });
  input.setAttribute("aria-label", say("palette"));
}

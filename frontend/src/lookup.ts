/** `[data-lookup="/customers/lookup"]`: a field that finds a record as one types. Answers are JSON: [{id, label, detail?, meta?}]. */
import { ask, whole } from "./requests";
import { make, picture, say } from "./page";

interface Found {
  id: string;
  label: string;
  detail?: string;
  meta?: string;
  picture?: string;
}

export function startLookups(): void {
  document.addEventListener("focusin", (event) => {
    const box = (event.target as Element).closest?.<HTMLElement>("[data-lookup]");
    if (box && !box.dataset["ready"]) attach(box);
  });
}

function attach(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>("input[role=combobox]");
  const value = box.querySelector<HTMLInputElement>("input[type=hidden]");
  const list = box.querySelector<HTMLElement>("[role=listbox]");
  const url = box.dataset["lookup"];
  if (!input || !value || !list || !url) return;
  box.dataset["ready"] = "1";
  let found: Found[] = [];
  let at = -1;
  let abort: AbortController | undefined;
  let timer = 0;
  let label = input.value;

  const close = (): void => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index: number): void => {
    at = index;
    [...list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === index)));
    const chosen = list.children[index];
    if (chosen?.id) {
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    }
  };
  const take = (index: number): void => {
    const item = found[index];
    if (!item) return;
    value.value = item.id;
    input.value = label = item.label;
    close();
    value.dispatchEvent(new Event("change", { bubbles: true }));
    value.dispatchEvent(new CustomEvent("lookup:taken", { bubbles: true, detail: item }));
  };
  const look = async (): Promise<void> => {
    abort?.abort();
    abort = new AbortController();
    const joiner = url.includes("?") ? "&" : "?";
    const answer = await ask(`${url}${joiner}${new URLSearchParams({ q: input.value.trim() })}`, { signal: abort.signal });
    if (!answer?.ok) return;
    const told = await whole(answer.json() as Promise<Found[]>);
    if (!told) return;
    found = told;
    list.replaceChildren(
      ...found.map((item, index) => {
        const right = item.meta ? make("span", { class: "r quiet" }, item.meta) : null;
        return make("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" }, item.picture === undefined ? null : picture(item.picture), make("span", {}, make("b", {}, item.label), item.detail ? make("span", { class: "faint small" }, ` ${item.detail}`) : null), right);
      }),
    );
    if (!found.length) list.replaceChildren(make("li", { class: "nothing" }, say("nothing_found", { query: input.value })));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (found.length) mark(0);
  };
  input.addEventListener("input", () => {
    if (!input.value.trim()) {
      value.value = "";
      label = "";
      value.dispatchEvent(new Event("change", { bubbles: true }));
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void look(), 90);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) void look();
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && found.length) mark((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    else if (event.key === "Enter" && !list.hidden) take(at);
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
  });
  // What was typed but not chosen is not a record: the last choice comes back.
  input.addEventListener("blur", () =>
    window.setTimeout(() => {
      if (document.activeElement === input) return; // back before it closed
      close();
      if (input.value.trim()) input.value = label;
    }, 150),
  );
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = (event.target as Element).closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  });
}

/** The field at the foot of the grid: finds a product by SKU, name or bar code; a scanner's Enter may come before the answer. */
import { make, picture, say } from "../page";
import { ask, whole } from "../requests";
import type { Product } from "./model";

export class Seek {
  readonly input: HTMLInputElement;
  private readonly list: HTMLElement;
  private found: Product[] = [];
  private asked = "";
  private at = 0;
  private timer = 0;
  private abort: AbortController | undefined;

  constructor(
    readonly element: HTMLElement,
    private readonly address: () => string,
    private readonly take: (product: Product) => void,
    private readonly leave: (step: -1) => void,
  ) {
    this.input = make("input", { class: "og-seek", type: "text", role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": "og-found", "aria-label": say("grid_find"), placeholder: say("grid_find"), autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "enter" });
    this.list = make("ul", { class: "options", role: "listbox", id: "og-found", "aria-label": say("grid_find") });
    this.list.hidden = true;
    element.append(this.input, make("kbd", { "aria-hidden": "true" }, "↵"), this.list);
    this.input.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      if (!this.input.value.trim()) return this.close();
      this.timer = window.setTimeout(() => void this.look(), 70);
    });
    this.input.addEventListener("keydown", (event) => void this.key(event));
    // Who is quick is back before the list closes: then it is open for what they type now.
    this.input.addEventListener("blur", () => window.setTimeout(() => document.activeElement !== this.input && this.close(), 150));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = (event.target as Element).closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  private async key(event: KeyboardEvent): Promise<void> {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (this.list.hidden) {
        if (event.key === "ArrowUp") {
          event.preventDefault();
          this.leave(-1);
        }
        return;
      }
      event.preventDefault();
      this.mark((this.at + (event.key === "ArrowDown" ? 1 : -1) + this.found.length) % Math.max(1, this.found.length));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (!this.input.value.trim()) return;
      if (this.asked !== this.input.value.trim()) await this.look();
      const exact = this.found.findIndex((product) => product.exact);
      this.choose(exact >= 0 && this.at === 0 ? exact : this.at);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  private async look(): Promise<void> {
    window.clearTimeout(this.timer);
    const query = this.input.value.trim();
    this.abort?.abort();
    this.abort = new AbortController();
    const url = this.address();
    const answer = await ask(`${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams({ q: query })}`, { signal: this.abort.signal });
    if (!answer?.ok) return;
    const found = await whole(answer.json() as Promise<Product[]>);
    if (!found) return;
    this.found = found;
    this.asked = query;
    this.list.replaceChildren(...this.found.map((product, index) => option(product, index)));
    if (!this.found.length) this.list.append(make("li", { class: "nothing" }, say("nothing_found", { query })));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(0);
  }

  private mark(index: number): void {
    this.at = index;
    [...this.list.children].forEach((child, place) => child.setAttribute("aria-selected", String(place === index)));
    const chosen = this.list.children[index];
    if (chosen?.id) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    }
  }

  private choose(index: number): void {
    const product = this.found[index];
    if (!product) return;
    this.input.value = "";
    this.asked = "";
    this.found = [];
    this.close();
    this.take(product);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function option(product: Product, index: number): HTMLElement {
  const right: (Node | string)[] = [];
  if (product.available !== undefined) right.push(...around(say("grid_available", { quantity: "\u0001" }), product.available));
  right.push(right.length ? " · " : "");
  if (product.last_price) right.push(...around(say("grid_last", { price: "\u0001" }), product.last_price), product.last_date ? ` · ${product.last_date}` : "");
  else right.push(product.price ?? say("grid_never"));
  return make("li", { role: "option", id: `og-found-${index}`, "aria-selected": "false" }, picture(product.picture), make("span", {}, make("b", {}, product.name), " ", make("span", { class: "faint small" }, product.sku)), make("span", { class: "r" }, ...right));
}

/** The translated words with the figure in bold where it stands. */
function around(text: string, figure: string): (Node | string)[] {
  const [before = "", after = ""] = text.split("\u0001");
  return [before, make("b", {}, figure), after];
}

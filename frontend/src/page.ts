/** What the server says once per page: translated strings and who is logged in. */
interface PageFacts {
  strings: Record<string, string>;
  user: string;
  urls: Record<string, string>;
  /** What a request may carry. */
  most_bytes: number;
}

let facts: PageFacts | undefined;

export function page(): PageFacts {
  if (!facts) {
    const element = document.getElementById("page-facts");
    facts = element?.textContent ? (JSON.parse(element.textContent) as PageFacts) : { strings: {}, user: "", urls: {}, most_bytes: Infinity };
  }
  return facts;
}

/** A translated string by its key, `{name}` filled from values. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const text = page().strings[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function urlOf(name: string): string {
  return page().urls[name] ?? "";
}

/** The Lucide icon as an element, from the sprite the page names. */
export function icon(name: string, small = false): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", small ? "icon s" : "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset["icons"] ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

/** A small picture of fixed size in a list of choices, whose words say what it shows; without an address its quiet place. */
export function picture(address = ""): HTMLElement {
  const shown = address ? make("img", { src: address, alt: "", width: "40", height: "40", loading: "lazy", decoding: "async" }) : icon("image");
  return make("span", { class: "pic", "aria-hidden": "true" }, shown);
}

/** A short way to build elements without markup strings, so that no text is ever taken for HTML. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean | null | undefined> = {},
  ...children: (Node | string | null | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  for (const child of children) if (child != null) element.append(child);
  return element;
}

export function csrfToken(): string {
  return document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

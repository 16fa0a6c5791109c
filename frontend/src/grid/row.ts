/** One line as elements. Cells are real fields, so that Tab, screen readers and phones work as they always do. */
import { icon, make, say } from "../page";
import type { Config, Line, Priced } from "./model";

export type Cell = "quantity" | "unit" | "price" | "discount" | "text" | "planned" | "requested";

export class Row {
  readonly element: HTMLElement;
  private readonly number = make("span", {});
  private readonly subtotal = make("div", { class: "sub", "data-label": say("grid_subtotal") });
  private readonly under = make("div", { class: "under" });
  private readonly title = make("b", {});
  private readonly sku = make("span", { class: "sku" });
  private readonly extra = make("span", { class: "sku" });
  private readonly cells = new Map<Cell, HTMLInputElement | HTMLSelectElement>();
  private unitSlot: HTMLElement | undefined;
  private position = 0;
  private refusal = { error: "", field: "" };
  priced: Priced = {};

  constructor(
    readonly line: Line,
    config: Config,
  ) {
    const grip = make("div", { class: "no", draggable: "true", "aria-hidden": "true" }, this.number);
    const more = make("button", { type: "button", "data-more": true, "aria-label": say("grid_more") }, icon("ellipsis-vertical", true));
    const tools = make("div", { class: "tools" }, more);
    if (line.kind === "item") {
      const what = make("div", { class: "what" }, this.title, make("div", {}, this.sku, this.extra));
      const quantity = make("div", { class: "og-qty", "data-label": say("grid_quantity") }, this.input("quantity", "n", "decimal"));
      this.unitSlot = make("span", { class: "unit" });
      quantity.append(this.unitSlot);
      const price = make("div", { "data-label": say("grid_price") }, this.input("price", "n", "decimal"));
      const discount = make("div", { "data-label": say("grid_discount") }, this.input("discount", "n", "decimal"));
      if (!config.prices) this.cells.get("price")?.setAttribute("readonly", "");
      this.cells.get("discount")?.setAttribute("title", say("grid_discount_hint"));
      if (!config.discounts) this.cells.get("discount")?.setAttribute("readonly", "");
      const days = (["requested", "planned"] as const).filter((name) => config[name]);
      if (days.length) what.append(make("div", { class: "og-days" }, ...days.map((name) => this.day(name))));
      this.element = make("div", { class: "og-line", role: "group", "data-line": line.key }, grip, what, quantity, price, discount, this.subtotal, tools, this.under);
    } else {
      const text = this.input("text", "", "");
      text.placeholder = say(line.kind === "section" ? "grid_section" : "grid_note");
      this.element = make("div", { class: `og-line ${line.kind}`, role: "group", "data-line": line.key }, grip, make("div", { class: "what" }, text), tools, this.under);
    }
    this.show();
  }

  private day(name: "requested" | "planned"): HTMLElement {
    const input = this.input(name, "", "");
    input.type = "date";
    return make("label", { class: "small faint" }, say(`grid_${name}`), input);
  }

  private input(cell: Cell, kind: string, mode: string): HTMLInputElement {
    const input = make("input", { class: `og-cell ${kind}`.trim(), "data-cell": cell, autocomplete: "off", ...(mode ? { inputmode: mode } : {}) });
    input.value = this.line[cell];
    this.cells.set(cell, input);
    return input;
  }

  cell(name: Cell): HTMLInputElement | HTMLSelectElement | undefined {
    return this.cells.get(name);
  }

  numbered(position: number, shown: string): void {
    if (this.number.textContent !== shown) this.number.textContent = shown;
    if (this.position === position) return;
    this.position = position;
    this.element.setAttribute("aria-label", say("grid_line", { number: position }));
    for (const [name, input] of this.cells) {
      const label = name === "text" ? say(this.line.kind === "section" ? "grid_section" : "grid_note") : say(`grid_${name}`);
      input.setAttribute("aria-label", `${label}, ${say("grid_line", { number: position })}`);
    }
  }

  /** What the line itself says. */
  show(): void {
    const { line } = this;
    for (const [name, input] of this.cells) {
      if (name === "price" || document.activeElement === input) continue;
      if (name !== "unit" && input.value !== line[name]) input.value = line[name];
    }
    if (line.kind !== "item") return;
    this.title.textContent = line.name || line.sku;
    this.title.dataset["optional"] = say("grid_optional");
    this.sku.textContent = line.name ? line.sku : "";
    this.element.classList.toggle("optional", line.optional);
    this.showUnit();
    this.showPrice();
  }

  private showUnit(): void {
    const { line, unitSlot } = this;
    if (!unitSlot) return;
    const units = line.units.length > 1 ? line.units : [];
    const select = this.cells.get("unit");
    if (!units.length) {
      if (unitSlot.textContent !== line.unit) unitSlot.textContent = line.unit;
      if (select) this.cells.delete("unit");
    } else if (!(select instanceof HTMLSelectElement) || select.options.length !== units.length) {
      const fresh = make("select", { class: "unit", "data-cell": "unit", "aria-label": say("grid_unit") });
      for (const unit of units) fresh.append(make("option", { value: unit }, unit));
      fresh.value = line.unit;
      this.cells.set("unit", fresh);
      unitSlot.replaceChildren(fresh);
    } else if (document.activeElement !== select) select.value = line.unit;
  }

  private showPrice(): void {
    const input = this.cells.get("price");
    if (!(input instanceof HTMLInputElement)) return;
    input.classList.toggle("typed", this.line.price !== "");
    if (document.activeElement === input) return;
    input.value = this.line.price || this.priced.price || "";
  }

  /** What the server says about the line; `discount` is the text it was asked about. */
  answer(priced: Priced, discount: string): void {
    const { line } = this;
    this.priced = priced;
    if (priced.product) line.product = priced.product;
    if (priced.sku) line.sku = priced.sku;
    if (priced.name) line.name = priced.name;
    if (priced.units) line.units = priced.units;
    if (priced.unit && !line.unit) line.unit = priced.unit;
    // A bare number was read as a percentage or as money: the cell says which, unless something else was typed since.
    if (priced.discount && line.discount && line.discount === discount) line.discount = priced.discount;
    this.element.classList.remove("pending");
    this.subtotal.textContent = priced.subtotal ?? "";
    this.show();
    this.extra.textContent = priced.available ? ` · ${say("grid_available", { quantity: priced.available })}` : "";
    this.showUnder();
  }

  /** What a refused form said of the line: it stays until the line is changed. */
  refuse(error: string, field: string): void {
    if (this.refusal.error === error) return;
    this.refusal = { error, field };
    this.showUnder();
  }

  private showUnder(): void {
    const { priced, line } = this;
    const error = priced.error || this.refusal.error;
    const field = priced.error ? priced.error_field : this.refusal.field;
    const parts: Node[] = [];
    for (const cell of this.cells.values()) cell.removeAttribute("aria-invalid");
    if (error) {
      const id = `og-error-${line.key}`;
      parts.push(make("p", { class: "error", id }, icon("circle-x", true), error));
      const cell = this.cells.get((field || (line.kind === "item" ? "quantity" : "text")) as Cell);
      cell?.setAttribute("aria-invalid", "true");
      cell?.setAttribute("aria-describedby", id);
    }
    if (priced.warning) parts.push(make("p", { class: "chip warn" }, icon("triangle-alert"), priced.warning));
    if (priced.last || priced.history) {
      const words = priced.last ? say("grid_last_paid", { price: priced.last }) : say("grid_history");
      const past = make("p", { class: "og-past" });
      if (priced.history) past.append(make("button", { type: "button", class: "og-why", "data-history": true, title: say("keys_grid_history") }, icon("history", true), words));
      else past.append(words);
      if (priced.last_url) past.append(" ", make("a", { class: "faint", href: priced.last_url, target: "_blank" }, priced.last_number ?? ""));
      parts.push(past);
    }
    const open = this.under.querySelector("details")?.open ?? false;
    if (priced.why && priced.why.length > 1) {
      const steps = priced.why.map((step) => make("li", {}, step.struck ? make("s", {}, step.text) : step.text, step.note ? ` ${step.note}` : null));
      const details = make("details", {}, make("summary", { class: "og-why" }, say("grid_why")), make("div", { class: "why" }, make("ul", {}, ...steps)));
      details.open = open;
      parts.push(details);
    }
    this.under.replaceChildren(...parts);
  }
}

/** The order grid: typed lines here, every figure from the server. Mounted on each `[data-order-grid]`. */
import { csrfToken, icon, make, say } from "../page";
import { ask, whole } from "../requests";
import { toast } from "../toasts";
import { blank, readLines, readTable, type Config, type Line, type Preview, type Product } from "./model";
import { Row, type Cell } from "./row";
import { Seek } from "./seek";

const ORDER: Cell[] = ["quantity", "price", "discount"];
const SENT = ["key", "kind", "product", "sku", "unit", "quantity", "price", "discount", "optional", "planned", "requested", "text"] as const;

class OrderGrid {
  private lines: Line[] = [];
  private readonly rows = new Map<string, Row>();
  private readonly body = make("div");
  private readonly next = make("span", { class: "no", "aria-hidden": "true" });
  private readonly seek: Seek;
  private readonly form: HTMLFormElement | null;
  private timer = 0;
  private asking: AbortController | undefined;
  private asked = 0;
  private dragged: string | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly config: Config,
    private readonly hidden: HTMLInputElement,
  ) {
    this.form = host.closest("form");
    const mount = host.querySelector<HTMLElement>(".og") ?? host;
    const seekBox = make("div", { class: "seek" });
    this.seek = new Seek(seekBox, () => this.withFields(config.products), (product) => this.addProduct(product), () => this.focusCell(this.lines.length - 1, "quantity"));
    const section = make("button", { type: "button", class: "btn ghost s", "data-add": "section" }, icon("plus", true), say("grid_section"));
    const note = make("button", { type: "button", class: "btn ghost s", "data-add": "note" }, icon("plus", true), say("grid_note"));
    const early = make("button", { type: "button", class: "btn ghost s", "data-earliest": true }, icon("calendar-clock", true), say("grid_earliest"));
    const head = make("div", { class: "og-head", "aria-hidden": "true" }, ...["#", say("grid_item"), say("grid_quantity"), say("grid_price"), say("grid_discount"), say("grid_subtotal"), ""].map((text, at) => make("span", { class: at > 1 ? "n" : "" }, text)));
    if (!config.discounts) mount.dataset.columns = config.prices ? "cost" : "goods"; // the stockroom's papers
    mount.replaceChildren(head, this.body, make("div", { class: "og-add" }, this.next, seekBox), make("div", { class: "og-more" }, ...(config.discounts ? [section, note] : []), ...(config.earliest ? [early] : [])));
    this.listen(mount);
    this.load();
  }

  private load(): void {
    this.lines = readLines(this.hidden.value);
    this.rows.clear();
    const fragment = document.createDocumentFragment();
    for (const line of this.lines) fragment.append(this.rowOf(line).element);
    this.body.replaceChildren(fragment);
    this.renumber();
    this.preview(0);
  }

  private rowOf(line: Line): Row {
    const row = new Row(line, this.config);
    this.rows.set(line.key, row);
    if (line.error) row.refuse(line.error, line.error_field ?? "");
    return row;
  }

  // what a person does

  private listen(mount: HTMLElement): void {
    mount.addEventListener("input", (event) => {
      const target = event.target as HTMLInputElement | HTMLSelectElement;
      const at = this.at(target);
      const cell = target.dataset["cell"] as Cell | undefined;
      const line = this.lines[at];
      if (!cell || !line) return;
      line[cell] = target.value;
      const row = this.rows.get(line.key);
      row?.refuse("", "");
      if (line.kind === "item") {
        row?.element.classList.add("pending");
        if (cell === "price") row?.show();
      }
      this.changed(cell === "text" || cell === "planned" || cell === "requested" ? 900 : 260);
    });
    mount.addEventListener("focusin", (event) => {
      const target = event.target;
      if (target instanceof HTMLInputElement && target.dataset["cell"] && target.type === "text") target.select();
    });
    mount.addEventListener("focusout", (event) => {
      const line = this.lines[this.at(event.target as Element)];
      if (line) window.setTimeout(() => this.rows.get(line.key)?.show());
    });
    mount.addEventListener("keydown", (event) => this.key(event));
    mount.addEventListener("paste", (event) => {
      const pasted = readTable(event.clipboardData?.getData("text/plain") ?? "");
      if (!pasted?.length) return;
      event.preventDefault();
      const at = this.at(event.target as Element);
      this.insert(pasted, at < 0 ? this.lines.length : at + 1);
      toast(say("grid_pasted", { count: pasted.length }));
    });
    mount.addEventListener("click", (event) => {
      const target = event.target as Element;
      const add = target.closest<HTMLElement>("[data-add]");
      if (add) {
        const line = blank(add.dataset["add"] === "section" ? "section" : "note");
        this.insert([line], this.lines.length);
        this.focusCell(this.lines.length - 1, "text");
        return;
      }
      const more = target.closest<HTMLElement>("[data-more]");
      if (more) this.menu(more);
      if (target.closest("[data-earliest]")) void this.earliest();
      if (target.closest("[data-history]")) void this.history(this.at(target));
    });
    this.drags();
    this.form?.addEventListener("change", (event) => {
      const name = (event.target as HTMLInputElement).name;
      if (this.config.fields.includes(name)) this.preview(60);
    });
    this.form?.addEventListener("draft:filled", () => this.load());
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const at = this.at(target);
    const line = this.lines[at];
    const cell = target.dataset["cell"] as Cell | undefined;
    if (!line || !cell) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) this.seek.input.focus();
      else this.step(at, cell, event.shiftKey ? -1 : 1);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      this.move(line.key, at + (event.key === "ArrowUp" ? -1 : 1));
      this.focusCell(this.lines.indexOf(line), cell);
    } else if (!event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && target instanceof HTMLInputElement && target.type !== "date") {
      event.preventDefault();
      if (event.key === "ArrowDown" && at === this.lines.length - 1) this.seek.input.focus();
      else this.focusCell(at + (event.key === "ArrowUp" ? -1 : 1), cell);
    } else if (event.altKey && event.code === "KeyH") {
      event.preventDefault();
      void this.history(at);
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Delete") {
      event.preventDefault();
      this.remove(line.key);
    }
  }

  /** Enter: the next cell that can be written; from the last one to the next line, from the last line to the search. */
  private step(at: number, cell: Cell, by: 1 | -1): void {
    const usable = ORDER.filter((name) => !(name === "price" && !this.config.prices) && !(name === "discount" && !this.config.discounts));
    const place = usable.indexOf(cell);
    const next = usable[place + by];
    if (place >= 0 && next) return this.focusCell(at, next);
    const line = at + by;
    if (line >= this.lines.length) this.seek.input.focus();
    else if (line >= 0) this.focusCell(line, this.lines[line]?.kind === "item" ? (by > 0 ? "quantity" : (usable[usable.length - 1] ?? "quantity")) : "text");
  }

  private focusCell(at: number, cell: Cell): void {
    const line = this.lines[at];
    if (!line) return;
    const row = this.rows.get(line.key);
    const input = row?.cell(cell) ?? row?.cell(line.kind === "item" ? "quantity" : "text");
    input?.focus();
    row?.element.scrollIntoView({ block: "nearest" });
  }

  private addProduct(product: Product): void {
    const line = blank("item", { product: product.id, sku: product.sku, name: product.name, unit: product.unit, units: product.units ?? [] });
    this.insert([line], this.lines.length);
    this.focusCell(this.lines.length - 1, "quantity");
  }

  // what changes lines

  private insert(lines: Line[], at: number): void {
    if (this.lines.length + lines.length > this.config.most) {
      toast(say("grid_full", { count: this.config.most }), { tone: "bad" });
      lines = lines.slice(0, Math.max(0, this.config.most - this.lines.length));
    }
    const fragment = document.createDocumentFragment();
    for (const line of lines) fragment.append(this.rowOf(line).element);
    this.body.insertBefore(fragment, this.body.children[at] ?? null);
    this.lines.splice(at, 0, ...lines);
    this.renumber();
    this.changed(30);
  }

  private remove(key: string): void {
    const at = this.lines.findIndex((line) => line.key === key);
    const line = this.lines[at];
    const row = this.rows.get(key);
    if (!line || !row) return;
    const shown = this.shownNumber(at);
    this.lines.splice(at, 1);
    row.element.remove();
    this.renumber();
    this.changed(60);
    if (this.lines.length) this.focusCell(Math.min(at, this.lines.length - 1), "quantity");
    else this.seek.input.focus();
    toast(say("grid_line_removed", { number: shown }), {
      tone: "calm",
      action: {
        label: say("undo"),
        run: () => {
          const place = Math.min(at, this.lines.length);
          this.body.insertBefore(row.element, this.body.children[place] ?? null);
          this.lines.splice(place, 0, line);
          this.renumber();
          this.changed(60);
          this.focusCell(place, "quantity");
        },
      },
    });
  }

  private move(key: string, to: number): void {
    const from = this.lines.findIndex((line) => line.key === key);
    const line = this.lines[from];
    if (!line || to < 0 || to >= this.lines.length || to === from) return;
    this.lines.splice(from, 1);
    this.lines.splice(to, 0, line);
    const row = this.rows.get(key);
    if (row) {
      row.element.remove();
      this.body.insertBefore(row.element, this.body.children[to] ?? null);
    }
    this.renumber();
    this.changed(200);
  }

  private drags(): void {
    this.body.addEventListener("dragstart", (event) => {
      const element = (event.target as Element).closest<HTMLElement>(".og-line");
      if (!element) return;
      this.dragged = element.dataset["line"];
      element.classList.add("lifted");
      event.dataTransfer?.setData("text/plain", this.dragged ?? "");
      event.dataTransfer?.setDragImage(element, 20, 16);
    });
    this.body.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      const over = (event.target as Element).closest(".og-line");
      for (const element of this.body.querySelectorAll(".over")) if (element !== over) element.classList.remove("over");
      over?.classList.add("over");
    });
    this.body.addEventListener("drop", (event) => {
      const over = (event.target as Element).closest<HTMLElement>(".og-line");
      if (!this.dragged || !over) return;
      event.preventDefault();
      event.stopPropagation();
      const from = this.lines.findIndex((line) => line.key === this.dragged);
      const to = this.lines.findIndex((line) => line.key === over.dataset["line"]);
      this.move(this.dragged, from < to ? to - 1 : to);
    });
    this.body.addEventListener("dragend", () => {
      this.dragged = undefined;
      for (const element of this.body.querySelectorAll(".over, .lifted")) element.classList.remove("over", "lifted");
    });
  }

  /** The menu of a line is made when it is asked for: a thousand lines do not carry a thousand menus. */
  private menu(button: HTMLElement): void {
    const key = button.closest<HTMLElement>(".og-line")?.dataset["line"] ?? "";
    const at = this.lines.findIndex((line) => line.key === key);
    const line = this.lines[at];
    if (!line) return;
    const item = (name: string, text: string, run: () => void, kind = ""): HTMLElement => {
      const entry = make("button", { type: "button", class: `item ${kind}`.trim() }, icon(name), text);
      entry.addEventListener("click", () => {
        close();
        run();
      });
      return entry;
    };
    const entries: HTMLElement[] = [];
    if (line.kind === "item") {
      entries.push(item("circle-dashed", say(line.optional ? "grid_make_firm" : "grid_make_optional"), () => this.set(line, "optional", !line.optional)));
      if (this.rows.get(key)?.priced.history) entries.push(item("history", say("grid_history"), () => void this.history(this.lines.indexOf(line))));
      if (line.price) entries.push(item("rotate-ccw", say("grid_auto_price"), () => this.set(line, "price", "")));
    }
    entries.push(item("arrow-up", say("grid_move_up"), () => this.move(key, at - 1)), item("arrow-down", say("grid_move_down"), () => this.move(key, at + 1)), item("trash-2", say("grid_delete"), () => this.remove(key), "bad"));
    const summary = make("summary", { "aria-label": say("grid_more") }, icon("ellipsis-vertical", true));
    const menu = make("details", { class: "menu" }, summary, make("div", { class: "pop" }, ...entries));
    const close = (): void => {
      if (menu.isConnected) menu.replaceWith(button);
    };
    menu.addEventListener("toggle", () => {
      if (!menu.open) close();
    });
    button.replaceWith(menu);
    // After this click has run its course, which closes every open menu it was not made in.
    window.setTimeout(() => {
      menu.open = true;
      entries[0]?.focus();
    });
  }

  /** What the customer paid before; one tap takes a price over as one typed by hand, instead of price and discount. */
  private async history(at: number): Promise<void> {
    const line = this.lines[at];
    const url = line && this.rows.get(line.key)?.priced.history;
    if (!line || !url) return;
    const answer = await ask(this.withFields(url));
    const text = answer?.ok ? await whole(answer.text()) : null;
    if (!text) return;
    const dialog = this.panel("grid_history", text);
    dialog.addEventListener("click", (event) => {
      const use = (event.target as Element).closest<HTMLElement>("[data-use-price]");
      if (!use) return;
      line.discount = "";
      this.set(line, "price", use.dataset["usePrice"] ?? "");
      dialog.close();
      this.focusCell(this.lines.indexOf(line), "price");
    });
    dialog.querySelector<HTMLElement>("[data-use-price]")?.focus();
  }

  /** When it can leave: all at once, or in parts; one tap fills the days in. */
  private async earliest(): Promise<void> {
    const lines = this.lines.map((line) => Object.fromEntries(SENT.map((name) => [name, line[name]])));
    const answer = await ask(this.config.earliest, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ lines, fields: this.fields() }),
    });
    const text = answer?.ok ? await whole(answer.text()) : null;
    if (!text) return;
    const dialog = this.panel("grid_earliest", text);
    dialog.addEventListener("click", (event) => {
      const use = (event.target as Element).closest<HTMLElement>("[data-use-days]");
      if (!use) return;
      this.takeDays(JSON.parse(use.dataset["useDays"] ?? "{}") as Record<string, string>);
      dialog.close();
    });
    dialog.querySelector<HTMLElement>("[data-use-days]")?.focus();
  }

  /** The order's own day stands under no key; a line that is not named leaves with the order. */
  private takeDays(days: Record<string, string>): void {
    const own = this.form?.elements.namedItem("planned_date");
    if (own instanceof HTMLInputElement) {
      own.value = days[""] ?? "";
      own.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const line of this.lines) {
      line.planned = days[line.key] ?? "";
      this.rows.get(line.key)?.show();
    }
    this.changed(60);
    toast(say("grid_days_taken"));
  }

  private panel(title: string, text: string): HTMLDialogElement {
    const id = `og-${title}`;
    const content = make("div", {});
    content.innerHTML = text; // written by our own server, every figure escaped
    const close = make("button", { type: "button", class: "btn", "data-close": true }, say("close"));
    const dialog = make("dialog", { class: "dialog wide", "aria-labelledby": id }, make("div", { class: "inside" }, make("h2", { id }, say(title)), content), make("footer", {}, close));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
  }

  private set<K extends "optional" | "price">(line: Line, name: K, value: Line[K]): void {
    line[name] = value;
    this.rows.get(line.key)?.show();
    this.changed(60);
  }

  private renumber(): void {
    let count = 0;
    this.lines.forEach((line, at) => this.rows.get(line.key)?.numbered(at + 1, line.kind === "item" ? String((count += 1)) : ""));
    this.next.textContent = String(count + 1);
  }

  /** Items are counted, sections and notes are not. */
  private shownNumber(at: number): number {
    return this.lines.slice(0, at + 1).filter((line) => line.kind === "item").length;
  }

  private at(target: Element): number {
    const key = target.closest<HTMLElement>(".og-line")?.dataset["line"];
    return key === undefined ? -1 : this.lines.findIndex((line) => line.key === key);
  }

  // what the server knows

  private changed(wait: number): void {
    this.hidden.value = JSON.stringify(this.lines);
    this.hidden.dispatchEvent(new Event("input", { bubbles: true }));
    this.preview(wait);
  }

  private withFields(url: string): string {
    const query = new URLSearchParams(this.fields());
    const text = query.toString();
    return text ? `${url}${url.includes("?") ? "&" : "?"}${text}` : url;
  }

  private fields(): Record<string, string> {
    const values: Record<string, string> = {};
    if (!this.form) return values;
    const data = new FormData(this.form);
    for (const name of this.config.fields) {
      const value = data.get(name);
      if (typeof value === "string" && value) values[name] = value;
    }
    return values;
  }

  private preview(wait: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.price(), wait);
  }

  private async price(): Promise<void> {
    this.asking?.abort();
    this.asking = new AbortController();
    this.asked += 1;
    const turn = this.asked;
    const asked = new Map(this.lines.map((line) => [line.key, line.discount]));
    const lines = this.lines.map((line) => Object.fromEntries(SENT.map((name) => [name, line[name]])));
    const answer = await ask(this.config.preview, {
      method: "POST",
      signal: this.asking.signal,
      quiet: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ lines, fields: this.fields() }),
    });
    const preview = answer && (await whole(answer.json() as Promise<Preview>, true));
    if (turn !== this.asked) return;
    this.say(preview ? (preview.error ?? "") : say("grid_prices_late"));
    if (!preview) return;
    for (const [key, priced] of Object.entries(preview.lines ?? {})) this.rows.get(key)?.answer(priced, asked.get(key) ?? "");
    this.showTotals(preview);
    const text = JSON.stringify(this.lines);
    if (text !== this.hidden.value) this.hidden.value = text;
  }

  private say(text: string): void {
    const box = this.host.querySelector<HTMLElement>("[data-og-message]");
    if (!box) return;
    box.hidden = !text;
    const words = box.querySelector("[data-words]");
    if (words) words.textContent = text;
  }

  private showTotals(preview: Preview): void {
    const totals = this.host.querySelector<HTMLElement>("[data-og-totals]");
    totals?.replaceChildren(...(preview.totals ?? []).map((total) => make("tr", { class: total.sum ? "sum" : "" }, make("th", { scope: "row" }, total.label), make("td", {}, total.value))));
    const words = this.host.querySelector<HTMLElement>("[data-og-words]");
    if (words) {
      words.textContent = preview.words ?? "";
      const box = words.closest<HTMLElement>(".words");
      if (box) box.hidden = !preview.words;
    }
  }
}

function mount(root: ParentNode): void {
  for (const host of root.querySelectorAll<HTMLElement>("[data-order-grid]:not([data-mounted])")) {
    const config = document.getElementById(host.dataset["orderGrid"] ?? "");
    const hidden = host.querySelector<HTMLInputElement>("input[data-og-lines]");
    if (!config?.textContent || !hidden) continue;
    host.dataset["mounted"] = "";
    new OrderGrid(host, JSON.parse(config.textContent) as Config, hidden);
  }
}

mount(document);
document.body.addEventListener("htmx:load", (event) => mount((event.target as Element).parentElement ?? document));

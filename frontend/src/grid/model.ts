/** What the grid and the server say to each other; see niaga/ui/README.md, "The order grid". All numbers are text. */
export type Kind = "item" | "section" | "note";

export interface Line {
  key: string;
  kind: Kind;
  product: string;
  sku: string;
  name: string;
  unit: string;
  units: string[];
  quantity: string;
  /** Empty: the price of the rules. Anything else was typed by the person. */
  price: string;
  /** `5%` or `5.000`; the server says how it read a bare number. */
  discount: string;
  optional: boolean;
  text: string;
  planned: string;
  requested: string;
  error?: string;
  error_field?: string;
}

export interface Step {
  text: string;
  struck?: boolean;
  note?: string;
}

export interface Priced {
  product?: string;
  sku?: string;
  name?: string;
  unit?: string;
  units?: string[];
  price?: string;
  discount?: string;
  subtotal?: string;
  why?: Step[];
  available?: string;
  error?: string;
  error_field?: string;
  warning?: string;
  last?: string;
  last_number?: string;
  last_url?: string;
  /** Where the customer's earlier prices are told, as a fragment. */
  history?: string;
}

export interface Preview {
  lines: Record<string, Priced>;
  totals: { label: string; value: string; sum?: boolean }[];
  words?: string;
  error?: string;
}

export interface Product {
  id: string;
  sku: string;
  name: string;
  unit: string;
  units?: string[];
  available?: string;
  last_price?: string;
  last_date?: string;
  price?: string;
  picture?: string;
  exact?: boolean;
}

export interface Config {
  products: string;
  preview: string;
  fields: string[];
  most: number;
  planned: boolean;
  requested: boolean;
  /** Where the earliest day is asked; empty: nothing leaves. */
  earliest: string;
  discounts: boolean;
  prices: boolean;
}

let counter = 0;

export function blank(kind: Kind, values: Partial<Line> = {}): Line {
  counter += 1;
  const key = `n${Date.now().toString(36)}${counter}`;
  return { key, kind, product: "", sku: "", name: "", unit: "", units: [], quantity: kind === "item" ? "1" : "", price: "", discount: "", optional: false, text: "", planned: "", requested: "", ...values };
}

/** Lines of a form's hidden field; what is not a line is left out. */
export function readLines(text: string): Line[] {
  try {
    const found = JSON.parse(text || "[]") as Partial<Line>[];
    return found.map((line) => ({ ...blank(line.kind ?? "item"), ...line }));
  } catch {
    return [];
  }
}

/** Rows copied from a spreadsheet: sku, quantity, and where there are columns for them price and discount. */
export function readTable(text: string): Line[] | null {
  if (!/[\t\n]/.test(text.trim())) return null;
  const rows = text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((row) => row.split("\t").map((cell) => cell.trim()))
    .filter((row) => row[0]);
  // A heading has words where the numbers are.
  const first = rows[0];
  if (first?.[1] && !/\d/.test(first[1])) rows.shift();
  return rows.map(([sku = "", quantity = "", price = "", discount = ""]) => blank("item", { sku, quantity: quantity || "1", price, discount }));
}

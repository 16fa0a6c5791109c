/** What the server says of a driver's day, and what the phone keeps of a door. */

export interface Line {
  id: string;
  name: string;
  sku: string;
  quantity: string;
  unit: string;
  digits: number;
  shown: string;
  /** Of which order, where several come together; else nothing. */
  order: string;
}
export interface Stop {
  id: string;
  number: string;
  route: string;
  position: number;
  vehicle: string;
  name: string;
  address: string[];
  /** The whole address in one line, for a map. */
  place: string;
  phone: string;
  note: string;
  state: "todo" | "again" | "missed" | "waiting" | "done" | "off";
  said: { label: string; tone: string; icon: string };
  late: string;
  lines: Line[];
  collect: { amount: string; shown: string } | null;
  last: { outcome: string; label: string; why: string; at: string; next: string; received_by: string; cash: string } | null;
}
export interface Day {
  today: string;
  title: string;
  currency: string;
  digits: number;
  stops: Stop[];
  asks: { signature: boolean; photo: boolean; days: number; place: boolean | null };
}
export interface Facts {
  day: Day;
  say: Record<string, string>;
  urls: { day: string; stop: string; consent: string; worker: string };
}

/** A visit as the server reads it. */
export interface Visit {
  key: string;
  outcome: "delivered" | "part" | "failed";
  at: string;
  arrived_at?: string;
  received_by?: string;
  reason?: string;
  next_date?: string;
  refused?: { line: string; quantity: string; reason: string }[];
  photos?: string[];
  signature?: string;
  position?: { latitude: number; longitude: number; accuracy: number };
  cash?: string;
  note?: string;
  /** Only when it is handed to the office. */
  refused_code?: string;
  refused_words?: string;
}
export type Told = Visit | { is_given: boolean };

export type Say = (key: string, values?: Record<string, string | number>) => string;

export function sayer(words: Record<string, string>): Say {
  return (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A figure as people here write it, without an exponent; NaN where it is none. */
export function typedNumber(text: string): number {
  const isIndonesian = document.documentElement.lang === "id";
  const plain = text.trim().replace(/\s|Rp/gi, "");
  const digits = isIndonesian ? plain.replaceAll(".", "").replace(",", ".") : plain.replaceAll(",", "");
  return /^\d+(\.\d+)?$/.test(digits) ? Number(digits) : NaN;
}

export function shownNumber(value: number, most = 6): string {
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: most }).format(value);
}

export function shownMoney(value: number, day: Day): string {
  const style = { style: "currency", currency: day.currency, maximumFractionDigits: day.digits, minimumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(document.documentElement.lang, style).format(value);
}

export function clock(moment: string | number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date(moment));
}

/** The day so many days after another, as the server writes it. */
export function dayAfter(day: string, days: number): string {
  const found = new Date(`${day}T12:00:00Z`);
  found.setUTCDate(found.getUTCDate() + days);
  return found.toISOString().slice(0, 10);
}

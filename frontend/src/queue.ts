/** What a phone was told and the server may not have yet: kept in the browser, sent one after the other, the oldest
    first. Each has a key by which it counts once, however often it is sent. */
import { csrfToken, page } from "./page";
import { renewed, sessionLost } from "./session";
import { all, drop, put } from "./shelf";

export interface Refusal {
  code: string;
  message: string;
  status: number;
}
export interface Waiting<T> {
  key: string;
  url: string;
  body: T;
  /** The server understood it and said no: it is not sent again by itself. */
  refused?: Refusal;
  /** When the server had it. */
  sent?: number;
}
/** Why nothing goes out at the moment. */
export type Hindered = "" | "offline" | "server" | "session";

interface Watching<T> {
  shelf: string;
  changed: () => void;
  /** What was sent is remembered for a moment, for the page that comes next (`lately`). */
  remembers?: boolean;
  /** With what the server answered. */
  sent?: (one: Waiting<T>, made: unknown) => void;
  /** What becomes of what was refused: it is forgotten, or put aside for a person to decide. The others go on. */
  refused: (one: Waiting<T>, refusal: Refusal) => "forget" | "keep";
}

const PATIENCE = 60_000;
const AGAIN = 5_000;
/** So long what was sent is remembered: a page that was asked for before it arrived does not know of it yet. */
const LATELY = 60_000;

export class Queue<T> {
  items: Waiting<T>[] = [];
  /** What an earlier page sent a moment ago. */
  lately: Waiting<T>[] = [];
  hindered: Hindered = "";
  /** Not everything lies safely in the browser. */
  loose = false;
  private sending = false;

  private constructor(private readonly watching: Watching<T>) {}

  /** The queue of a shelf, with what an earlier page left on it. */
  static async open<T>(watching: Watching<T>): Promise<Queue<T>> {
    const queue = new Queue<T>(watching);
    const kept = (await all<Waiting<T>>(watching.shelf)).map((one) => one.value);
    queue.items = kept.filter((one) => !one.sent);
    queue.lately = kept.filter((one) => one.sent && one.sent > Date.now() - LATELY);
    for (const one of kept) if (one.sent && one.sent <= Date.now() - LATELY) await drop(watching.shelf, one.key);
    window.addEventListener("online", () => void queue.send());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void queue.send();
    });
    window.setInterval(() => void (queue.waiting.length && queue.send()), AGAIN);
    return queue;
  }

  get waiting(): Waiting<T>[] {
    return this.items.filter((one) => !one.refused);
  }

  get refused(): Waiting<T>[] {
    return this.items.filter((one) => one.refused);
  }

  /** Several are kept together and sent in their order. */
  async add(...some: Waiting<T>[]): Promise<void> {
    this.items.push(...some);
    await Promise.all(some.map((one) => this.keep(one)));
    this.watching.changed();
    void this.send();
  }

  /** A person decided what becomes of what was refused: it waits again, as it is now. */
  async again(one: Waiting<T>): Promise<void> {
    delete one.refused;
    await this.keep(one);
    this.watching.changed();
    void this.send();
  }

  async forget(one: Waiting<T>): Promise<void> {
    this.items = this.items.filter((other) => other !== one);
    await drop(this.watching.shelf, one.key);
    this.watching.changed();
  }

  private async arrived(one: Waiting<T>): Promise<void> {
    this.items = this.items.filter((other) => other !== one);
    await put({ shelf: this.watching.shelf, key: one.key, at: Date.now(), value: { ...one, sent: Date.now() } });
    this.watching.changed();
  }

  /** Sends what waits; of several pages with the same shelf one does. */
  async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      if (!navigator.locks) await this.sendAll();
      else await navigator.locks.request(`niaga:${this.watching.shelf}`, { ifAvailable: true }, (lock) => (lock ? this.sendAll() : undefined));
    } finally {
      this.sending = false;
      this.watching.changed();
    }
  }

  private async sendAll(): Promise<void> {
    this.hindered = "";
    let one: Waiting<T> | undefined;
    let isRenewed = false;
    while ((one = this.waiting[0])) {
      let answer: Response;
      try {
        answer = await fetch(one.url, {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken(), "X-For-User": page().user },
          body: JSON.stringify(one.body),
          redirect: "manual",
          signal: AbortSignal.timeout(PATIENCE),
        });
      } catch {
        this.hindered = "offline";
        return;
      }
      if (answer.ok) {
        const made: unknown = await answer.json().catch(() => ({}));
        await (this.watching.remembers ? this.arrived(one) : this.forget(one));
        this.watching.sent?.(one, made);
        continue;
      }
      const told = answer.type === "opaqueredirect" ? null : ((await answer.json().catch(() => null)) as Partial<Refusal> | null);
      // The page was kept from an earlier log-in: its token is renewed once, quietly.
      if (answer.status === 403 && !told?.code && !isRenewed && (await renewed())) {
        isRenewed = true;
        continue;
      }
      if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status === 403 && !told?.code)) {
        this.hindered = "session";
        sessionLost();
        return;
      }
      if (answer.status >= 500 || answer.status === 429) {
        this.hindered = "server";
        return;
      }
      const refusal = { code: told?.code ?? "", message: told?.message ?? String(answer.status), status: answer.status };
      if (this.watching.refused(one, refusal) === "forget") {
        await this.forget(one);
        continue;
      }
      one.refused = refusal;
      await this.keep(one);
      this.watching.changed();
    }
  }

  private async keep(one: Waiting<T>): Promise<void> {
    const place = this.items.indexOf(one);
    const lies = await put({ shelf: this.watching.shelf, key: one.key, at: Date.now() + place / 1000, value: one });
    if (!lies) this.loose = true;
  }
}

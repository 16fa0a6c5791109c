/** Picking on a phone: one hand, a scanner that types, a connection that comes and goes. */
import { insteadOf, type Offer } from "./instead";
import { icon, make, page } from "./page";
import { Queue, type Waiting } from "./queue";
import { toast } from "./toasts";

interface Line {
  id: string;
  place: string;
  sku: string;
  name: string;
  unit: string;
  digits: number;
  quantity: string;
  codes: string[];
  delivery: string;
  customer: string;
  by_lot: boolean;
  lots: { number: string; day: string; quantity: string }[];
  offers: Offer[];
}
interface Facts {
  list: string;
  lines: Line[];
  say: Record<string, string>;
  save: string;
}
interface Pick {
  key: string;
  line: string;
  quantity: string;
  reason: string;
  lots?: { number: string; quantity: string }[];
  /** Other goods in its place, told after the short pick itself. */
  substitute?: string;
}
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
declare const BarcodeDetector: { new (): Detector } | undefined;

const host = document.querySelector<HTMLElement>("[data-walk]");
const told = document.getElementById("walk-facts")?.textContent;
if (host && told) void start(host, JSON.parse(told) as Facts);

async function start(host: HTMLElement, facts: Facts): Promise<void> {
  const say = (key: string, values: Record<string, string | number> = {}): string =>
    (facts.say[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  const progress = document.querySelector<HTMLElement>("[data-walk-progress]");
  const kept = document.querySelector<HTMLElement>("[data-walk-kept]");
  const more = document.querySelector<HTMLElement>("[data-walk-more]");
  const back = document.querySelector<HTMLElement>("[data-walk-back]");
  const done = new Set<string>();
  const aside = document.querySelector<HTMLElement>("[data-walk-refused]");
  let verified = false;
  let camera: MediaStream | undefined;
  const queue = await Queue.open<Pick>({
    shelf: `picks:${page().user}:${facts.list}`,
    changed: tell,
    remembers: true,
    sent: (one, made) => {
      if (!one.body.substitute) return;
      const key = (made as { state?: string }).state === "made" ? "instead_done" : "instead_asked";
      toast(say(key, { name: nameOf(one.body.line) }));
    },
    refused: (one, refusal) => {
      toast(say("refused", { name: nameOf(one.body.line), reason: refusal.message }), { tone: "bad" });
      return "keep";
    },
  });
  for (const one of [...queue.items, ...queue.lately]) done.add(one.body.line);

  function tell(): void {
    if (progress) progress.textContent = say("progress", { done: done.size, all: facts.lines.length });
    const count = queue.waiting.length;
    if (kept) {
      kept.textContent = count ? say("kept", { count }) : done.size && !queue.refused.length ? say("sent") : "";
      kept.classList.toggle("waiting", count > 0);
    }
    aside?.replaceChildren(...queue.refused.map(refusedBox));
    const over = done.size >= facts.lines.length;
    if (more) more.hidden = !over || count > 0;
    if (back) back.hidden = over;
  }

  /** What the server said no to, and why: sent again as it is, or put away, and the line is fetched anew where it still
      is this person's. */
  function refusedBox(one: Waiting<Pick>): HTMLElement {
    const again = make("button", { type: "button", class: "btn" }, icon("rotate-ccw", true), say("try_again"));
    const away = make("button", { type: "button", class: "btn ghost" }, icon("x", true), say("put_away"));
    again.addEventListener("click", () => void queue.again(one));
    away.addEventListener("click", () => {
      const isLost = one.refused?.code === "not_your_line" || one.refused?.status === 403 || one.refused?.status === 404;
      if (isLost) facts.lines = facts.lines.filter((line) => line.id !== one.body.line);
      if (!one.body.substitute) done.delete(one.body.line);
      void queue.forget(one).then(show);
    });
    return make("section", { class: "card drive-refused", role: "alert" },
      make("div", { class: "body stack" },
        make("h2", {}, icon("triangle-alert"), nameOf(one.body.line)),
        make("p", {}, one.refused?.message ?? ""),
        make("div", { class: "drive-two" }, again, away)));
  }

  function nameOf(line: string): string {
    return facts.lines.find((one) => one.id === line)?.name ?? "";
  }

  function loud(text: string, detail: string): void {
    navigator.vibrate?.([200, 80, 200]);
    try {
      const sound = new AudioContext();
      const tone = sound.createOscillator();
      tone.type = "square";
      tone.frequency.value = 180;
      tone.connect(sound.destination);
      tone.start();
      tone.stop(sound.currentTime + 0.45);
    } catch {
      /* no sound to be had: the screen says it */
    }
    const box = host.querySelector<HTMLElement>("[data-verdict]");
    if (!box) return;
    box.className = "walk-verdict wrong";
    box.setAttribute("role", "alert");
    box.replaceChildren(icon("octagon-x"), make("span", {}, make("b", {}, text), make("span", {}, detail)));
  }

  function show(): void {
    stopCamera();
    const line = facts.lines.find((one) => !done.has(one.id));
    verified = false;
    tell();
    if (!line) {
      host.replaceChildren(make("div", { class: "walk-done" }, icon("circle-check"), make("p", { class: "walk-name" }, say("all_done"))));
      return;
    }
    const most = Number(line.quantity);
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 6 });
    const shown = number.format(most);
    const verdict = make("div", { class: "walk-verdict", "data-verdict": "", role: "status" });
    const scan = make("input", { class: "walk-scan", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", placeholder: say("scan"), "aria-label": say("scan") });
    const amount = make("input", { class: "walk-amount", type: "text", inputmode: line.digits ? "decimal" : "numeric", autocomplete: "off", value: line.quantity.replace(".", comma()), "aria-label": say("how_many") });
    const reason = make("select", { "aria-label": say("why") }, make("option", { value: "" }, say("why")), ...["not_found", "damaged", "expired"].map((key) => make("option", {}, say(key))));
    const other = make("input", { type: "text", maxlength: "40", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", placeholder: say("scan_lot"), "aria-label": say("scan_lot") });
    const lotReason = make("select", { "aria-label": say("why_lot") }, make("option", { value: "" }, say("why_lot")), ...["lot_behind", "lot_wish", "damaged"].map((key) => make("option", {}, say(key))));
    const lotBox = make("div", { class: "walk-why", hidden: true }, other, lotReason);
    const lots = make("div", { class: "small", hidden: !line.by_lot },
      ...line.lots.map((lot) => make("p", {}, make("b", {}, say("lot", { number: lot.number, day: lot.day, quantity: number.format(Number(lot.quantity)) })))));
    if (line.by_lot) {
      const open = make("button", { type: "button", class: "btn s ghost" }, say("other_lot"));
      open.addEventListener("click", () => {
        lotBox.hidden = !lotBox.hidden;
        if (lotBox.hidden) other.value = "";
        else other.focus();
      });
      lots.append(open, lotBox);
    }
    const instead = insteadOf(line.offers, say);
    const why = make("div", { class: "walk-why", hidden: true }, reason, instead.box);
    const ready = make("button", { type: "button", class: "btn go big wide", disabled: true }, icon("check"), say("picked"));

    const typed = (): number => Number(amount.value.trim().replace(comma(), "."));
    const weigh = (): void => {
      const short = typed() < most;
      why.hidden = !short;
      instead.refresh(short ? most - Math.max(0, typed()) : 0);
      ready.disabled = !verified && typed() !== 0; // what is not there cannot be scanned
    };
    const step = (by: number): void => {
      const next = Math.min(most, Math.max(0, (Number.isFinite(typed()) ? typed() : 0) + by));
      amount.value = String(next).replace(".", comma());
      weigh();
    };
    const accept = (): void => {
      verified = true;
      verdict.className = "walk-verdict right";
      verdict.setAttribute("role", "status");
      verdict.replaceChildren(icon("circle-check"), make("span", {}, make("b", {}, say("right", { name: line.name }))));
      scan.value = "";
      weigh();
      ready.focus({ preventScroll: true });
    };
    const check = (code: string): void => {
      const wanted = code.trim();
      if (!wanted) return;
      stopCamera();
      if (line.codes.includes(wanted) || line.sku.toLowerCase() === wanted.toLowerCase()) {
        accept();
        return;
      }
      verified = false;
      weigh();
      scan.value = "";
      scan.focus();
      loud(say("wrong", { code: wanted }), say("wrong_more", { name: line.name }));
    };
    const finish = (): void => {
      const quantity = typed();
      if (!verified && quantity !== 0) return void toast(say("scan_first"), { tone: "warn" });
      if (!(quantity >= 0) || quantity > most) return void toast(say("too_much", { quantity: shown, unit: line.unit }), { tone: "warn" });
      if (quantity < most && !reason.value) {
        reason.focus();
        return void toast(say("say_why"), { tone: "warn" });
      }
      const stand = quantity < most ? instead.chosen() : null;
      if (typeof stand === "string") return void toast(stand, { tone: "warn" });
      const taken = lotOf(other.value);
      const isOther = taken !== "" && !line.lots.some((lot) => lot.number === taken);
      if (isOther && !lotReason.value) {
        lotReason.focus();
        return void toast(say("why_lot"), { tone: "warn" });
      }
      const said = [quantity < most ? reason.value : "", isOther ? lotReason.value : ""].filter(Boolean).join(" · ");
      const key = crypto.randomUUID();
      const lots = taken ? [{ number: taken, quantity: String(quantity) }] : [];
      const picks = [{ key, url: facts.save + line.id, body: { key, line: line.id, quantity: String(quantity), reason: said, lots } as Pick }];
      if (stand) {
        const other = { key: crypto.randomUUID(), line: line.id, quantity: String(stand.quantity), reason: "", substitute: stand.offer.id };
        picks.push({ key: other.key, url: `${facts.save}${line.id}/substitution`, body: other });
      }
      done.add(line.id);
      void queue.add(...picks);
      show();
    };

    scan.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      check(scan.value);
    });
    amount.addEventListener("input", weigh);
    ready.addEventListener("click", finish);
    const minus = make("button", { type: "button", class: "btn walk-step", "aria-label": say("less") }, icon("minus"));
    const plus = make("button", { type: "button", class: "btn walk-step", "aria-label": say("more") }, icon("plus"));
    minus.addEventListener("click", () => step(-1));
    plus.addEventListener("click", () => step(1));

    const ways = make("div", { class: "row" });
    const view = make("div", { class: "walk-camera", hidden: true });
    if (typeof BarcodeDetector !== "undefined" && navigator.mediaDevices) {
      const open = make("button", { type: "button", class: "btn s" }, icon("camera", true), say("camera"));
      open.addEventListener("click", () => void look(view, check));
      ways.append(open);
    }
    const none = make("button", { type: "button", class: "btn s ghost" }, say("by_hand"));
    none.addEventListener("click", accept);
    if (!line.codes.length) ways.append(none);

    host.replaceChildren(
      make("section", { class: "walk", "aria-label": line.name },
        make("p", { class: line.place ? "walk-place" : "walk-place none" }, line.place || say("no_place")),
        make("p", { class: "walk-name" }, line.name),
        make("p", { class: "small quiet" }, line.sku, " · ", say("for", { customer: line.customer, delivery: line.delivery })),
        lots, scan, ways, view, verdict,
        make("div", { class: "walk-count" }, minus, amount, plus),
        make("p", { class: "quiet" }, say("of", { quantity: shown, unit: line.unit })),
        why, ready),
    );
    scan.focus({ preventScroll: true });
  }

  /** The lot's number, as it is typed or as a GS1 code has it. */
  function lotOf(text: string): string {
    const typed = text.trim();
    const bracketed = /\(10\)([^(]+)/.exec(typed);
    return (bracketed?.[1] ?? typed).trim();
  }

  function comma(): string {
    return document.documentElement.lang === "id" ? "," : ".";
  }

  async function look(view: HTMLElement, check: (code: string) => void): Promise<void> {
    if (typeof BarcodeDetector === "undefined") return;
    if (camera) return stopCamera();
    try {
      camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (problem) {
      toast(say("no_camera", { reason: problem instanceof Error ? problem.message : "" }), { tone: "warn" });
      return;
    }
    const film = make("video", { playsinline: true, muted: true });
    film.srcObject = camera;
    view.replaceChildren(film);
    view.hidden = false;
    await film.play();
    const detector = new BarcodeDetector();
    const watch = async (): Promise<void> => {
      if (!camera || !film.isConnected) return;
      const [found] = await detector.detect(film).catch(() => []);
      if (found) return check(found.rawValue);
      window.setTimeout(() => void watch(), 150);
    };
    void watch();
  }

  function stopCamera(): void {
    for (const track of camera?.getTracks() ?? []) track.stop();
    camera = undefined;
    const view = host.querySelector<HTMLElement>(".walk-camera");
    if (view) view.hidden = true;
  }

  // A scanner types wherever the eye is: what comes while no field has the focus belongs to the code.
  document.addEventListener("keydown", (event) => {
    const scan = host.querySelector<HTMLInputElement>(".walk-scan[data-next]") ?? host.querySelector<HTMLInputElement>(".walk-scan");
    if (!scan || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const at = event.target as HTMLElement;
    if (at.matches("input, select, textarea")) return;
    scan.focus();
  }, true);
  await moveIn();
  show();
  void queue.send();

  /** What was picked with an earlier version of this page and is not sent yet. */
  async function moveIn(): Promise<void> {
    const shelf = `niaga:picks:${page().user}:${facts.list}`;
    try {
      for (const pick of JSON.parse(localStorage.getItem(shelf) ?? "[]") as Pick[]) {
        done.add(pick.line);
        await queue.add({ key: pick.key, url: facts.save + pick.line, body: pick });
      }
      localStorage.removeItem(shelf);
    } catch {
      /* nothing there, or nothing that can be read */
    }
  }
}

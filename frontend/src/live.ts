/** `[data-live="/live/…"]`: one EventSource per page; each event makes the parts marked hx-trigger="live" fetch themselves anew. */
import htmx from "htmx.org";

const SOON = 120;
const GAP = 600;

/** A list in which somebody ticks rows or has a menu open stays as it is under their hand. */
function inUse(part: HTMLElement): boolean {
  return part.hasAttribute("data-calm") && part.querySelector("input[type=checkbox]:checked, details[open]") !== null;
}

export function startLive(): void {
  const host = document.querySelector<HTMLElement>("[data-live]");
  const url = host?.dataset["live"];
  if (!host || !url) return;
  let source: EventSource | undefined;
  let timer = 0;
  let last = 0;
  const show = (on: boolean): void => {
    for (const mark of document.querySelectorAll(".live")) mark.classList.toggle("on", on);
  };
  // However much happens, the page looks again at most every GAP, and never later than that after what it was told.
  const renew = (): void => {
    if (timer) return;
    timer = window.setTimeout(
      () => {
        timer = 0;
        last = Date.now();
        for (const part of document.querySelectorAll<HTMLElement>("[hx-trigger~=live]")) {
          if (!inUse(part)) htmx.trigger(part, "live");
        }
      },
      Math.max(SOON, last + GAP - Date.now()),
    );
  };
  const connect = (): void => {
    if (source || document.visibilityState !== "visible") return;
    source = new EventSource(url);
    source.addEventListener("open", () => show(true));
    source.addEventListener("error", () => {
      show(false);
      // The browser tries again by itself, except after an answer that was no stream.
      if (source?.readyState === EventSource.CLOSED) {
        source = undefined;
        window.setTimeout(connect, 20_000);
      }
    });
    source.addEventListener("message", renew);
    source.addEventListener("changed", renew);
  };
  // A browser keeps six connections a host: a hidden tab gives its own back, and catches up when it is seen again.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      connect();
      renew();
    } else {
      source?.close();
      source = undefined;
      show(false);
    }
  });
  window.addEventListener("pagehide", () => source?.close());
  connect();
}

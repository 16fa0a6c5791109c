/** `[data-live="/live/…"]`: one EventSource per page; each event makes the parts marked hx-trigger="live" fetch themselves anew. */
import htmx from "htmx.org";

export function startLive(): void {
  const host = document.querySelector<HTMLElement>("[data-live]");
  const url = host?.dataset["live"];
  if (!host || !url) return;
  let source: EventSource | undefined;
  let timer = 0;
  const show = (on: boolean): void => {
    for (const mark of document.querySelectorAll(".live")) mark.classList.toggle("on", on);
  };
  const renew = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const part of document.querySelectorAll<HTMLElement>("[hx-trigger~=live]")) htmx.trigger(part, "live");
    }, 120);
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

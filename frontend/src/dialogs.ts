/** Native dialogs: `data-dialog="id"` opens, `data-close` closes, `data-fetch` on the opener loads the content first. */
import htmx from "htmx.org";

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset["dialog"] ?? "");
      if (dialog instanceof HTMLDialogElement && !dialog.open) {
        event.preventDefault();
        dialog.showModal();
        const url = opener.dataset["fetch"];
        if (url) void htmx.ajax("get", url, { target: dialog.querySelector<HTMLElement>("[data-content]") ?? dialog, swap: "innerHTML" });
      }
      return;
    }
    const closer = target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    // The second click of a double click on the opener lands on the backdrop, and means nothing.
    else if (event.detail < 2 && target instanceof HTMLDialogElement && target.matches("dialog:modal") && outside(target, event)) target.close();
  });
  document.body.addEventListener("close-dialog", () => document.querySelector<HTMLDialogElement>("dialog:modal")?.close());
}

/** A click on the backdrop is a click on the dialog itself, outside its box. */
function outside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** `[data-signature]`: a canvas one signs on with finger, pen or mouse; Enter signs with the typed name. A PNG on submit. */
import { signaturePad } from "./pad";

for (const host of document.querySelectorAll<HTMLElement>("[data-signature]")) attach(host);

function attach(host: HTMLElement): void {
  const canvas = host.querySelector("canvas");
  const value = host.querySelector<HTMLInputElement>("input[type=hidden]");
  const form = host.closest("form");
  if (!canvas || !value || !form) return;
  const pad = signaturePad(canvas, () => {
    host.classList.toggle("signed", pad.drawn);
    const field = host.closest<HTMLElement>("[data-field]");
    if (pad.drawn && field) delete field.dataset["invalid"];
  });
  canvas.addEventListener("keydown", (event) => {
    const name = form.querySelector<HTMLInputElement>("input[name=name]")?.value.trim();
    if (event.key !== "Enter" || !name) return;
    event.preventDefault();
    pad.type(name);
  });
  host.querySelector("[data-clear]")?.addEventListener("click", () => pad.clear());
  // Before whoever sends the form reads it.
  form.addEventListener("submit", () => (value.value = pad.data()), { capture: true });
}

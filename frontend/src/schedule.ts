/** The week of deliveries: what leaves of an order on a day is dragged to another day, or moved by its button; both open the dialog that asks why. */
import htmx from "htmx.org";

const dialog = document.querySelector<HTMLDialogElement>("#another-day");
const form = dialog?.querySelector<HTMLFormElement>("[data-another-form]");
let dragged: HTMLElement | undefined;

function ask(button: HTMLElement | null, date: string): void {
  const day = form?.querySelector<HTMLInputElement>("[name=date]");
  const number = dialog?.querySelector("[data-another-number]");
  const from = form?.querySelector<HTMLInputElement>("[name=from]");
  if (!dialog || !form || !day || !number || !from || !button) return;
  const address = `/orders/${button.dataset["anotherDay"] ?? ""}/day`;
  from.value = button.dataset["from"] ?? "";
  form.action = address;
  form.setAttribute("hx-post", address);
  htmx.process(form);
  number.textContent = button.dataset["number"] ?? "";
  day.value = date;
  dialog.showModal();
  form.querySelector<HTMLInputElement>(date ? "[name=reason]" : "[name=date]")?.focus();
}

document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-another-day]");
  if (button) ask(button, "");
});
document.addEventListener("dragstart", (event) => {
  dragged = (event.target as HTMLElement).closest<HTMLElement>("[data-move]") ?? undefined;
  if (dragged) event.dataTransfer?.setData("text/plain", dragged.dataset["move"] ?? "");
});
document.addEventListener("dragover", (event) => {
  const day = (event.target as HTMLElement).closest<HTMLElement>("[data-day]");
  for (const one of document.querySelectorAll("[data-day].over")) one.classList.toggle("over", one === day);
  if (!dragged || !day) return;
  day.classList.add("over");
  event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const day = (event.target as HTMLElement).closest<HTMLElement>("[data-day]");
  for (const one of document.querySelectorAll("[data-day].over")) one.classList.remove("over");
  if (!dragged || !day) return;
  event.preventDefault();
  ask(dragged.querySelector<HTMLElement>("[data-another-day]"), day.dataset["day"] ?? "");
});
document.addEventListener("dragend", () => {
  dragged = undefined;
  for (const one of document.querySelectorAll("[data-day].over")) one.classList.remove("over");
});

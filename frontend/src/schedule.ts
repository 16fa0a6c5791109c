/** The week of deliveries: an order is dragged to another day, or moved by its button; both open the dialog that asks why. */
import htmx from "htmx.org";

const dialog = document.querySelector<HTMLDialogElement>("#another-day");
const form = dialog?.querySelector<HTMLFormElement>("[data-another-form]");
let dragged: string | undefined;

function ask(order: string, date: string): void {
  const button = document.querySelector<HTMLElement>(`[data-another-day="${CSS.escape(order)}"]`);
  const day = form?.querySelector<HTMLInputElement>("[name=date]");
  const number = dialog?.querySelector("[data-another-number]");
  if (!dialog || !form || !day || !number) return;
  const address = `/orders/${order}/day`;
  form.action = address;
  form.setAttribute("hx-post", address);
  htmx.process(form);
  number.textContent = button?.dataset["number"] ?? "";
  day.value = date;
  dialog.showModal();
  form.querySelector<HTMLInputElement>(date ? "[name=reason]" : "[name=date]")?.focus();
}

document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-another-day]");
  if (button) ask(button.dataset["anotherDay"] ?? "", "");
});
document.addEventListener("dragstart", (event) => {
  dragged = (event.target as HTMLElement).closest<HTMLElement>("[data-move]")?.dataset["move"];
  if (dragged) event.dataTransfer?.setData("text/plain", dragged);
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
  ask(dragged, day.dataset["day"] ?? "");
});
document.addEventListener("dragend", () => {
  dragged = undefined;
  for (const one of document.querySelectorAll("[data-day].over")) one.classList.remove("over");
});

/** The form of a paper's template: parts that are put in order, a colour in two fields, placeholders put into texts. */

export function startDesign(): void {
  startSorting();
  startColours();
  startWords();
}

/** `ul[data-sort=<id>]`: its rows move by their grip, with the pointer or the arrow keys; the order goes into the field. */
function startSorting(): void {
  document.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    if (!row || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const other = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    if (!(other instanceof HTMLElement) || other.dataset["still"] !== undefined) return;
    if (event.key === "ArrowUp") other.before(row);
    else other.after(row);
    (event.target as HTMLElement).focus();
    keep(row.parentElement);
  });
  document.addEventListener("pointerdown", (event) => {
    const row = rowOf(event.target);
    const list = row?.parentElement;
    if (!row || !list || event.button !== 0) return;
    const grip = event.target as HTMLElement;
    grip.setPointerCapture(event.pointerId);
    row.classList.add("moving");
    const move = (at: PointerEvent): void => {
      for (const other of list.children) {
        if (other === row || !(other instanceof HTMLElement) || other.dataset["still"] !== undefined) continue;
        const { top, height } = other.getBoundingClientRect();
        const above = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING;
        if (above && at.clientY < top + height / 2) return other.before(row);
        if (!above && at.clientY > top + height / 2) other.after(row);
      }
    };
    const end = (): void => {
      grip.removeEventListener("pointermove", move);
      row.classList.remove("moving");
      keep(list);
    };
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", end, { once: true });
  });
  // A draft brings back the order as text.
  document.addEventListener("draft:filled", (event) => {
    for (const list of (event.target as Element).querySelectorAll<HTMLElement>("[data-sort]")) {
      const field = fieldOf(list);
      for (const key of field?.value.split(",") ?? []) {
        const row = [...list.children].find((one) => (one as HTMLElement).dataset["key"] === key);
        if (row && (row as HTMLElement).dataset["still"] === undefined) list.append(row);
      }
    }
  });
}

function rowOf(target: EventTarget | null): HTMLElement | null {
  return (target as Element | null)?.closest?.("[data-grip]")?.closest<HTMLElement>("[data-sort] > [data-key]") ?? null;
}

function fieldOf(list: HTMLElement): HTMLInputElement | null {
  return document.getElementById(list.dataset["sort"] ?? "") as HTMLInputElement | null;
}

function keep(list: HTMLElement | null): void {
  const field = list && fieldOf(list);
  if (!list || !field) return;
  field.value = [...list.children].map((one) => (one as HTMLElement).dataset["key"]).join(",");
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** `input[type=color][data-colour-of=<id>]` and the text field say the same colour. */
function startColours(): void {
  document.addEventListener("input", (event) => {
    const input = event.target as HTMLInputElement;
    const text = input.dataset?.["colourOf"] ? (document.getElementById(input.dataset["colourOf"]) as HTMLInputElement | null) : null;
    if (text) text.value = input.value;
    const picker = input.id ? document.querySelector<HTMLInputElement>(`[data-colour-of="${CSS.escape(input.id)}"]`) : null;
    if (picker && /^#[0-9a-f]{6}$/i.test(input.value.trim())) picker.value = input.value.trim().toLowerCase();
  });
}

/** `[data-words]`: a `[data-insert]` button puts its text where the cursor was in the last field. */
function startWords(): void {
  let last: HTMLInputElement | HTMLTextAreaElement | null = null;
  document.addEventListener("focusin", (event) => {
    const field = event.target as Element;
    if (field.closest("[data-words]") && (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) last = field;
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-insert]");
    const within = button?.closest<HTMLElement>("[data-words]");
    if (!button || !within) return;
    const field = last && within.contains(last) ? last : within.querySelector<HTMLTextAreaElement>("textarea");
    if (!field) return;
    field.focus();
    field.setRangeText(button.dataset["insert"] ?? "", field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

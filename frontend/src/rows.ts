/** `[data-rows="on"]`: rows of a form that can be more or fewer. The new row is the `<template data-row-of="on">`. */

export function startRows(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const adds = target.closest<HTMLElement>("[data-add-row]");
    if (adds) {
      const row = add(adds.closest("form") ?? document, adds.dataset["addRow"] ?? "");
      row?.querySelector<HTMLElement>("input:not([type=hidden]), select")?.focus();
    }
    const removes = target.closest<HTMLElement>("[data-remove-row]");
    if (removes) remove(removes);
  });
  // A draft may hold more rows than the page was sent with.
  document.addEventListener("draft:filling", (event) => {
    const form = event.target as HTMLFormElement;
    const values = (event as CustomEvent<Map<string, string[]>>).detail;
    for (const rows of form.querySelectorAll<HTMLElement>("[data-rows]")) {
      const first = rows.querySelector<HTMLInputElement>("[data-row] [name]");
      const wanted = first ? (values.get(first.name)?.length ?? 0) : 0;
      while (rows.children.length < wanted && add(form, rows.dataset["rows"] ?? ""));
    }
  });
}

function add(within: ParentNode, name: string): HTMLElement | null {
  const rows = within.querySelector<HTMLElement>(`[data-rows="${name}"]`);
  const template = within.querySelector<HTMLTemplateElement>(`template[data-row-of="${name}"]`);
  if (!rows || !template) return null;
  const turn = String(Number(rows.dataset["turn"] ?? rows.children.length) + 1);
  rows.dataset["turn"] = turn;
  const row = template.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  if (!row) return null;
  for (const element of [row, ...row.querySelectorAll<HTMLElement>("*")]) {
    for (const { name: attribute, value } of [...element.attributes]) {
      if (value.includes("__n__")) element.setAttribute(attribute, value.replaceAll("__n__", turn));
    }
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE && node.nodeValue?.includes("__n__")) node.nodeValue = node.nodeValue.replaceAll("__n__", turn);
  }
  rows.append(row);
  return row;
}

/** The last row stays, empty, so that there is always one to fill in. */
function remove(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-row]");
  const rows = row?.parentElement;
  const form = button.closest("form");
  if (!row || !rows) return;
  const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector<HTMLElement>("[data-remove-row]") ?? form?.querySelector<HTMLElement>(`[data-add-row="${rows.dataset["rows"]}"]`);
  if (rows.children.length > 1) row.remove();
  else for (const field of row.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) empty(field);
  form?.dispatchEvent(new Event("change", { bubbles: true }));
  next?.focus();
}

function empty(field: HTMLInputElement | HTMLSelectElement): void {
  if (field instanceof HTMLSelectElement) field.selectedIndex = 0;
  else if (field.type === "checkbox" || field.type === "radio") field.checked = false;
  else field.value = "";
}

/** On a phone a row of tabs is wider than the page: begin it at the one that is open. */
export function startTabs(): void {
  for (const tab of document.querySelectorAll<HTMLElement>(".tablist [aria-current=page]")) {
    const row = tab.closest<HTMLElement>(".tablist");
    if (row && row.scrollWidth > row.clientWidth) row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  }
}

/** `<details class="menu">`: closes on Escape, on a click elsewhere and when focus leaves; arrows walk its items; tabs too. */
export function startMenus(): void {
  const menus = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) {
      const inside = menu.contains(event.target as Node);
      if (!inside || ((event.target as Element).closest(".item") && !(event.target as Element).closest("[data-stay]"))) menu.open = false;
    }
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = (event.target as Element).closest?.<HTMLDetailsElement>("details.menu");
    if (!menu) return;
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      menu.open = true;
      const items = [...menu.querySelectorAll<HTMLElement>(".item")];
      const at = items.indexOf(document.activeElement as HTMLElement);
      const next = items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length];
      next?.focus();
      event.preventDefault();
    }
  });
}

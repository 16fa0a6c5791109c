/** Light, dark or as the system says; kept in a cookie, so that the server writes it into <html> and nothing flashes. */
export function startTheme(): void {
  const root = document.documentElement;
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-set-theme]");
    if (!button) return;
    const theme = button.dataset["setTheme"] ?? "";
    if (theme) root.dataset["theme"] = theme;
    else delete root.dataset["theme"];
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `niaga_theme=${theme}; path=/; max-age=${theme ? 31_536_000 : 0}; samesite=lax${secure}`;
    for (const other of document.querySelectorAll<HTMLElement>("[data-set-theme]")) other.setAttribute("aria-pressed", String(other === button));
    document.dispatchEvent(new Event("themechange"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("themechange")));
}

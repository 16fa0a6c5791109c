import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "vite";

const SOURCES = /\.(html|py|ts)$/;
const SKIPPED = /(^|\/)(node_modules|static|tests|migrations|locale|__pycache__)(\/|$)/;

/**
 * One SVG sprite of the Lucide icons the project names.
 *
 * A name counts as used where it stands quoted in a template, a Python module or a script ("truck"), so that status
 * tables may name icons freely. A `<c-icon name="…">` or `{% icon "…" %}` that Lucide does not know stops the build.
 */
export function iconSprite(options: { roots: string[]; icons: string }): Plugin {
  return {
    name: "niaga-icon-sprite",
    apply: "build",
    generateBundle() {
      const used = new Set<string>();
      for (const root of options.roots) collect(root, root, used, options.icons, (message) => this.error(message));
      const symbols = [...used].sort().map((name) => symbol(name, readFileSync(join(options.icons, `${name}.svg`), "utf8")));
      const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
      const hash = createHash("sha256").update(sprite).digest("base64url").slice(0, 8);
      this.emitFile({ type: "asset", fileName: `icons-${hash}.svg`, source: sprite, name: "icons.svg" });
    },
  };
}

function collect(root: string, folder: string, used: Set<string>, icons: string, fail: (message: string) => never): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (SKIPPED.test(relative(root, path))) continue;
    if (entry.isDirectory()) collect(root, path, used, icons, fail);
    else if (SOURCES.test(entry.name)) {
      const text = readFileSync(path, "utf8");
      for (const [, name] of text.matchAll(/["'`]([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["'`]/g)) {
        if (name && existsSync(join(icons, `${name}.svg`))) used.add(name);
      }
      for (const [, name] of text.matchAll(/(?:<c-icon name=|\{% icon )"([a-z0-9-]+)"/g)) {
        if (name && !existsSync(join(icons, `${name}.svg`))) fail(`${path}: Lucide has no icon "${name}"`);
      }
    }
  }
}

function symbol(name: string, svg: string): string {
  const inner = svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}

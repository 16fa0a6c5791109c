import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { iconSprite } from "./icons.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Every entry is loaded by `{% asset "<name>" %}`; Django reads the hashed names from the manifest. */
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [
    tailwindcss(),
    iconSprite({ roots: [here("../niaga"), here("./src")], icons: here("./node_modules/lucide-static/icons") }),
  ],
  build: {
    outDir: here("../niaga/ui/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        app: here("./src/app.ts"),
        grid: here("./src/grid/grid.ts"),
        charts: here("./src/charts.ts"),
        signature: here("./src/signature.ts"),
        picking: here("./src/picking.ts"),
        driving: here("./src/driving.ts"),
        driving_worker: here("./src/driving_worker.ts"),
        schedule: here("./src/schedule.ts"),
      },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});

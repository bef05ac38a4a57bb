import { defineConfig } from "vite";
import { offline } from "./offline-plugin.ts";

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // a data: address is blocked by default-src 'self'
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  preview: { headers: { "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" } },
  server: { fs: { allow: [".", "../pkg", "../tests/hosts"] } },
  plugins: [offline()],
});

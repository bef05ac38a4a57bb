import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Writes `sw.js`: the service worker of `offline-worker.js`, told the files of this build. */
export function offline(): Plugin {
  let out = "dist";
  return {
    name: "virtlens-offline",
    apply: "build",
    configResolved(config) {
      out = join(config.root, config.build.outDir);
    },
    closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "sw.js")
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const hash = createHash("sha256");
      for (const file of files) hash.update(readFileSync(file));
      const names = files.map((file) => "./" + file.slice(out.length + 1).replaceAll("\\", "/"));
      const worker = readFileSync(new URL("./offline-worker.js", import.meta.url), "utf8");
      const head = `const VERSION = "${hash.digest("hex").slice(0, 12)}";\nconst FILES = ${JSON.stringify(["./", ...names])};\n`;
      writeFileSync(join(out, "sw.js"), head + worker);
    },
  };
}

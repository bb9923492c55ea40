import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

/** Pictures of every screen for people to look at; `make screenshots` and `make pictures` run it. */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: { include: ["scripts/pictures/*.shot.ts"], testTimeout: 20 * 60_000, hookTimeout: 120_000, fileParallelism: false, reporters: ["verbose"] },
});

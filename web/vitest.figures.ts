import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

/** The app's figures: measured in a real browser before the real program, one part after another; `make figures` runs them. */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: { include: ["scripts/figures/*.figure.ts"], testTimeout: 45 * 60_000, hookTimeout: 10 * 60_000, fileParallelism: false, reporters: ["verbose"] },
});

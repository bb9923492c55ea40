import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

/** Tests in a real browser against the real program: slow, one after another. */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  test: { include: ["tests/browser/**/*.test.ts"], testTimeout: 240_000, hookTimeout: 120_000, fileParallelism: false, reporters: ["verbose"] },
});

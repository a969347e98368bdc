import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    include: ["{app,bench,components,lib,scripts}/**/*.test.{ts,mjs}"],
    exclude: ["**/node_modules/**", "**/*.integration.test.{ts,mjs}", "**/.next*/**"],
    environment: "node",
    // Property tests share a machine with builds and browsers: slow is no failure.
    testTimeout: 30_000,
  },
});

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests that need processes, Postgres or Redis: `npm test -- --integration` starts those. */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    include: ["{app,bench,components,lib,scripts}/**/*.integration.test.{ts,mjs}"],
    exclude: ["**/node_modules/**"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    // Waiting ends with what is waited for. The default of one second would be a limit of time.
    expect: { poll: { timeout: 30_000, interval: 20 } },
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});

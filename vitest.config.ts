import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    include: ["{app,bench,components,lib,scripts}/**/*.test.{ts,mjs}"],
    exclude: ["**/node_modules/**", "**/*.integration.test.{ts,mjs}", "**/*.faults.test.ts", "**/.next*/**"],
    environment: "node",
    // Test files share module instances within a worker: starting a process for each took half of all the CPU time.
    // Without this, a machine of two cores uses one of them.
    maxWorkers: 2,
    isolate: false,
    setupFiles: ["lib/testing/fresh-file.ts"],
    // Property tests share a machine with builds and browsers: slow is no failure. Only a hang is.
    // Waiting ends with what is waited for. The default of one second would be a limit of time.
    expect: { poll: { timeout: 30_000, interval: 20 } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

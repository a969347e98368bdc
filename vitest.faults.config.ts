import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** What happens under faults, one after the other: `npm run test:faults` starts what they need. */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  test: {
    include: ["lib/**/*.faults.test.ts"],
    exclude: ["**/node_modules/**"],
    environment: "node",
    pool: "forks",
    // Each has processes, disks and a load of its own: two at once would slow each other down.
    maxWorkers: 1,
    // Waiting ends with what is waited for. The default of one second would be a limit of time.
    expect: { poll: { timeout: 30_000, interval: 20 } },
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});

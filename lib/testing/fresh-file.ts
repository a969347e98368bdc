import { vi } from "vitest";

// Test files share a worker, which saves starting a process for each. What one of them left in it must not reach the next:
// variables that it set, and what this process has once (`singleton`), such as the settings read from those variables.
vi.unstubAllEnvs();
vi.unstubAllGlobals();
vi.useRealTimers();
vi.resetModules();
Reflect.deleteProperty(globalThis, Symbol.for("gatewright.singletons"));

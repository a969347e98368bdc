import type { CompiledApi } from "./compile-api";
import type { DeployedApi } from "./ports";
import { type ContextRouter, compileContexts } from "./router";

/** A deployment that could not be taken over, and why, for people who read the log. */
export interface CompileProblem {
  apiId: string;
  deploymentNumber: number;
  message: string;
}

/** What stands at a context path: a deployment, or null and the problem when it has none that compiles. */
export interface Served {
  apiId: string;
  api: CompiledApi | null;
  problem: string | null;
}

/** One set of deployments. It lives until it has been replaced and its last request has its answer. */
export interface Snapshot {
  router: ContextRouter<Served>;
  served: readonly (Served & { contextPath: string })[];
  underWay: number;
  retired: boolean;
}

/** The sets of deployments of one gateway: the one that serves, and those whose last requests are under way. */
export interface Snapshots {
  replace(apis: readonly DeployedApi[]): CompileProblem[];
  /** Takes the current set for the length of one request. */
  enter(): Snapshot;
  leave(snapshot: Snapshot): void;
  running(): { apiId: string; deploymentNumber: number }[];
  /** The deployment at exactly this context path. */
  find(contextPath: string): CompiledApi | null;
  close(): Promise<void>;
}

const emptySnapshot = (): Snapshot => ({ router: compileContexts<Served>([]), served: [], underWay: 0, retired: false });

/** Keeps deployments compiled, swaps whole sets of them by one pointer, and releases what nobody uses. */
export function createSnapshots(compile: (deployed: DeployedApi) => CompiledApi): Snapshots {
  let current = emptySnapshot();
  const holders = new Map<CompiledApi, number>();
  const failures = new Map<string, { deploymentNumber: number; message: string }>();
  let whenDrained: (() => void) | null = null;
  let retiredUnderWay = 0;

  const releaseAll = (snapshot: Snapshot) => {
    for (const { api } of snapshot.served) {
      if (api === null) continue;
      const left = (holders.get(api) ?? 0) - 1;
      if (left > 0) holders.set(api, left);
      else {
        holders.delete(api);
        api.release();
      }
    }
  };

  const retire = (snapshot: Snapshot) => {
    snapshot.retired = true;
    if (snapshot.underWay === 0) releaseAll(snapshot);
    else retiredUnderWay += 1;
  };

  const swap = (served: Snapshot["served"]) => {
    for (const { api } of served) if (api) holders.set(api, (holders.get(api) ?? 0) + 1);
    const former = current;
    current = { router: compileContexts(served.map((entry) => [entry.contextPath, entry] as const)), served, underWay: 0, retired: false };
    retire(former);
  };

  const compileOrKeep = (deployed: DeployedApi, problems: CompileProblem[]): Served & { contextPath: string } => {
    const { apiId, deploymentNumber } = deployed;
    const former = current.served.find((entry) => entry.apiId === apiId)?.api ?? null;
    if (former?.deploymentNumber === deploymentNumber) return { apiId, api: former, problem: null, contextPath: former.contextPath };
    const known = failures.get(apiId);
    let message = known?.deploymentNumber === deploymentNumber ? known.message : null;
    if (message === null) {
      try {
        const api = compile(deployed);
        failures.delete(apiId);
        return { apiId, api, problem: null, contextPath: api.contextPath };
      } catch (error) {
        message = error instanceof Error ? error.message : String(error);
        // What failed once fails again: whoever polls must not pay for it each time.
        failures.set(apiId, { deploymentNumber, message });
      }
    }
    problems.push({ apiId, deploymentNumber, message });
    const { definition } = deployed;
    const contextPath =
      typeof definition === "object" && definition !== null && "contextPath" in definition ? definition.contextPath : null;
    return {
      apiId,
      api: former,
      problem: message,
      contextPath: former?.contextPath ?? (typeof contextPath === "string" ? contextPath : ""),
    };
  };

  return {
    replace(apis) {
      const problems: CompileProblem[] = [];
      const entries = apis.map((deployed) => ({ deployed, entry: compileOrKeep(deployed, problems) }));
      const byPath = new Map<string, Served & { contextPath: string }>();
      const isServing = (api: CompiledApi | null) => api !== null && holders.has(api);
      // What serves already keeps its context path; a second API at the same one is reported and left out.
      for (const { deployed, entry } of entries.sort((a, b) => Number(isServing(b.entry.api)) - Number(isServing(a.entry.api)))) {
        if (entry.contextPath === "") continue;
        const other = byPath.get(entry.contextPath);
        if (!other || (other.api === null && entry.api !== null)) {
          byPath.set(entry.contextPath, entry);
          continue;
        }
        if (entry.api && !isServing(entry.api)) entry.api.release();
        problems.push({
          apiId: entry.apiId,
          deploymentNumber: deployed.deploymentNumber,
          message: `Another API is deployed at ${entry.contextPath}.`,
        });
      }
      swap([...byPath.values()]);
      for (const apiId of failures.keys()) if (!apis.some((deployed) => deployed.apiId === apiId)) failures.delete(apiId);
      return problems;
    },
    enter() {
      current.underWay += 1;
      return current;
    },
    leave(snapshot) {
      snapshot.underWay -= 1;
      if (!snapshot.retired || snapshot.underWay > 0) return;
      releaseAll(snapshot);
      retiredUnderWay -= 1;
      if (retiredUnderWay === 0) whenDrained?.();
    },
    running: () => current.served.flatMap(({ apiId, api }) => (api ? [{ apiId, deploymentNumber: api.deploymentNumber }] : [])),
    find: (contextPath) => current.served.find((entry) => entry.contextPath === contextPath)?.api ?? null,
    async close() {
      swap([]);
      if (retiredUnderWay > 0) {
        await new Promise<void>((resolve) => {
          whenDrained = resolve;
        });
      }
    },
  };
}

import type { DeployedApi } from "../ports";
import type { CompiledApi } from "./contract";
import { Pauses } from "./pauses";
import { type ContextRouter, compileContexts } from "./router";

/** A deployment that didn't load, and the reason, for the log. */
export interface CompileProblem {
  apiId: string;
  deploymentNumber: number;
  message: string;
}

/** Entry of a context path: a deployment, or null and the problem if none compiles. */
export interface Served {
  apiId: string;
  api: CompiledApi | null;
  problem: string | null;
}

/** A set of deployments. Released when it has been replaced and its last request has finished. */
export interface Snapshot {
  router: ContextRouter<Served>;
  served: readonly (Served & { contextPath: string })[];
  underWay: number;
  retired: boolean;
}

/** A gateway's sets of deployments: the current one, and replaced ones with in-flight requests. */
export interface Snapshots {
  /** Loads sets sequentially: a set passed during compilation waits. */
  replace(apis: readonly DeployedApi[]): Promise<CompileProblem[]>;
  /** Acquires the current set for one request. */
  enter(): Snapshot;
  leave(snapshot: Snapshot): void;
  running(): { apiId: string; deploymentNumber: number }[];
  /** Returns the deployment at exactly this context path. */
  find(contextPath: string): CompiledApi | null;
  close(): Promise<void>;
}

const emptySnapshot = (): Snapshot => ({ router: compileContexts<Served>([]), served: [], underWay: 0, retired: false });

/** Compiles deployments, swaps sets atomically, and releases unused ones. */
export function createSnapshots(compile: (deployed: DeployedApi, pauses: Pauses) => Promise<CompiledApi>): Snapshots {
  let current = emptySnapshot();
  const holders = new Map<CompiledApi, number>();
  const failures = new Map<string, { deploymentNumber: number; message: string }>();
  let whenDrained: (() => void) | null = null;
  let retiredUnderWay = 0;
  let replacing: Promise<unknown> = Promise.resolve();
  let closed = false;

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

  const compileOrKeep = async (
    deployed: DeployedApi,
    former: CompiledApi | null,
    problems: CompileProblem[],
    pauses: Pauses,
  ): Promise<Served & { contextPath: string }> => {
    const { apiId, deploymentNumber } = deployed;
    if (former?.deploymentNumber === deploymentNumber) return { apiId, api: former, problem: null, contextPath: former.contextPath };
    const known = failures.get(apiId);
    let message = known?.deploymentNumber === deploymentNumber ? known.message : null;
    if (message === null) {
      try {
        const api = await compile(deployed, pauses);
        failures.delete(apiId);
        return { apiId, api, problem: null, contextPath: api.contextPath };
      } catch (error) {
        message = error instanceof Error ? error.message : String(error);
        // Don't recompile a failed deployment on every poll.
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

  const replaceNow = async (apis: readonly DeployedApi[]): Promise<CompileProblem[]> => {
    const problems: CompileProblem[] = [];
    const pauses = new Pauses();
    const serving = new Map(current.served.map(({ apiId, api }) => [apiId, api]));
    const entries: { deployed: DeployedApi; entry: Served & { contextPath: string } }[] = [];
    for (const deployed of apis) {
      const former = serving.get(deployed.apiId) ?? null;
      entries.push({ deployed, entry: await compileOrKeep(deployed, former, problems, pauses) });
    }
    if (closed) {
      for (const { entry } of entries) if (entry.api && !holders.has(entry.api)) entry.api.release();
      return problems;
    }
    const byPath = new Map<string, Served & { contextPath: string }>();
    const isServing = (api: CompiledApi | null) => api !== null && holders.has(api);
    // The API that already serves keeps its context path; a second one is reported and skipped.
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
        message: `Another API is already deployed at ${entry.contextPath}.`,
      });
    }
    swap([...byPath.values()]);
    for (const apiId of failures.keys()) if (!apis.some((deployed) => deployed.apiId === apiId)) failures.delete(apiId);
    return problems;
  };

  return {
    replace(apis) {
      const replaced = replacing.then(() => replaceNow(apis));
      replacing = replaced.catch(() => undefined);
      return replaced;
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
      closed = true;
      swap([]);
      if (retiredUnderWay > 0) {
        await new Promise<void>((resolve) => {
          whenDrained = resolve;
        });
      }
    },
  };
}

import type { Problem } from "@/lib/platform/problems";
import type { RedisProofs } from "@/lib/platform/redis-proofs";
import type { Assignment, Taken } from "./assignment";
import type { Health } from "./health";
import type { Reporter } from "./reporter";
import type { Source } from "./source";
import type { TokenState } from "./token-state";

/** What serves an assignment: the gateway of this process, or several processes behind one port. */
export interface AssignmentTaker {
  /** Loads everything at once; in-flight requests finish on the previous assignment. */
  take(assignment: Assignment): Promise<Taken>;
  setHealth(health: Health): void;
  /** Registers a listener for changes of what is served without a new assignment. */
  onChange(listener: (taken: Taken) => void): void;
  /** The state of the backend tokens in its processes. */
  tokens(): Promise<TokenState>;
}

/** A copy of the assignment outside the database, for starts without it. */
export interface AssignmentCopy {
  read(): Promise<{ assignment: Assignment; writtenAt: string } | null>;
  /** @param atOnce true for deployments and authorization servers; revocations may be written a little later */
  changed(assignment: Assignment, atOnce: boolean): void;
  /** Writes what is due. Called with every poll. */
  tick(): void;
  /** Writes what is left, and waits for it. */
  finish(): Promise<void>;
  problems(): readonly Problem[];
}

/** What a keeper uses. */
export interface KeeperParts {
  serving: AssignmentTaker;
  source: Source;
  reporter: Reporter;
  workers: number;
  /** Creates the copy. `onChange` must be called when its problems change. */
  copy?: (onChange: () => void) => AssignmentCopy;
  /** The shared DPoP replay data; null without Redis. */
  proofs: Pick<RedisProofs, "problems" | "onProblem"> | null;
  /** Problems of the machine: its disk, for example. */
  outside?: () => readonly Problem[];
  /** Further fields of the report. */
  about?: object;
  /** Whether requests should go to other gateways when no deployment loads: `ready` is false then. */
  failsOver: boolean;
}

/** Keeps a gateway at the state of the database. */
export interface Keeper {
  /** Starts polling. Resolves when the first poll succeeded or, if it failed or takes more than 2 s, when the copy is loaded. */
  start(): Promise<void>;
  /** Polls now, because a change was announced. */
  look(): void;
  /**
   * Loads what the database has after this call. Callers that wait for a running read share the next one.
   * @throws what reading or loading throws; polling retries it
   */
  refresh(): Promise<void>;
  /** Whether an assignment is loaded. */
  loaded(): boolean;
  health(): Health;
  /** @param reason why Redis is unreachable; null when it's reachable */
  redisState(reason: string | null): void;
  /** Reports that the process is about to end, and continues. */
  drain(): void;
  /** Drains, stops polling, writes the copy, and deletes the gateway's row. */
  stop(): Promise<void>;
}

import { createCopyWriter } from "@/lib/data-plane/copy-writer";
import type { LastKnownGood } from "@/lib/data-plane/last-known-good";
import { DatabaseUnavailable } from "@/lib/platform/database-unavailable";
import type { Assignment } from "../assignment";
import type { Health } from "../health";
import { createKeeper } from "../keeper";
import type { AssignmentTaker } from "../keeper-parts";
import { NOTHING_ENDED } from "../revocations";
import type { TokenState } from "../token-state";

/** An assignment of one deployment. */
export const assignmentOf = (number: number): Assignment => ({
  deployments: [{ apiId: "api_1", number, json: "{}" }],
  servers: [],
  ended: NOTHING_ENDED,
  tokenDrops: [],
});

export const unreachable = new DatabaseUnavailable("Postgres at nowhere is unreachable.");

/** The health that was told last. */
export const said = (state: { health: Health[] }) => state.health.at(-1);

/** Creates a keeper whose database, disk and gateway a test controls. */
export function kept(
  options: {
    copy?: Assignment | null;
    refuses?: number;
    sharing?: boolean;
    disk?: { full: boolean };
    tokens?: TokenState["endpointTokens"];
    failsOver?: boolean;
    problems?: boolean;
  } = {},
) {
  const state = {
    answer: null as Assignment | Error | null,
    looks: [] as (Assignment | null)[],
    taken: [] as number[],
    health: [] as Health[],
    written: [] as Assignment[],
    reports: 0,
    removed: false,
    copyRemoved: false,
  };
  const serving: AssignmentTaker = {
    async take({ deployments }) {
      const numbers = deployments.map(({ number }) => number);
      if (numbers.includes(options.refuses ?? 0)) throw new Error("it cannot be taken");
      state.taken.push(...numbers);
      if (options.problems) {
        const problems = numbers.map((number) => ({ apiId: "api_1", number, message: "It doesn't compile." }));
        return { deployments: [], problems, serving: 1 };
      }
      return { deployments, problems: [], serving: 1 };
    },
    setHealth: (health) => state.health.push(health),
    onChange: () => undefined,
    tokens: async () => ({ endpointTokens: options.tokens ?? [], sharing: options.sharing ?? true }),
  };
  const copy: LastKnownGood = {
    read: async () => (options.copy ? { assignment: options.copy, writtenAt: "then" } : null),
    async write(assignment) {
      if (options.disk?.full) throw new Error("ENOSPC: no space left on device");
      state.written.push(assignment);
    },
    async remove() {
      state.copyRemoved = true;
    },
  };
  const keeper = createKeeper({
    serving,
    workers: 1,
    proofs: null,
    failsOver: options.failsOver ?? true,
    source: {
      heardAt: () => performance.now(),
      async read(known) {
        state.looks.push(known);
        const { answer } = state;
        if (answer instanceof Error) throw answer;
        state.answer = null;
        return answer;
      },
    },
    copy: (onChange) => createCopyWriter(copy, onChange),
    reporter: {
      async send() {
        state.reports += 1;
      },
      problems: () => [],
      async remove() {
        state.removed = true;
      },
    },
  });
  return { keeper, state };
}

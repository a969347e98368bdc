import type { StepIdentity, StepRun } from "../../ports";
import type { Labels } from "./exposition";
import { Histogram, STEP_BOUNDS } from "./histogram";

const OUTCOMES = ["ran", "answered", "failed"] as const satisfies readonly StepRun["outcome"][];

/** Counters of the steps with the same labels. */
export class StepTotals {
  readonly duration = new Histogram(STEP_BOUNDS);
  /** Newest deployment in which the step ran. */
  deploymentNumber = 0;
  /** Evicted: holders must look up the labels again. */
  removed = false;
  readonly #counts = { ran: 0, answered: 0, failed: 0 };
  readonly #outcomeLabels: Readonly<Record<StepRun["outcome"], Labels>>;

  constructor(
    readonly api: string,
    readonly labels: Labels,
  ) {
    const withOutcome = (outcome: StepRun["outcome"]) => ({ ...labels, outcome });
    this.#outcomeLabels = { ran: withOutcome("ran"), answered: withOutcome("answered"), failed: withOutcome("failed") };
  }

  /** Counts a run. */
  observe({ outcome, durationMs }: StepRun, deploymentNumber: number): void {
    this.#counts[outcome] += 1;
    this.duration.observe(durationMs);
    if (deploymentNumber > this.deploymentNumber) this.deploymentNumber = deploymentNumber;
  }

  /** Runs by outcome. */
  outcomes(): { labels: Labels; value: number }[] {
    return OUTCOMES.map((outcome) => ({ labels: this.#outcomeLabels[outcome], value: this.#counts[outcome] })).filter(
      ({ value }) => value > 0,
    );
  }
}

/** What tells the steps apart that are counted apart. Two of one flow that have all of it in common are counted together. */
export function stepLabels({ apiId, flow, policy, name, phase }: StepIdentity): Labels {
  return { api: apiId, flow, policy, name, phase };
}

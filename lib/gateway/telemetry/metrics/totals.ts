import type { AccessRecord, StepIdentity, StepRun } from "../../ports";
import { ApiTotals } from "./api-totals";
import { StepTotals, stepLabels } from "./step-totals";

/** Label of requests without an API. */
const NO_API = "none";
/** Label of APIs and steps beyond the limit. */
const OTHER = "other";

/**
 * Everything that one process has counted. A count never falls while its line exists. When there are as many lines as there
 * may be, those of APIs and steps that are not deployed any more make room; without any, new ones are counted together.
 */
export class Totals {
  readonly #apis = new Map<string, ApiTotals>();
  readonly #steps = new Map<string, StepTotals>();
  /** Weak: steps of released deployments are garbage-collected. */
  readonly #known = new WeakMap<StepIdentity, StepTotals>();
  #deployments: ReadonlyMap<string, number> = new Map();
  /** Deployments changed since the last eviction. */
  #mayMakeRoom = false;

  constructor(
    private readonly apisMax: number,
    private readonly stepsMax: number,
  ) {}

  /** Counts a request. */
  observe(record: AccessRecord, steps: readonly StepRun[]): void {
    const id = record.apiId ?? NO_API;
    (this.#apis.get(id) ?? this.#newApi(id)).observe(record, steps.length > 0);
    for (let index = 0; index < steps.length; index += 1) {
      const run = steps[index];
      if (!run) continue;
      let totals = this.#known.get(run.step);
      if (totals === undefined || totals.removed) totals = this.#newStep(run.step);
      totals.observe(run, record.deploymentNumber ?? 0);
    }
  }

  setDeployments(running: readonly { apiId: string; deploymentNumber: number }[]): void {
    this.#deployments = new Map(running.map(({ apiId, deploymentNumber }) => [apiId, deploymentNumber]));
    this.#mayMakeRoom = true;
  }

  apis(): ApiTotals[] {
    return [...this.#apis.values()];
  }

  steps(): StepTotals[] {
    return [...this.#steps.values()];
  }

  #newApi(id: string): ApiTotals {
    if (this.#apis.size >= this.apisMax && id !== NO_API) this.#makeRoom();
    const name = this.#apis.size < this.apisMax || id === NO_API ? id : OTHER;
    const totals = this.#apis.get(name) ?? new ApiTotals(name);
    this.#apis.set(name, totals);
    return totals;
  }

  #newStep(step: StepIdentity): StepTotals {
    let labels = stepLabels(step);
    let key = JSON.stringify(Object.values(labels));
    if (!this.#steps.has(key) && this.#steps.size >= this.stepsMax) {
      this.#makeRoom();
      if (this.#steps.size >= this.stepsMax) {
        labels = { api: OTHER, flow: OTHER, policy: step.policy, name: OTHER, phase: step.phase };
        key = JSON.stringify(Object.values(labels));
      }
    }
    const totals = this.#steps.get(key) ?? new StepTotals(labels.api ?? OTHER, labels);
    this.#steps.set(key, totals);
    this.#known.set(step, totals);
    return totals;
  }

  #makeRoom(): void {
    if (!this.#mayMakeRoom) return;
    this.#mayMakeRoom = false;
    for (const id of this.#apis.keys()) {
      if (id !== NO_API && id !== OTHER && !this.#deployments.has(id)) this.#apis.delete(id);
    }
    for (const [key, totals] of this.#steps) {
      if (totals.api === OTHER || totals.deploymentNumber >= (this.#deployments.get(totals.api) ?? Number.POSITIVE_INFINITY)) continue;
      totals.removed = true;
      this.#steps.delete(key);
    }
  }
}

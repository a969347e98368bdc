import type { Aggregator, Metric, Registry } from "prom-client";
import type { Histogram } from "./histogram";

export type Labels = Readonly<Record<string, string>>;

/** A line of a metric. Its labels object never changes, so its text is cached. */
export interface Sample {
  suffix?: "_bucket" | "_sum" | "_count";
  labels: Labels;
  /** The upper bound of a bucket. */
  le?: string;
  value: number;
}

/** A metric with lines computed on read. */
export interface Family {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  /** Aggregation of several processes' values. */
  aggregator: Aggregator;
  samples(): Sample[];
}

/** The lines of one histogram: its buckets, each counting the smaller ones too, its sum in seconds and its count. */
export function histogramSamples(labels: Labels, { bounds, counts, sumMs }: Histogram): Sample[] {
  let below = 0;
  const buckets = counts.map((count, index): Sample => {
    below += count;
    return { suffix: "_bucket", labels, le: index < bounds.length ? String(bounds[index]) : "+Inf", value: below };
  });
  return [...buckets, { suffix: "_sum", labels, value: sumMs / 1000 }, { suffix: "_count", labels, value: below }];
}

/**
 * Adds a metric to a registry of prom-client, which writes its text and adds up what several processes have. Its own
 * metrics are not used because they make a hash of the labels at every observation, which would cost more than a step.
 */
export function register(registry: Registry, { samples, ...about }: Family): void {
  const nameOf = ({ suffix }: Sample) => about.name + (suffix ?? "");
  const bound = ({ le }: Sample): Labels => (le === undefined ? {} : { le });
  const metric = {
    ...about,
    /** Form for aggregation. */
    get: async () => ({
      ...about,
      values: samples().map((sample) => ({
        metricName: nameOf(sample),
        labels: { ...sample.labels, ...bound(sample) },
        value: sample.value,
      })),
    }),
    /** What becomes text: with the labels apart that prom-client keeps the text of. */
    getForPromString: async () => ({
      ...about,
      values: samples().map((sample) => ({
        metricName: nameOf(sample),
        labels: bound(sample),
        sharedLabels: sample.labels,
        value: sample.value,
      })),
    }),
  };
  // The registry asks a metric for these two alone; the type wants one of the classes that come with it.
  registry.registerMetric(metric as unknown as Metric);
}

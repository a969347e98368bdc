/** The optional limits of an endpoint; the schema defines the defaults. */
export const LIMITS = [
  {
    field: "connectTimeoutMs",
    label: "Connect timeout",
    unit: "ms",
    description: "Maximum time to connect. Default: 10,000 ms, or the timeout if lower.",
  },
  { field: "idleTimeoutMs", label: "Idle timeout", unit: "ms", description: "Maximum pause within the response. Default: 300,000 ms." },
  {
    field: "totalTimeoutMs",
    label: "Total timeout",
    unit: "ms",
    description: "Maximum time for the whole response. Default: no limit.",
  },
  {
    field: "maxConnections",
    label: "Max connections",
    unit: undefined,
    description: "The same number can queue; more get 503. Default: 500 per process.",
  },
] as const;

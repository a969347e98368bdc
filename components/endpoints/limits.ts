/** What an endpoint may leave out; the schema says what it means then. */
export const LIMITS = [
  {
    field: "connectTimeoutMs",
    label: "Connect timeout",
    unit: "ms",
    description: "How long a connection may take to stand. Empty, it is 10 000 ms, or the timeout if that is less.",
  },
  { field: "idleTimeoutMs", label: "Idle timeout", unit: "ms", description: "How long the answer may pause. Empty, it is 300 000 ms." },
  {
    field: "totalTimeoutMs",
    label: "Total timeout",
    unit: "ms",
    description: "How long the whole answer may take. Empty, as long as it flows, which streams need.",
  },
  {
    field: "maxConnections",
    label: "Connections at most",
    unit: undefined,
    description: "As many calls again wait; further ones get 503. Empty, it is 500 for each gateway process.",
  },
] as const;

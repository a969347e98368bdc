/** The backends that come with the console, and what choosing each is called. */
export const SAMPLE_BACKENDS = [
  { name: "echo", label: "Use the sample backend" },
  { name: "hello", label: "Use /samples/hello" },
  { name: "whoami", label: "Use /samples/whoami" },
] as const;

/** A backend that comes with the console, as this console's processes reach it. */
export function sampleBackendUrl(name: (typeof SAMPLE_BACKENDS)[number]["name"] = "echo"): string {
  return `${window.location.origin}/samples/${name}`;
}

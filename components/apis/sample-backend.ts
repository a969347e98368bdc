/** The built-in sample backends and their button labels. */
export const SAMPLE_BACKENDS = [
  { name: "echo", label: "Use the sample backend" },
  { name: "hello", label: "Use /samples/hello" },
  { name: "whoami", label: "Use /samples/whoami" },
] as const;

/** Returns a sample backend's URL on the console's origin. */
export function sampleBackendUrl(name: (typeof SAMPLE_BACKENDS)[number]["name"] = "echo"): string {
  return `${window.location.origin}/samples/${name}`;
}

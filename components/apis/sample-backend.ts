/** The backend that comes with the console and echoes what it receives, as this console's processes reach it. */
export function sampleBackendUrl(): string {
  return `${window.location.origin}/samples/echo`;
}

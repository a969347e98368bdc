/** Runs once when the server starts, before the first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startConsole } = await import("@/lib/management/start-console");
  await startConsole({ development: process.env.NODE_ENV === "development" });
}

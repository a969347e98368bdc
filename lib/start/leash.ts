/**
 * Preloaded into the console's process: ends it when the supervisor exits in any way, which closes the IPC channel.
 */
// `next dev` passes its options to its server process, which has another channel.
if (process.env.GATEWRIGHT_LEASH) {
  delete process.env.GATEWRIGHT_LEASH;
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 5000).unref();
  });
  // The channel must not keep the process alive.
  process.channel?.unref();
}

/**
 * Loaded into the console's process before Next: when the start that made it is gone, however it went, nothing is left behind.
 * The channel to the start closes by itself when that process ends.
 */
// `next dev` hands its own options down to the process of its server, which has another channel and stays alive by it.
if (process.env.GATEWRIGHT_LEASH) {
  delete process.env.GATEWRIGHT_LEASH;
  process.on("disconnect", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), 5000).unref();
  });
  // Next decides how long this process lives, not the channel.
  process.channel?.unref();
}

import { fileURLToPath } from "node:url";

// What a container runs: `console`, `gateway` with the options of `npm run gateway`, or `health` beside one of them. It is the
// process that gets the signals, installs nothing, builds nothing and writes nothing outside the data directory.
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [role, ...options] = process.argv.splice(2);

if (role === "console") {
  process.argv.push("--no-build", ...options);
  await import("../dist/start.js");
} else if (role === "gateway") {
  process.argv.push(...options);
  await import("../dist/gateway.js");
} else if (role === "health") {
  // One of the two runs here, and nothing else listens.
  const ports = [process.env.GATEWAY_PORT || 8082, process.env.PORT || 3000];
  const answers = await Promise.all(
    ports.map((port) =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  process.exit(answers.includes(true) ? 0 : 1);
} else {
  console.error(`Unknown role "${role ?? ""}". Use console, gateway (--workers 4) or health.`);
  process.exit(1);
}

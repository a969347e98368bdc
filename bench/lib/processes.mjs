import { spawn } from "node:child_process";
import { createServer } from "node:net";

const running = new Set();

/** A port that nobody uses at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts a process that is stopped with this one, and keeps what it prints for the case that it fails. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const output = [];
  child.stdout?.on("data", (chunk) => output.push(chunk));
  child.stderr?.on("data", (chunk) => output.push(chunk));
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.text = () => Buffer.concat(output).toString("utf8");
  return child;
}

/** Runs a command to its end. @throws with its output when it fails */
export function run(command, args, options = {}) {
  const child = start(command, args, options);
  return new Promise((resolve, reject) => {
    child.once("exit", (code) =>
      code === 0 ? resolve(child.text()) : reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${child.text()}`)),
    );
  });
}

/** Waits until a URL answers with anything below 500. */
export async function answering(url, child, seconds = 90) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The process for ${url} ended:\n${child.text()}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response && response.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} did not answer within ${seconds} s:\n${child.text()}`);
}

/** Stops everything that was started. */
export async function stopAll() {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise((resolve) => {
          child.once("exit", resolve);
          child.kill("SIGTERM");
          setTimeout(() => child.kill("SIGKILL"), 8000).unref();
        }),
    ),
  );
}

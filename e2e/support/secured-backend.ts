import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { freePort } from "../../lib/testing/free-port";

/** A backend that takes only its own authorization server's tokens, both in a process of their own. */
export interface SecuredBackend {
  url: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
  /** How many tokens were issued by each grant. */
  counts(): Promise<{ client_credentials: number; password: number }>;
  /** Ends every token that was issued. */
  revoke(): Promise<void>;
  stop(): Promise<void>;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => chunk.toString().includes("ready") && resolve());
    child.once("exit", (code) => reject(new Error(`The secured backend ended with ${code}.`)));
  });
}

/** Starts one. Its secrets have characters that a careless encoding would change. */
export async function startSecuredBackend(): Promise<SecuredBackend> {
  const [port, backendPort] = [await freePort(), await freePort()];
  const clientSecret = `s: +%&=${randomBytes(8).toString("hex")}`;
  const password = `p: +%&=é${randomBytes(8).toString("hex")}`;
  const child = spawn(process.execPath, ["e2e/support/secured-backend.mjs"], {
    env: { ...process.env, PORT: String(port), BACKEND_PORT: String(backendPort), CLIENT_SECRET: clientSecret, USER_PASSWORD: password },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await ready(child);
  const url = `http://127.0.0.1:${backendPort}`;
  return {
    url,
    tokenUrl: `http://127.0.0.1:${port}/token`,
    clientId: "gateway: +%&=",
    clientSecret,
    username: "svc",
    password,
    counts: async () => (await (await fetch(`${url}/counts`)).json()) as { client_credentials: number; password: number },
    async revoke() {
      await fetch(`${url}/revoke`, { method: "POST" });
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

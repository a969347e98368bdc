import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "../../lib/testing/free-port";

/** An independent authorization server in a process of its own. */
export interface GenericAuthorizationServer {
  url: string;
  introspectionEndpoint: string;
  /** Gets a token with client credentials, as `orders-app`. */
  token(scope?: string): Promise<string>;
  stop(): Promise<void>;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => chunk.toString().includes("ready") && resolve());
    child.once("exit", (code) => reject(new Error(`The generic authorization server ended with ${code}.`)));
  });
}

/** Starts an external authorization server (oidc-provider). */
export async function startGenericAuthorizationServer(): Promise<GenericAuthorizationServer> {
  const port = await freePort();
  const child = spawn(process.execPath, ["e2e/support/generic-authorization-server.mjs"], {
    env: { ...process.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await ready(child);
  const url = `http://127.0.0.1:${port}`;
  const metadata = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as {
    token_endpoint: string;
    introspection_endpoint: string;
  };
  return {
    url,
    introspectionEndpoint: metadata.introspection_endpoint,
    async token(scope) {
      const response = await fetch(metadata.token_endpoint, {
        method: "POST",
        headers: {
          Authorization: `Basic ${Buffer.from("orders-app:secret").toString("base64")}`,
          "Content-Type": "application/x-www-form-urlencoded",
        },
        body: new URLSearchParams({ grant_type: "client_credentials", ...(scope ? { scope } : {}) }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (!body.access_token) throw new Error(`No token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

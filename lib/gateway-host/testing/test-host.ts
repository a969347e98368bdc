/** A gateway under test, in this process, with everything around it that its product has. */
export interface TestHost {
  /** The ID of its row. */
  id: string;
  /** Sends a request to an API. */
  call(path: string, headers?: Record<string, string>): Promise<{ status: number; text: string }>;
  /** @param authorization absent for a request by anyone */
  readyz(authorization?: string): Promise<{ status: number; body: unknown }>;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** What a gateway is started with: the variables that both products read, already set in the environment of this process. */
export interface HostEnvironment extends Record<string, string> {
  DATABASE_URL: string;
  REDIS_URL: string;
  GATEWRIGHT_SECRET_KEY: string;
  GATEWRIGHT_METRICS_TOKEN: string;
  GATEWRIGHT_PUBLIC_URL: string;
  GATEWRIGHT_DATA_DIR: string;
}

/** Starts a gateway. It resolves although the database is unreachable. */
export type StartHost = (env: HostEnvironment) => Promise<TestHost>;

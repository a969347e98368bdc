/** A server of the tests, on a port of this machine. */
export interface TestService {
  url: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Its first process; others may be below it. */
  pid(): number;
  /** Restarts it on the same port with its data. */
  start(): Promise<void>;
}

export interface TestServices {
  env: { TEST_DATABASE_URL: string; TEST_REDIS_URL: string };
  postgres: TestService;
  redis: TestService;
  stop(): void;
}

export function startServices(options?: { redisPassword?: string }): Promise<TestServices>;
export function nginxPath(): Promise<string>;
/** The paths of the real servers behind the gateway in the bypass tests, by the variables that name them. */
export function backendPaths(): Promise<Record<string, string>>;
export function chromiumPath(): Promise<string>;

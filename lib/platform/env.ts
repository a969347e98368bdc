import { z } from "zod";
import { parseNetwork } from "@/lib/client-address/trusted-proxies";
import { entriesOf, parseEntry } from "./outbound/entries";
import { patternsOf } from "./outbound/pattern";
import { parseProxy } from "./outbound/proxy";
import { parseRedisUrl, REDIS_DATABASE_MAX, type RedisSettings } from "./redis-settings";

const port = z.coerce
  .number({ error: "must be a port number" })
  .int("must be a port number")
  .min(1, "must be between 1 and 65535")
  .max(65_535, "must be between 1 and 65535");

const baseUrl = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    "must be an http or https URL, for example https://gatewright.example",
  )
  .refine(
    (value) => !URL.canParse(value) || (new URL(value).search === "" && new URL(value).hash === ""),
    "must not have a query or fragment",
  )
  .transform((value) => value.replace(/\/+$/, ""));

const digits = (what: string, minimum: number, maximum: number) =>
  z.coerce.number({ error: what }).int(what).min(minimum, `must be at least ${minimum}`).max(maximum, `must be at most ${maximum}`);

interface RedisVariables {
  REDIS_URL?: string | undefined;
  REDIS_HOST?: string | undefined;
  REDIS_PORT?: number | undefined;
  REDIS_USER?: string | undefined;
  REDIS_PASSWORD?: string | undefined;
  REDIS_DATABASE?: number | undefined;
  REDIS_TLS?: boolean | undefined;
  REDIS_CONNECTION_TIMEOUT_MS: number;
}

const REDIS_PARTS = ["REDIS_HOST", "REDIS_PORT", "REDIS_USER", "REDIS_PASSWORD", "REDIS_DATABASE", "REDIS_TLS"] as const;

/** Rejects combinations of Redis variables that would otherwise be ignored silently. */
function redisProblem(env: RedisVariables): { name: string; message: string } | null {
  const parts = REDIS_PARTS.filter((name) => env[name] !== undefined);
  const [first] = parts;
  if (env.REDIS_URL !== undefined) {
    const message = `conflicts with ${parts.join(", ")}: set only one`;
    return first === undefined ? null : { name: "REDIS_URL", message };
  }
  if (first !== undefined && env.REDIS_HOST === undefined) {
    return {
      name: "REDIS_HOST",
      message: `is missing: ${parts.join(", ")} ${parts.length === 1 ? "requires" : "require"} it`,
    };
  }
  if (env.REDIS_USER !== undefined && env.REDIS_PASSWORD === undefined) {
    return { name: "REDIS_PASSWORD", message: "is missing: REDIS_USER requires it" };
  }
  return null;
}

/** The Redis settings of either form; null without Redis. */
function redisOf(env: RedisVariables): RedisSettings | null {
  const connectTimeoutMs = env.REDIS_CONNECTION_TIMEOUT_MS;
  if (env.REDIS_URL !== undefined) {
    const parsed = parseRedisUrl(env.REDIS_URL);
    return typeof parsed === "string" ? null : { ...parsed, connectTimeoutMs };
  }
  if (env.REDIS_HOST === undefined) return null;
  return {
    host: env.REDIS_HOST.replace(/^\[|\]$/g, ""),
    port: env.REDIS_PORT ?? 6379,
    username: env.REDIS_USER ?? null,
    password: env.REDIS_PASSWORD ?? null,
    database: env.REDIS_DATABASE ?? 0,
    tls: env.REDIS_TLS ?? false,
    connectTimeoutMs,
  };
}

/** A comma-separated list of addresses, networks and host patterns. */
const places = z
  .string()
  .transform(entriesOf)
  .superRefine((entries, context) => {
    const wrong = entries.map(parseEntry).find((parsed) => typeof parsed === "string");
    if (wrong !== undefined) context.addIssue({ code: "custom", message: `has an invalid entry: ${wrong}` });
  })
  .default([]);

const proxyUrl = z.string().transform((value, context) => {
  const parsed = parseProxy(value);
  if (typeof parsed !== "string") return parsed;
  context.addIssue({ code: "custom", message: parsed });
  return z.NEVER;
});

const token = z.string().min(16, "must have at least 16 characters. Create one with `openssl rand -hex 32`");

/** Maximum session lifetime: 1 year. */
const SESSION_MINUTES_MAX = 525_600;

/** Every variable that Gatewright reads. An empty value counts as absent. */
const environmentSchema = z
  .object({
    PORT: port.default(3000),
    DATABASE_URL: z
      .string()
      .refine((value) => /^postgres(ql)?:\/\//.test(value), "must start with postgresql://. Leave it unset for the embedded Postgres")
      .optional(),
    REDIS_URL: z
      .string()
      .superRefine((value, context) => {
        const parsed = parseRedisUrl(value);
        if (typeof parsed === "string") context.addIssue({ code: "custom", message: parsed });
      })
      .optional(),
    REDIS_HOST: z
      .string()
      .regex(/^(?:[A-Za-z0-9._-]+|\[?[0-9A-Fa-f]*(?::[0-9A-Fa-f.]*){2,}\]?)$/, "must be a host name or an address, without scheme and port")
      .optional(),
    REDIS_PORT: port.optional(),
    REDIS_USER: z.string().optional(),
    REDIS_PASSWORD: z.string().optional(),
    REDIS_DATABASE: digits("must be a database number", 0, REDIS_DATABASE_MAX).optional(),
    REDIS_CONNECTION_TIMEOUT_MS: digits("must be a number of milliseconds", 1, 600_000).default(5000),
    REDIS_TLS: z
      .enum(["on", "off", "true", "false"], { error: "must be on or off" })
      .transform((value) => value === "on" || value === "true")
      .optional(),
    GATEWRIGHT_DATA_DIR: z.string().default(".data"),
    GATEWRIGHT_SECRET_KEY: z
      .string()
      .refine(
        (value) => Buffer.from(value, "base64").length === 32,
        "must be 32 bytes in base64. Create one with `openssl rand -base64 32`",
      )
      .optional(),
    GATEWRIGHT_PUBLIC_URL: baseUrl.optional(),
    GATEWRIGHT_GATEWAY_URL: baseUrl.optional(),
    GATEWAY_PORT: port.default(8082),
    GATEWAY_WORKERS: digits("must be a number of processes", 1, 256).default(1),
    GATEWRIGHT_INSTANCE: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must have at most 100 letters, digits, and . _ -, and start with a letter or digit")
      .optional(),
    GATEWRIGHT_TRUSTED_PROXIES: z
      .string()
      .transform((value) =>
        value
          .split(",")
          .map((network) => network.trim())
          .filter(Boolean),
      )
      .refine((networks) => networks.every((network) => parseNetwork(network) !== null), {
        error: "must be a comma-separated list of addresses and networks, for example 10.0.0.0/8,192.0.2.7",
      })
      .default([]),
    GATEWRIGHT_OUTBOUND_DENY: places,
    GATEWRIGHT_OUTBOUND_ALLOW: places,
    GATEWRIGHT_OUTBOUND_PROXY: proxyUrl.optional(),
    GATEWRIGHT_OUTBOUND_NO_PROXY: z.string().transform(patternsOf).default([]),
    GATEWRIGHT_ADMIN_EMAIL: z.email("must be an email address").optional(),
    GATEWRIGHT_ADMIN_PASSWORD: z.string().min(12, "must have at least 12 characters").optional(),
    GATEWRIGHT_ADMIN_TOKEN: token.optional(),
    GATEWRIGHT_SESSION_IDLE_MINUTES: digits("must be a number of minutes", 1, SESSION_MINUTES_MAX).default(480),
    GATEWRIGHT_SESSION_MAX_MINUTES: digits("must be a number of minutes", 1, SESSION_MINUTES_MAX).default(1440),
    GATEWRIGHT_METRICS_TOKEN: token.optional(),
    GATEWRIGHT_KEEP_ACTIVITY_DAYS: digits("must be a number of days, or 0 for all", 0, 36_500).default(365),
    GATEWRIGHT_KEEP_DEPLOYMENTS: digits("must be a number of deployments, or 0 for all", 0, 1_000_000).default(100),
    GATEWRIGHT_CALL_LOG_PERCENT: digits("must be a percentage from 0 to 100", 0, 100).default(100),
    GATEWRIGHT_SAMPLES: z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
  })
  .superRefine((env, context) => {
    const problem = redisProblem(env);
    if (problem) context.addIssue({ code: "custom", path: [problem.name], message: problem.message });
  })
  .transform((env) => {
    const publicUrl = env.GATEWRIGHT_PUBLIC_URL ?? `http://localhost:${env.PORT}`;
    return {
      port: env.PORT,
      databaseUrl: env.DATABASE_URL,
      redis: redisOf(env),
      dataDir: env.GATEWRIGHT_DATA_DIR,
      secretKey: env.GATEWRIGHT_SECRET_KEY,
      /** The console's public URL; issuers and next-auth use it. */
      publicUrl,
      /** The gateways' public URL. */
      gatewayUrl: env.GATEWRIGHT_GATEWAY_URL ?? `${publicUrl}/gateway`,
      /** A data plane's port, number of processes and public URL. */
      gatewayPort: env.GATEWAY_PORT,
      gatewayWorkers: env.GATEWAY_WORKERS,
      dataPlaneUrl: env.GATEWRIGHT_GATEWAY_URL ?? `http://localhost:${env.GATEWAY_PORT}`,
      /** This gateway's name. Default: its host and port. */
      instance: env.GATEWRIGHT_INSTANCE,
      /** Proxies whose `Forwarded` and `X-Forwarded-*` headers are trusted. */
      trustedProxies: env.GATEWRIGHT_TRUSTED_PROXIES,
      /** Rules and proxy for requests to URLs that a definition or a client sets. */
      outbound: {
        deny: env.GATEWRIGHT_OUTBOUND_DENY,
        allow: env.GATEWRIGHT_OUTBOUND_ALLOW,
        proxy: env.GATEWRIGHT_OUTBOUND_PROXY ?? null,
        noProxy: env.GATEWRIGHT_OUTBOUND_NO_PROXY,
      },
      adminEmail: env.GATEWRIGHT_ADMIN_EMAIL,
      adminPassword: env.GATEWRIGHT_ADMIN_PASSWORD,
      adminToken: env.GATEWRIGHT_ADMIN_TOKEN,
      /** Idle and absolute lifetime of console sessions. */
      sessions: { idleMinutes: env.GATEWRIGHT_SESSION_IDLE_MINUTES, maxMinutes: env.GATEWRIGHT_SESSION_MAX_MINUTES },
      metricsToken: env.GATEWRIGHT_METRICS_TOKEN,
      /** Retention limits; null: unlimited. */
      keep: { activityDays: env.GATEWRIGHT_KEEP_ACTIVITY_DAYS || null, deployments: env.GATEWRIGHT_KEEP_DEPLOYMENTS || null },
      samples: env.GATEWRIGHT_SAMPLES === "on",
      /** Percentage of successful requests in the request log. */
      callLogPercent: env.GATEWRIGHT_CALL_LOG_PERCENT,
    };
  });

/** The names of all variables. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(environmentSchema.in.shape);

export type Environment = z.output<typeof environmentSchema>;

/** Invalid environment variables. The message has one line per variable. */
export class EnvironmentError extends Error {
  override name = "EnvironmentError";
}

/**
 * Parses the environment.
 * @throws EnvironmentError with one line per invalid variable.
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("\n"));
}

let current: Environment | undefined;

/** This process's environment, parsed once. */
export function environment(): Environment {
  current ??= readEnvironment(process.env);
  return current;
}

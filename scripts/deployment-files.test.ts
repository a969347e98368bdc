import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { PROXY_IDLE_STAYS_MS } from "@/lib/gateway/adapters/idle-connections";
import { ENVIRONMENT_VARIABLES, readEnvironment } from "@/lib/platform/env";
import { version } from "../package.json";

/** What no Docker and no cluster is needed for: that the committed files fit each other and the product. */

const SECRETS = ["DATABASE_URL", "REDIS_PASSWORD", "GATEWRIGHT_SECRET_KEY", "GATEWRIGHT_METRICS_TOKEN"];
const KEY = Buffer.alloc(32, 7).toString("base64");

const read = (path: string) => readFileSync(path, "utf8");

describe("Dockerfile", () => {
  const instructions = read("Dockerfile")
    .split("\n")
    .filter((line) => /^[A-Z]/.test(line));
  const of = (name: string) => instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith("FROM ")));

  it("builds in one stage and runs in another, which gets nothing but what was assembled", () => {
    expect(of("FROM")).toEqual([expect.stringMatching(/ AS build$/), expect.stringMatching(/^\$\{NODE_IMAGE\}$/)]);
    expect(last.filter((line) => line.startsWith("COPY "))).toEqual(["COPY --from=build /gatewright /gatewright"]);
    expect(of("ADD")).toEqual([]);
  });

  it("installs exactly what the lockfile names, without what only development needs", () => {
    expect(of("RUN")).toContain("npm ci --omit=dev");
  });

  it("runs as a user who is not root, by number, with node as the process that gets signals", () => {
    expect(last).toContain("USER 1000:1000");
    expect(of("ENTRYPOINT")).toEqual(['["node", "scripts/container.mjs"]']);
    expect(of("CMD")).toEqual(['["console"]']);
    expect(of("STOPSIGNAL")).toEqual(["SIGTERM"]);
  });

  it("has a health check, a volume for the data directory, and no secret", () => {
    expect(of("HEALTHCHECK")).toEqual([expect.stringMatching(/CMD \["node", "scripts\/container\.mjs", "health"\]$/)]);
    expect(of("VOLUME")).toEqual(["/data"]);
    const named = [...of("ENV"), ...of("ARG")].flatMap((line) => line.split(" ").map((part) => part.split("=", 1)[0]));
    expect(named.sort()).toEqual(["GATEWRIGHT_DATA_DIR", "NEXT_TELEMETRY_DISABLED", "NODE_ENV", "NODE_IMAGE"]);
  });

  it("is sent what the build reads, and neither settings, nor data, nor what was built here", () => {
    const lines = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines[0]).toBe("*");
    const sent = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    expect(sent.filter((name) => !readdirSync(".").includes(name))).toEqual([]);
    expect(sent.filter((name) => /^(?:\.env|\.data|\.git|\.next|dist|generated|node_modules)/.test(name))).toEqual([]);
    expect(lines.at(-1)?.startsWith("!")).toBe(false);
    expect(lines).toContain("**/.env*");
  });
});

const composeService = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  stop_grace_period: z.string().optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.literal("service_healthy") })).optional(),
  networks: z.union([z.array(z.string()), z.record(z.string(), z.object({ ipv4_address: z.string() }).nullable())]),
});

describe("compose.yaml", () => {
  const text = read("compose.yaml");
  const { services } = z.object({ services: z.record(z.string(), composeService) }).parse(parse(text, { merge: true }));
  const service = (name: string) => composeService.parse(services[name]);
  const own = ["console", "gateway-1", "gateway-2"];
  const address = (name: string) => {
    const { networks } = service(name);
    return Array.isArray(networks) ? undefined : networks.front?.ipv4_address;
  };
  /** As compose does, where every variable that must be set is. */
  const filledIn = (environment: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, variable: string, operator: string, rest: string) =>
          operator === "-" ? rest : variable === "GATEWRIGHT_SECRET_KEY" ? KEY : "0123456789abcdef0123456789abcdef",
        ),
      ]),
    );

  it("sets only variables that the product reads, to values that it takes", () => {
    for (const name of own) {
      const { environment, image } = service(name);
      expect(image).toBe(`gatewright:${version}`);
      expect(Object.keys(environment).filter((variable) => !ENVIRONMENT_VARIABLES.includes(variable))).toEqual([]);
      expect(() => readEnvironment(filledIn(environment))).not.toThrow();
    }
  });

  it("has no secret in it and no default for one", () => {
    const secret = /PASSWORD|SECRET|TOKEN|DATABASE_URL/;
    for (const [name, { environment }] of Object.entries(services)) {
      for (const [variable, value] of Object.entries(environment)) {
        if (secret.test(variable)) expect(`${name} ${variable} ${value}`).toMatch(/\$\{\w+(?::\?[^}]*|:-)\}/);
      }
    }
    expect(text).not.toMatch(/\$\{\w*(?:PASSWORD|SECRET_KEY|TOKEN)\w*:-[^}]/);
    expect(text).toMatch(/requirepass "\$\$REDIS_PASSWORD"/);
  });

  it("publishes nginx alone, and waits for what each service needs to be healthy", () => {
    expect(Object.keys(services).filter((name) => services[name]?.ports)).toEqual(["nginx"]);
    expect(Object.keys(service("nginx").depends_on ?? {})).toEqual(["gateway-1", "gateway-2"]);
    expect(Object.keys(service("console").depends_on ?? {})).toEqual(["postgres", "redis"]);
    // Those of the image come with their own check.
    for (const [name, { healthcheck }] of Object.entries(services)) expect(own.includes(name)).toBe(healthcheck === undefined);
  });

  it("has nginx close idle connections well before an ending gateway does", () => {
    const [, seconds] =
      /upstream gateways \{[^}]*keepalive_timeout (\d+)s;/.exec(read("deploy/nginx.conf").replace(/\$\{\w+\}/g, "")) ?? [];
    expect(Number(seconds) * 1000).toBeLessThanOrEqual(PROXY_IDLE_STAYS_MS / 2);
  });

  it("points nginx at where gateways and console are, and lets them believe nginx alone", () => {
    const { environment } = service("nginx");
    expect(environment).toMatchObject({
      GATEWAY_1: `${address("gateway-1")}:8082`,
      GATEWAY_2: `${address("gateway-2")}:8082`,
      CONSOLE: `${address("console")}:3000`,
    });
    for (const name of own) expect(service(name).environment.GATEWRIGHT_TRUSTED_PROXIES).toBe(address("nginx"));
    const wanted = [...read("deploy/nginx.conf").matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(environment).sort()).toEqual([...new Set(wanted)].sort());
    expect(service("nginx").ports).toEqual([`8080:${environment.GATEWAYS_LISTEN}`, `3000:${environment.CONSOLE_LISTEN}`]);
  });

  it("lets gateways drain, and runs them and the console where they can write only their data", () => {
    for (const name of own) expect(service(name).read_only).toBe(true);
    for (const name of ["gateway-1", "gateway-2"]) expect(service(name)).toMatchObject({ command: ["gateway"], stop_grace_period: "40s" });
  });
});

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.literal("http") }) });
const container = z.object({
  image: z.literal("gatewright"),
  args: z.array(z.string()),
  ports: z.array(z.object({ name: z.literal("http"), containerPort: z.number() })),
  env: z.array(z.object({ name: z.string() })),
  envFrom: z.array(z.unknown()),
  readinessProbe: probe,
  livenessProbe: probe,
  lifecycle: z.object({ preStop: z.object({ exec: z.object({ command: z.tuple([z.literal("sleep"), z.string()]) }) }) }).optional(),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal("ALL")]) }),
  }),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
});
const deployment = z.object({
  spec: z.object({
    replicas: z.number(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000), fsGroup: z.literal(1000) }),
        containers: z.tuple([container]),
        volumes: z.array(z.object({ name: z.string(), emptyDir: z.object({}) })),
      }),
    }),
  }),
});

describe("deploy/kubernetes", () => {
  const folder = "deploy/kubernetes";
  const files = readdirSync(folder).filter((name) => name !== "kustomization.yaml");
  const documents = files.flatMap((file) =>
    parseAllDocuments(read(`${folder}/${file}`)).map((document) => {
      expect(document.errors).toEqual([]);
      const json: unknown = document.toJSON();
      return { file, json, ...z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) }).parse(json) };
    }),
  );
  const find = (kind: string, name: string) => documents.find((document) => document.kind === kind && document.metadata.name === name);
  const names = (kind: string) => documents.filter((document) => document.kind === kind).map(({ metadata }) => metadata.name);
  const values = (kind: string, name: string, key: "data" | "stringData") =>
    z.record(z.string(), z.string()).parse(z.looseObject({ [key]: z.unknown() }).parse(find(kind, name)?.json)[key]);

  it("names every file in the kustomization but the example of the Secrets and the optional autoscaler", () => {
    const { resources, images } = z
      .object({ resources: z.array(z.string()), images: z.array(z.object({ name: z.string(), newTag: z.string() })) })
      .parse(parse(read(`${folder}/kustomization.yaml`)));
    expect([...resources, "gateway-autoscaler.yaml", "secret.example.yaml"].sort()).toEqual(files.sort());
    expect(images).toMatchObject([{ name: "gatewright", newTag: version }]);
  });

  it.each([
    ["console", 3000, 1],
    ["gateway", 8082, 2],
  ])("runs the %s by its role and port, without root, asked by the paths that it answers", (role, port, replicas) => {
    const { spec } = deployment.parse(find("Deployment", role)?.json);
    expect(spec.replicas).toBe(replicas);
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    const [only] = spec.template.spec.containers;
    expect(only.args).toEqual([role]);
    expect(only.ports).toEqual([{ name: "http", containerPort: port }]);
    expect([only.readinessProbe.httpGet.path, only.livenessProbe.httpGet.path]).toEqual(["/readyz", "/healthz"]);
    expect(only.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(["/data", "/tmp"]);
    expect(only.volumeMounts.map(({ name }) => name)).toEqual(spec.template.spec.volumes.map(({ name }) => name));
    expect(only.env.filter(({ name }) => !ENVIRONMENT_VARIABLES.includes(name))).toEqual([]);
    expect(names("Service")).toContain(role);
    expect(names("NetworkPolicy")).toContain(role);
  });

  it("gives a gateway time to pause, to drain for 30 seconds, and to stop", () => {
    const pod = deployment.parse(find("Deployment", "gateway")?.json).spec.template.spec;
    const pause = Number(pod.containers[0].lifecycle?.preStop.exec.command[1]);
    expect(pause).toBeGreaterThan(0);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(pause + 30 + 5);
    expect(names("PodDisruptionBudget")).toEqual(["gateway"]);
  });

  it("sets only variables that the product reads, keeps secrets out of the ConfigMap, and has an example that cannot work", () => {
    const settings = values("ConfigMap", "gatewright", "data");
    const secrets = values("Secret", "gatewright", "stringData");
    const first = values("Secret", "gatewright-console", "stringData");
    const named = [...Object.keys(settings), ...Object.keys(secrets), ...Object.keys(first)];
    expect(named.filter((name) => !ENVIRONMENT_VARIABLES.includes(name))).toEqual([]);
    expect(Object.keys(secrets).sort()).toEqual([...SECRETS].sort());
    expect(Object.keys(settings).filter((name) => /PASSWORD|SECRET|TOKEN|DATABASE/.test(name))).toEqual([]);
    expect(() => readEnvironment(settings)).not.toThrow();
    expect(() => readEnvironment(secrets)).toThrow("GATEWRIGHT_SECRET_KEY");
  });
});

describe("systemd units", () => {
  const FOLDER = "deploy/systemd";
  const settingsOf = (unit: string) =>
    read(`${FOLDER}/${unit}`)
      .split("\n")
      .filter((line) => /^[A-Z]\w*=/.test(line))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const);

  it.each([
    ["gatewright.service", "console"],
    ["gatewright-gateway.service", "gateway"],
  ])("%s runs the %s as a user who is not root, restarts it, and waits while it drains", (unit, role) => {
    const settings = new Map(settingsOf(unit));
    expect(settings.get("ExecStart")).toBe(`/usr/bin/node scripts/container.mjs ${role}`);
    expect(settings.get("User")).toBe("gatewright");
    expect(settings.get("Restart")).toBe("on-failure");
    expect(settings.get("KillMode")).toBe("mixed");
    expect(Number(settings.get("TimeoutStopSec"))).toBeGreaterThanOrEqual(35);
    const [, dataDir] = /GATEWRIGHT_DATA_DIR=(\S+)/.exec(settings.get("Environment") ?? "") ?? [];
    expect(dataDir).toBe(`/var/lib/${settings.get("StateDirectory")}`);
    expect(settings.get("ProtectSystem")).toBe("strict");
    // Just-in-time compilation needs memory that is written and run.
    expect(settings.has("MemoryDenyWriteExecute")).toBe(false);
  });

  it("have settings of their own, so that a gateway never makes or reads the console's key file by chance", () => {
    const of = (name: string) => ["gatewright.service", "gatewright-gateway.service"].map((unit) => new Map(settingsOf(unit)).get(name));
    for (const name of ["EnvironmentFile", "StateDirectory"]) expect(new Set(of(name)).size).toBe(2);
  });
});

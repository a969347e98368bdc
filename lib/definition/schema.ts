import { z } from "zod";
import { endpointTlsSchema } from "./endpoint-tls";
import { headerName, httpUrl, obeys, scopeName } from "./field-rules";
import { otherNameProblem } from "./header-names";
import { contextPathProblem, flowPathProblem, storedFlowPathProblem } from "./paths";
import type { Problem } from "./problems";
import { type DefinitionRegistry, fieldMeta, type Phase } from "./registry";
import { namesIn } from "./requirements";
import { descriptionProblem, nameProblem } from "./shown-text";

/** The version of the definition format that this build reads and writes. */
export const DEFINITION_VERSION = 1;

/** The endpoints that an API may have. */
export const ENVIRONMENTS = ["production", "sandbox"] as const;

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const plainText = (maxLength: number, what: string) => z.string().max(maxLength, `${what} has at most ${maxLength} characters.`);

const milliseconds = (min: number, max: number, description: string) =>
  z
    .int("Whole milliseconds only.")
    .min(min, `At least ${min} ms.`)
    .max(max, `At most ${max} ms.`)
    .optional()
    .meta({ description, group: "advanced" });

const endpointSchema = (registry: DefinitionRegistry) =>
  z
    .strictObject({
      url: httpUrl({
        title: "Backend URL",
        description: "The gateway sends requests here and appends the path after the context path.",
        placeholder: "https://orders.internal/v2",
      }),
      timeoutMs: z
        .int("Whole milliseconds only.")
        .min(100, "At least 100 ms.")
        .max(600_000, "At most 600 000 ms, which is ten minutes.")
        .default(30_000)
        .meta({ title: "Timeout (ms)", description: "Maximum time until the response starts." }),
      connectTimeoutMs: milliseconds(
        100,
        60_000,
        "How long a connection may take to stand. Without it, 10 seconds, or the timeout if that is less.",
      ),
      idleTimeoutMs: milliseconds(100, 3_600_000, "How long the answer may pause. Without it, 5 minutes."),
      totalTimeoutMs: milliseconds(100, 86_400_000, "How long the whole answer may take. Without it, as long as it flows."),
      maxConnections: z
        .int("Whole numbers only.")
        .min(1, "At least one connection.")
        .max(10_000, "At most 10 000 connections.")
        .optional()
        .meta({
          title: "Max connections",
          description: "The same number can queue; more get 503. Default: 500 per process.",
          group: "advanced",
        }),
      security: registry.endpointSecurity.schema.default({ type: "none" }).meta({ ...fieldMeta(registry.endpointSecurity.schema) }),
      tls: endpointTlsSchema.optional(),
    })
    .refine((endpoint) => endpoint.tls === undefined || !/^http:/i.test(endpoint.url), {
      message: "The backend URL starts with http://, so TLS isn't used. Use https://, or remove these settings.",
      path: ["tls"],
    })
    .meta({ title: "Endpoint" });

const endpointsSchema = (registry: DefinitionRegistry) =>
  z
    .strictObject({ production: endpointSchema(registry).optional(), sandbox: endpointSchema(registry).optional() })
    .refine((endpoints) => endpoints.production || endpoints.sandbox, {
      message: "An API needs at least one endpoint: production or sandbox.",
    })
    .meta({ title: "Endpoints" });

/** Schemes whose pages have the origin null or none. */
const NO_ORIGIN_SCHEMES = /^(?:about|blob|data|file|ftp|javascript|wss?):/i;

const isOrigin = (value: string) =>
  value === "*" ||
  /^https?:\/\/(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?$/i.test(value) ||
  /^https?:\/\/\[[0-9a-fA-F:]+\](:\d{1,5})?$/i.test(value) ||
  // Apps and browser extensions have their own schemes: capacitor://localhost, chrome-extension://<id>.
  (/^[a-z][a-z0-9+.-]*:\/\/[A-Za-z0-9._-]+(:\d{1,5})?$/i.test(value) && !NO_ORIGIN_SCHEMES.test(value));

const origin = z
  .string()
  .max(300)
  .refine((value) => value.toLowerCase() !== "null", {
    message: "Any site can send the origin null, from a sandboxed frame. It can't be allowed by name; * without credentials includes it.",
    abort: true,
  })
  .refine(isOrigin, {
    message:
      "An origin is a scheme, a host and perhaps a port, without a path: https://shop.example, https://*.shop.example or capacitor://localhost.",
  });

const corsSchema = z
  .strictObject({
    enabled: z.boolean().default(false).meta({ title: "Enable CORS" }),
    allowOrigins: z.array(origin).max(100).default([]).meta({ title: "Origins" }),
    allowMethods: z.array(z.enum(METHODS)).default(["GET", "HEAD", "POST"]).meta({ title: "Methods" }),
    allowHeaders: z.array(headerName()).max(100).default([]).meta({ title: "Request headers" }),
    exposeHeaders: z.array(headerName()).max(100).default([]).meta({ title: "Exposed response headers" }),
    maxAgeSeconds: z.int().min(0).max(86_400).default(600).meta({ title: "Preflight max age (seconds)" }),
    allowCredentials: z.boolean().default(false).meta({ title: "Allow credentials" }),
  })
  .refine((cors) => !(cors.allowCredentials && cors.allowOrigins.includes("*")), {
    message: "Credentials can't be combined with the origin *. List the origins.",
    path: ["allowOrigins"],
  })
  .meta({ title: "CORS" });

/** Checks of written definitions and, less strict, of those that earlier versions stored. Each returns an error or undefined. */
interface Rules {
  path: (path: string) => string | undefined;
  name: (text: string) => string | undefined;
  description: (text: string) => string | undefined;
}

const WRITTEN: Rules = { path: flowPathProblem, name: nameProblem, description: descriptionProblem };
const STORED: Rules = { path: storedFlowPathProblem, name: () => undefined, description: () => undefined };

const matchSchema = (rules: Rules) =>
  z
    .strictObject({
      path: z
        .string()
        .default("/")
        .superRefine(obeys(rules.path))
        .meta({ title: "Path", description: "Relative to the context path. :name matches one segment." }),
      operator: z.enum(["startsWith", "equals"]).default("startsWith").meta({ title: "Operator" }),
      methods: z.array(z.enum(METHODS)).default([]).meta({ title: "Methods", description: "Empty: all methods. GET includes HEAD." }),
    })
    .meta({ title: "Match" });

const resourceName = z
  .string()
  .min(1, "Name the resource.")
  .max(60, "A resource name has at most 60 characters.")
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]*$/, "A resource name has letters, digits, spaces and - . _ and starts with a letter or digit.");

/** Builds a discriminated union, which needs at least one member. */
function unionBy<K extends string>(key: K, members: z.ZodObject[]) {
  const [first, ...rest] = members;
  if (!first) return z.never();
  return z.discriminatedUnion(key, [first, ...rest] as never);
}

function stepSchema(registry: DefinitionRegistry, phase: Phase, rules: Rules) {
  return unionBy(
    "policy",
    registry.policies
      .filter((policy) => policy.phases.includes(phase))
      .map((policy) =>
        z
          .strictObject({
            policy: z.literal(policy.id),
            name: plainText(120, "A step's name").superRefine(obeys(rules.name)).optional().meta({ title: "Name" }),
            enabled: z.boolean().default(true).meta({ title: "Enabled" }),
            config: policy.schema.prefault({}),
          })
          .meta({ title: policy.title, description: policy.summary }),
      ),
  );
}

function flowSchema(registry: DefinitionRegistry, rules: Rules) {
  return z
    .strictObject({
      name: plainText(120, "A flow's name").superRefine(obeys(rules.name)).default("").meta({ title: "Name" }),
      enabled: z.boolean().default(true).meta({ title: "Enabled" }),
      match: matchSchema(rules).prefault({}),
      request: z
        .array(stepSchema(registry, "request", rules))
        .max(50, "A phase has at most 50 steps.")
        .default([])
        .meta({ title: "Request steps" }),
      response: z
        .array(stepSchema(registry, "response", rules))
        .max(50, "A phase has at most 50 steps.")
        .default([])
        .meta({ title: "Response steps" }),
    })
    .meta({ title: "Flow" });
}

function resourceSchema(registry: DefinitionRegistry) {
  return unionBy(
    "type",
    registry.resources.map((resource) =>
      z
        .strictObject({ name: resourceName, type: z.literal(resource.type), config: resource.schema.prefault({}) })
        .meta({ title: resource.title, description: resource.summary }),
    ),
  );
}

const otherName = headerName().superRefine(obeys(otherNameProblem));

const headersSchema = z
  .strictObject({
    allowOtherNames: z.array(otherName).max(50, "At most 50 names.").default([]).meta({
      title: "Additional header names",
      description:
        "Request headers with characters other than letters, digits and hyphens that this backend needs, such as X_Api_Key. All others are removed.",
    }),
  })
  .meta({ title: "Headers" });

/** A step of a definition: a policy with its configuration. */
export interface Step {
  policy: string;
  name?: string | undefined;
  enabled: boolean;
  config: Record<string, unknown>;
}

/** A flow of a definition. */
export interface Flow {
  name: string;
  enabled: boolean;
  match: z.output<ReturnType<typeof matchSchema>>;
  request: Step[];
  response: Step[];
}

/** A resource of a definition. Its secrets are stored separately. */
export interface Resource {
  name: string;
  type: string;
  config: Record<string, unknown>;
}

export type Endpoint = z.output<ReturnType<typeof endpointSchema>>;
export type Cors = z.output<typeof corsSchema>;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** A complete definition with all defaults. */
export interface Definition {
  gatewright: 1;
  name: string;
  version: string;
  description: string;
  contextPath: string;
  endpoints: { production?: Endpoint | undefined; sandbox?: Endpoint | undefined };
  resources: Resource[];
  cors: Cors;
  paths: { allowSemicolon: boolean; allowEncodedSlash: boolean };
  /** Absent unless something in it was chosen. */
  headers?: z.output<typeof headersSchema> | undefined;
  flowSelection: "all" | "best";
  flows: Flow[];
}

function objectSchema(registry: DefinitionRegistry, rules: Rules) {
  return z
    .strictObject({
      gatewright: z.literal(DEFINITION_VERSION).default(DEFINITION_VERSION),
      name: z
        .string()
        .trim()
        .min(1, "Name the API.")
        .max(120, "A name has at most 120 characters.")
        .superRefine(obeys(rules.name))
        .meta({ title: "Name" }),
      version: z
        .string()
        .trim()
        .min(1, "Give the version, for example 1.0.0.")
        .max(40, "A version has at most 40 characters.")
        .superRefine(obeys(rules.name))
        .default("1.0.0")
        .meta({ title: "Version" }),
      description: plainText(2000, "A description")
        .superRefine(obeys(rules.description))
        .default("")
        .meta({ title: "Description", ui: "text-area" }),
      contextPath: z
        .string()
        .superRefine(obeys(contextPathProblem))
        .meta({ title: "Context path", description: "The path under which the gateways serve this API.", placeholder: "/orders" }),
      endpoints: endpointsSchema(registry),
      resources: z.array(resourceSchema(registry)).max(50, "An API has at most 50 resources.").default([]).meta({ title: "Resources" }),
      cors: corsSchema.prefault({}),
      paths: z
        .strictObject({
          allowSemicolon: z.boolean().default(false).meta({ title: "Allow ; in paths" }),
          allowEncodedSlash: z.boolean().default(false).meta({ title: "Allow %2f in paths" }),
        })
        .prefault({})
        .meta({ title: "Paths" }),
      headers: headersSchema.optional(),
      flowSelection: z
        .enum(["all", "best"])
        .default("all")
        .meta({ title: "Flow selection", description: "all: every matching flow runs, in order. best: only the most specific match." }),
      flows: z.array(flowSchema(registry, rules)).max(200, "An API has at most 200 flows.").default([]).meta({ title: "Flows" }),
    })
    .meta({ title: "API definition", description: "The content of a draft, a deployment, and an import or export." });
}

/** Reports duplicate resource names, and steps with an unknown or unsupported resource. */
function checkReferences(definition: Definition, registry: DefinitionRegistry, context: z.core.$RefinementCtx) {
  const types = new Map<string, string>();
  definition.resources.forEach((resource, index) => {
    if (types.has(resource.name)) {
      context.addIssue({
        code: "custom",
        path: ["resources", index, "name"],
        message: `The name ${resource.name} is already in use. Choose another name.`,
      });
    }
    types.set(resource.name, resource.type);
  });
  const policies = new Map(registry.policies.map((policy) => [policy.id, policy]));
  definition.flows.forEach((flow, flowIndex) => {
    for (const phase of ["request", "response"] as const) {
      flow[phase].forEach((step, stepIndex) => {
        const shape = policies.get(step.policy)?.schema.shape ?? {};
        for (const [field, schema] of Object.entries(shape)) {
          const meta = fieldMeta(schema as z.ZodType);
          if (meta.ui !== "resource") continue;
          for (const named of namesIn(step.config[field])) {
            const type = types.get(named);
            const allowed = meta.resourceTypes;
            if (type !== undefined && (!allowed || allowed.includes(type))) continue;
            const known = [...types].filter(([, known]) => !allowed || allowed.includes(known)).map(([name]) => name);
            const fix = known.length ? `Choose one of: ${known.join(", ")}.` : "Add one under Resources first.";
            const message =
              type === undefined
                ? `Unknown resource ${named}. ${fix}`
                : `This policy doesn't support the type of the resource ${named}. ${fix}`;
            context.addIssue({ code: "custom", path: ["flows", flowIndex, phase, stepIndex, "config", field], message });
          }
        }
      });
    }
  });
}

const checkedSchema = (registry: DefinitionRegistry, rules: Rules) =>
  objectSchema(registry, rules).superRefine((value, context) =>
    checkReferences(value as unknown as Definition, registry, context),
  ) as unknown as z.ZodType<Definition>;

/**
 * The zod schema of a definition over the policies and resource types of a registry.
 * It adds defaults, rejects unknown keys and checks references.
 */
export function definitionSchema(registry: DefinitionRegistry): z.ZodType<Definition> {
  return checkedSchema(registry, WRITTEN);
}

/**
 * The same for definitions that are stored. What earlier versions accepted passes: names with control characters, and flow paths in
 * another product's notation, which a gateway serves and `pathProblemsOf` names.
 */
export function storedDefinitionSchema(registry: DefinitionRegistry): z.ZodType<Definition> {
  return checkedSchema(registry, STORED);
}

/** The flow paths of a stored definition that would be refused today, because they match no request and so guard nothing. */
export function pathProblemsOf(definition: Definition): Problem[] {
  return definition.flows.flatMap(({ match }, index) => {
    const message = flowPathProblem(match.path);
    return message === undefined ? [] : [{ path: `flows[${index}].match.path`, message }];
  });
}

/** JSON Schema 2020-12, its vocabularies. Fields have more in their meta, which only forms and checks read (`FieldMeta`). */
const KEYWORDS: ReadonlySet<string> = new Set(
  [
    "$schema $id $ref $defs $anchor $comment allOf anyOf oneOf not if then else dependentSchemas prefixItems items contains",
    "properties patternProperties additionalProperties propertyNames unevaluatedItems unevaluatedProperties type enum const",
    "multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems",
    "maxContains minContains maxProperties minProperties required dependentRequired",
    "title description default deprecated readOnly writeOnly examples format",
  ].flatMap((keywords) => keywords.split(" ")),
);

function withoutOwnMeta(schema: Record<string, unknown>): void {
  if (schema.secret === true) schema.writeOnly = true;
  if (typeof schema.required === "boolean") delete schema.required;
  for (const key of Object.keys(schema)) if (!KEYWORDS.has(key)) delete schema[key];
}

/**
 * The JSON Schema (draft 2020-12) of what a caller may send as a definition. It has JSON Schema's own keywords only, so that
 * strict validators compile it.
 */
export function definitionJsonSchema(registry: DefinitionRegistry): Record<string, unknown> {
  return z.toJSONSchema(objectSchema(registry, WRITTEN), {
    io: "input",
    override: ({ jsonSchema }) => withoutOwnMeta(jsonSchema as Record<string, unknown>),
  }) as Record<string, unknown>;
}

/** The schema of one scope, shared by policies and by the authorization servers. */
export const scopeSchema = scopeName();

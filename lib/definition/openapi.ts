import { readJsonOrYaml } from "./document-text";
import { readPathTemplate } from "./openapi-paths";
import { shapeOf } from "./operation-paths";
import { segmentOf, writtenSegments } from "./path-segments";
import { formatPath, type Problem } from "./problems";
import { unstorableText } from "./storable";

/** One operation of an OpenAPI document, at a path below the context path. */
export interface DocumentOperation {
  method: string;
  path: string;
  summary: string;
}

/** The operations of an OpenAPI document. Everything else is stored as text and ignored. */
export interface OpenApiDocument {
  title: string;
  version: string;
  /** The OpenAPI version, for example 3.1.0. */
  specification: string;
  operations: DocumentOperation[];
  /** Parts that aren't usable as operations. */
  warnings: string[];
}

export type OpenApiResult = { ok: true; document: OpenApiDocument } | { ok: false; problems: Problem[] };

/** Maximum size of a document, in bytes of UTF-8. */
export const OPENAPI_BYTES_MAX = 1024 * 1024;
const OPERATIONS_MAX = 2000;
const WARNINGS_MAX = 100;
const REFERENCES_MAX = 20;
const SUMMARY_MAX = 200;
const TEXT_MAX = 5000;
const METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const fail = (path: string, message: string): OpenApiResult => ({ ok: false, problems: [{ path, message }] });
const textOf = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function versionProblem(document: Json): Problem | null {
  if ("swagger" in document)
    return {
      path: "swagger",
      message: `This is Swagger ${textOf(document.swagger)}. Convert it to OpenAPI 3.0 or 3.1 first; most OpenAPI editors can.`,
    };
  const { openapi } = document;
  if (openapi === undefined)
    return { path: "openapi", message: "This isn't an OpenAPI document, which starts with `openapi: 3.1.0` or `openapi: 3.0.3`." };
  if (typeof openapi !== "string")
    return { path: "openapi", message: 'The version must be a string with three numbers, for example "3.1.0".' };
  if (/^3\.[01]\.\d+(?:-.+)?$/.test(openapi)) return null;
  return {
    path: "openapi",
    message: `OpenAPI ${openapi.slice(0, 20)} isn't supported. Use version 3.0 or 3.1, for example 3.1.0.`,
  };
}

/** Follows a JSON Pointer (RFC 6901) within the document. */
function pointedAt(document: Json, pointer: string): unknown {
  let value: unknown = document;
  for (const part of pointer.split("/").slice(1)) {
    let key: string;
    try {
      key = decodeURIComponent(part).replace(/~1/g, "/").replace(/~0/g, "~");
    } catch {
      return undefined;
    }
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** A path item and its `$ref` targets, in order of precedence. */
type Layers = readonly Json[];

/** Looks up one member of a path item, because merging large `$ref` targets would be expensive. */
function memberOf(layers: Layers, name: string): { value: unknown } | undefined {
  const layer = layers.find((candidate) => Object.hasOwn(candidate, name));
  return layer && { value: layer[name] };
}

/** Resolves `$ref`s within the document, with a cache. External ones are never fetched. */
class References {
  readonly #document: Json;
  readonly #targets = new Map<string, unknown>();

  constructor(document: Json) {
    this.#document = document;
  }

  #target(reference: string): unknown {
    if (!this.#targets.has(reference)) this.#targets.set(reference, pointedAt(this.#document, reference.slice(1)));
    return this.#targets.get(reference);
  }

  /** A path item with its `$ref` targets; the error as a string. */
  layersOf(value: unknown): Layers | string {
    const layers: Json[] = [];
    let current = value;
    for (let step = 0; step < REFERENCES_MAX; step += 1) {
      if (!isObject(current)) return "it isn't an object";
      layers.push(current);
      const { $ref: reference } = current;
      if (reference === undefined) return layers;
      if (typeof reference !== "string") return "its $ref isn't a string";
      if (!reference.startsWith("#/")) return `its $ref is external (${reference.slice(0, 100)}) and isn't fetched`;
      current = this.#target(reference);
      if (current === undefined) return `its $ref has no target (${reference.slice(0, 100)})`;
    }
    return "its $ref is circular";
  }
}

function summaryOf(operation: Json): string {
  // Many paths may reference one long description, so only its start is read.
  const text = textOf(operation.summary) || textOf(operation.description) || textOf(operation.operationId);
  const [line = ""] = text.slice(0, TEXT_MAX).trim().split("\n");
  return line.length > SUMMARY_MAX ? `${line.slice(0, SUMMARY_MAX - 1).trimEnd()}…` : line;
}

/** Removes the suffixes after parameters. */
function withoutSuffixes(path: string): string {
  const segments = writtenSegments(path).map((text) => {
    const { parameter } = segmentOf(text);
    return parameter === null ? text : `:${parameter}`;
  });
  return `/${segments.join("/")}`;
}

class Reader {
  readonly operations = new Map<string, DocumentOperation>();
  readonly warnings: string[] = [];
  readonly #references: References;
  #left = 0;

  constructor(document: Json) {
    this.#references = new References(document);
  }

  get hasTooMany(): boolean {
    return this.operations.size > OPERATIONS_MAX;
  }

  warn(text: string): void {
    if (this.warnings.length < WARNINGS_MAX) this.warnings.push(text);
    else this.#left += 1;
  }

  /** Warns of operations that a wider operation's flow also matches: /orders/:id matches /orders/7:cancel. */
  warnOfShared(): void {
    for (const { method, path } of this.operations.values()) {
      const wider = this.operations.get(`${method} ${shapeOf(withoutSuffixes(path))}`);
      if (wider && wider.path !== path)
        this.warn(
          `${method} ${path}: a flow for ${wider.path} matches it too. If it needs other scopes, add a flow for it and use the flow selection "best".`,
        );
    }
  }

  finish(): string[] {
    return this.#left > 0 ? [...this.warnings, `And ${this.#left} more.`] : this.warnings;
  }

  /** Reads one path item. */
  readPath(template: string, value: unknown): void {
    const item = this.#references.layersOf(value);
    if (typeof item === "string") {
      this.warn(`${template}: skipped, because ${item}.`);
      return;
    }
    const { path, warning } = readPathTemplate(template);
    if (warning !== null) this.warn(warning);
    if (path === null) return;
    if (memberOf(item, "servers")) this.warn(`${template}: its servers are ignored. All requests go to the API's endpoints.`);
    for (const method of METHODS) {
      const member = memberOf(item, method);
      if (!member) continue;
      const operation = member.value;
      if (isObject(operation)) this.#add({ method: method.toUpperCase(), path, summary: summaryOf(operation) });
      else this.warn(`${method.toUpperCase()} ${template}: skipped, because it isn't an object.`);
    }
  }

  #add(operation: DocumentOperation): void {
    const key = `${operation.method} ${shapeOf(operation.path)}`;
    const known = this.operations.get(key);
    if (known) this.warn(`${operation.method} ${operation.path} is the same operation as ${known.path} and is listed once.`);
    else this.operations.set(key, operation);
  }
}

/**
 * Reads the operations of an OpenAPI document (3.0 or 3.1, JSON or YAML), or its problems. Its paths are relative to the context
 * path, regardless of its servers. External references are never fetched.
 */
export function readOpenApi(text: string): OpenApiResult {
  const [unstorable] = unstorableText(text);
  if (unstorable) return fail("", unstorable.message);
  if (text.trim() === "") return fail("", "The document is empty.");
  // Keeps a version such as 1.10, which isn't the number 1.1.
  const read = readJsonOrYaml(text, { numbers: "asWritten" });
  if (typeof read === "string") return fail("", read);
  const { value } = read;
  if (!isObject(value)) return fail("", "This isn't an OpenAPI document, which starts with `openapi: 3.1.0` and has `info` and `paths`.");
  const problems = unstorableText(value);
  if (problems.length > 0) return { ok: false, problems };
  const wrong = versionProblem(value);
  if (wrong) return { ok: false, problems: [wrong] };
  const { info, paths = {} } = value;
  if (!isObject(info)) return fail("info", "Add `info` with a title and a version.");
  for (const name of ["title", "version"]) {
    if (textOf(info[name]).trim() === "") return fail(formatPath(["info", name]), `Enter the ${name} as text.`);
  }
  if (!isObject(paths)) return fail("paths", "`paths` must map paths such as /items/{id} to their operations.");
  const reader = new Reader(value);
  for (const template of Object.keys(paths)) {
    if (!template.startsWith("x-")) reader.readPath(template, paths[template]);
    if (reader.hasTooMany) break;
  }
  if (reader.hasTooMany)
    return fail("paths", `The document has more than ${OPERATIONS_MAX.toLocaleString("en")} operations. Split it by API.`);
  reader.warnOfShared();
  return {
    ok: true,
    document: {
      title: textOf(info.title),
      version: textOf(info.version),
      specification: textOf(value.openapi),
      operations: [...reader.operations.values()],
      warnings: reader.finish(),
    },
  };
}

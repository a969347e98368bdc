import { foldHeaderName } from "@/lib/definition/header-names";
import type { Exchange } from "../../exchange";
import { type HeaderList, removeHeaders, setHeader } from "../../http/headers";
import type { Policy } from "../contract";
import { type TransformHeadersConfig, transformHeadersConfigSchema, transformHeadersDescriptor } from "./schema";
import { compileTemplate, type Template } from "./template";

/** A header set or appended by a step. */
interface SentHeader {
  readonly name: string;
  /** A constant, or a template evaluated per request. */
  readonly value: string | Template;
}
type SentHeaders = readonly SentHeader[];

/** A compiled step, kept small: a gateway has tens of thousands. */
interface Transform {
  /** Folded. A short list is searched as fast as a set and takes far less memory. */
  readonly removed: readonly string[];
  readonly set: SentHeaders;
  readonly appended: SentHeaders;
}

const NO_NAMES: readonly string[] = [];
const NO_HEADERS: SentHeaders = [];

const sent = (headers: TransformHeadersConfig["set"]): SentHeaders =>
  headers.length === 0 ? NO_HEADERS : headers.map(({ name, value }) => ({ name, value: compileTemplate(value) ?? value }));

function compileTransform({ remove, set, append }: TransformHeadersConfig): Transform {
  return {
    removed: remove.length === 0 ? NO_NAMES : remove.map(foldHeaderName),
    set: sent(set),
    appended: sent(append),
  };
}

const sentValue = ({ value }: SentHeader, exchange: Exchange) => (typeof value === "string" ? value : value(exchange));

function apply({ removed, set, appended }: Transform, exchange: Exchange, headers: HeaderList): void {
  if (removed.length > 0) removeHeaders(headers, removed);
  for (const header of set) {
    const value = sentValue(header, exchange);
    // A client's own header must not pass for a missing claim.
    if (value === null) removeHeaders(headers, [foldHeaderName(header.name)]);
    else setHeader(headers, header.name, value);
  }
  for (const header of appended) {
    const value = sentValue(header, exchange);
    if (value !== null) headers.push(header.name, value);
  }
}

/** Describes the changes for the trace. */
function explanation({ removed, set, appended }: Transform, exchange: Exchange): string {
  const lacks = (header: SentHeader) => sentValue(header, exchange) === null;
  const missing = (name: string) =>
    `omitted ${name}: ${exchange.payload === null ? "no step exposes the token's claims" : "the token lacks the claim"}`;
  return [
    ...removed.map((name) => `removed ${name}`),
    ...set.map((header) => (lacks(header) ? missing(header.name) : `set ${header.name}`)),
    ...appended.map((header) => (lacks(header) ? missing(header.name) : `appended ${header.name}`)),
  ].join(", ");
}

/** Removes, then sets, then appends headers: one that is both removed and set ends up set once. */
export const transformHeadersPolicy: Policy = {
  descriptor: transformHeadersDescriptor,
  compile(config) {
    const transform = compileTransform(transformHeadersConfigSchema.parse(config));
    return {
      request: function transformRequestHeaders(exchange) {
        apply(transform, exchange, exchange.requestHeaders);
        exchange.explain?.(explanation(transform, exchange));
        return undefined;
      },
      response: function transformResponseHeaders(exchange, answer) {
        apply(transform, exchange, answer.headers);
        exchange.explain?.(explanation(transform, exchange));
      },
    };
  },
};

import { foldHeaderName } from "@/lib/definition/header-names";
import { type HeaderList, removeHeaders, setHeader } from "../../headers";
import type { Policy } from "../contract";
import { type TransformHeadersConfig, transformHeadersConfigSchema, transformHeadersDescriptor } from "./schema";

type Headers = TransformHeadersConfig["set"];

/** What a step does. A gateway has tens of thousands of such steps, so that nothing stands in it twice. */
interface Transform {
  /** Folded. They are few, and a list of few is searched as fast as a set, which takes many times the memory. */
  readonly removed: readonly string[];
  readonly set: Headers;
  readonly appended: Headers;
}

const NO_NAMES: readonly string[] = [];
const NO_HEADERS: Headers = [];

function compileTransform({ remove, set, append }: TransformHeadersConfig): Transform {
  return {
    removed: remove.length === 0 ? NO_NAMES : remove.map(foldHeaderName),
    set: set.length === 0 ? NO_HEADERS : set,
    appended: append.length === 0 ? NO_HEADERS : append,
  };
}

function apply({ removed, set, appended }: Transform, headers: HeaderList): void {
  if (removed.length > 0) removeHeaders(headers, removed);
  for (const { name, value } of set) setHeader(headers, name, value);
  for (const { name, value } of appended) headers.push(name, value);
}

/** What a trace says of it. */
const explanation = ({ removed, set, appended }: Transform) =>
  [
    ...removed.map((name) => `removed ${name}`),
    ...set.map(({ name }) => `set ${name}`),
    ...appended.map(({ name }) => `appended ${name}`),
  ].join(", ");

/** Removes, then sets, then appends headers, so that a header that is both removed and set is there once. */
export const transformHeadersPolicy: Policy = {
  descriptor: transformHeadersDescriptor,
  compile(config) {
    const transform = compileTransform(transformHeadersConfigSchema.parse(config));
    return {
      request: function transformRequestHeaders(exchange) {
        apply(transform, exchange.requestHeaders);
        exchange.explain?.(explanation(transform));
        return undefined;
      },
      response: function transformResponseHeaders(exchange, answer) {
        apply(transform, answer.headers);
        exchange.explain?.(explanation(transform));
      },
    };
  },
};

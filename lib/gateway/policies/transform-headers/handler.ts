import { type HeaderList, removeHeadersWhere, setHeader } from "../../headers";
import type { Policy } from "../contract";
import { type TransformHeadersConfig, transformHeadersConfigSchema, transformHeadersDescriptor } from "./schema";

function compileTransform(config: TransformHeadersConfig): (headers: HeaderList) => void {
  const removed = new Set(config.remove.map((name) => name.toLowerCase()));
  return (headers) => {
    if (removed.size > 0) removeHeadersWhere(headers, (name) => removed.has(name));
    for (const { name, value } of config.set) setHeader(headers, name, value);
    for (const { name, value } of config.append) headers.push(name, value);
  };
}

/** Removes, then sets, then appends headers, so that a header that is both removed and set is there once. */
export const transformHeadersPolicy: Policy = {
  descriptor: transformHeadersDescriptor,
  compile(config) {
    const parsed = transformHeadersConfigSchema.parse(config);
    const transform = compileTransform(parsed);
    const names = [
      ...parsed.remove.map((name) => `removed ${name}`),
      ...parsed.set.map(({ name }) => `set ${name}`),
      ...parsed.append.map(({ name }) => `appended ${name}`),
    ].join(", ");
    return {
      request: function transformRequestHeaders(exchange) {
        transform(exchange.requestHeaders);
        exchange.explain?.(names);
        return undefined;
      },
      response: function transformResponseHeaders(exchange, answer) {
        transform(answer.headers);
        exchange.explain?.(names);
      },
    };
  },
};

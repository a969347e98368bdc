import { isConsoleCookie } from "../../cookies";
import { isProtectedHeader } from "../../forwarding";
import { type HeaderList, removeHeadersWhere, setHeader } from "../../headers";
import type { Policy } from "../contract";
import { type TransformHeadersConfig, transformHeadersConfigSchema, transformHeadersDescriptor } from "./schema";

interface Named {
  name: string;
  value: string;
}

/** A cookie of the console is nothing that a step may send in anyone's name. */
const touchesConsole = ({ name, value }: Named) =>
  /^(?:set-)?cookie$/i.test(name) && value.split(";").some((pair) => isConsoleCookie(pair.split("=", 1)[0] ?? ""));

function assertAllowed(config: TransformHeadersConfig): void {
  for (const name of [...config.remove, ...config.set.map((entry) => entry.name), ...config.append.map((entry) => entry.name)]) {
    if (isProtectedHeader(name)) throw new Error(`The header ${name} belongs to the connection: a step cannot change it.`);
  }
  for (const entry of [...config.set, ...config.append]) {
    if (touchesConsole(entry)) throw new Error(`The header ${entry.name} would carry a cookie of the console.`);
  }
}

function compileTransform(config: TransformHeadersConfig): (headers: HeaderList) => void {
  assertAllowed(config);
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
    const names = [...parsed.remove.map((name) => `removed ${name}`), ...parsed.set.map(({ name }) => `set ${name}`), ...parsed.append.map(({ name }) => `appended ${name}`)].join(", ");
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

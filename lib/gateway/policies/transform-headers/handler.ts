import { type HeaderList, removeHeadersWhere, setHeader } from "../../headers";
import type { Policy } from "../contract";
import { type TransformHeadersConfig, transformHeadersConfigSchema, transformHeadersDescriptor } from "./schema";

/** What a step does, as flat lists: a gateway has tens of thousands of such steps. */
interface Transform {
  /** In lower case; null when there is none. */
  readonly removed: ReadonlySet<string> | null;
  /** As they were written. */
  readonly removedNames: readonly string[];
  /** Names and values in turn. */
  readonly set: readonly string[];
  readonly appended: readonly string[];
}

const NOTHING: readonly string[] = [];
const flat = (list: TransformHeadersConfig["set"]) => (list.length === 0 ? NOTHING : list.flatMap(({ name, value }) => [name, value]));

function transform({ removed, set, appended }: Transform, headers: HeaderList): void {
  if (removed !== null) removeHeadersWhere(headers, (name) => removed.has(name));
  for (let index = 0; index < set.length; index += 2) setHeader(headers, set[index] ?? "", set[index + 1] ?? "");
  for (const part of appended) headers.push(part);
}

const everySecond = (list: readonly string[]) => list.filter((_, index) => index % 2 === 0);

/** What a trace says of it. */
const explanation = ({ removedNames, set, appended }: Transform) =>
  [
    ...removedNames.map((name) => `removed ${name}`),
    ...everySecond(set).map((name) => `set ${name}`),
    ...everySecond(appended).map((name) => `appended ${name}`),
  ].join(", ");

/** Removes, then sets, then appends headers, so that a header that is both removed and set is there once. */
export const transformHeadersPolicy: Policy = {
  descriptor: transformHeadersDescriptor,
  compile(config) {
    const { set, append, remove } = transformHeadersConfigSchema.parse(config);
    const steps: Transform = {
      removed: remove.length === 0 ? null : new Set(remove.map((name) => name.toLowerCase())),
      removedNames: remove.length === 0 ? NOTHING : remove,
      set: flat(set),
      appended: flat(append),
    };
    return {
      request: function transformRequestHeaders(exchange) {
        transform(steps, exchange.requestHeaders);
        exchange.explain?.(explanation(steps));
        return undefined;
      },
      response: function transformResponseHeaders(exchange, answer) {
        transform(steps, answer.headers);
        exchange.explain?.(explanation(steps));
      },
    };
  },
};

/** What a path is, with the decoded values of its parameters. */
export interface PathMatch<T> {
  value: T;
  params: Readonly<Record<string, string>>;
}

interface Template<T> {
  segments: readonly string[];
  value: T;
}

const parameterIn = (segment: string) => /^\{(\w+)\}$/.exec(segment)?.[1];

/** Literals before parameters, from the left: `/keys/rotate` is not the key `rotate`. */
function byPrecedence(a: Template<unknown>, b: Template<unknown>): number {
  for (const [index, segment] of a.segments.entries()) {
    const order = Number(parameterIn(segment) !== undefined) - Number(parameterIn(b.segments[index] ?? "") !== undefined);
    if (order !== 0) return order;
  }
  return 0;
}

/** The parameters when the segments are those of the template; null when they aren't. */
function paramsOf(template: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const segment = segments[index] ?? "";
    const name = parameterIn(expected);
    if (name === undefined ? segment !== expected : segment === "") return null;
    if (name !== undefined) params[name] = decodeURIComponent(segment);
  }
  return params;
}

/**
 * Finds which of some path templates (`/apis/{id}`) a URL's path is. Literals match as they are sent, in their case and without
 * percent-encoding. A parameter is one whole segment, decoded after the path was split: `a%2Fb` is the value `a/b`. One slash
 * at the end is passed over.
 * @returns a function of the path as it is in the URL. It returns undefined where there is no such path, and where a parameter
 * isn't percent-encoded UTF-8
 */
export function pathTable<T>(templates: Iterable<readonly [string, T]>): (pathname: string) => PathMatch<T> | undefined {
  const byLength = new Map<number, Template<T>[]>();
  for (const [path, value] of templates) {
    const segments = path.slice(1).split("/");
    byLength.set(segments.length, [...(byLength.get(segments.length) ?? []), { segments, value }].sort(byPrecedence));
  }
  return (pathname) => {
    const segments = pathname.replace(/\/$/, "").slice(1).split("/");
    try {
      for (const { segments: template, value } of byLength.get(segments.length) ?? []) {
        const params = paramsOf(template, segments);
        if (params) return { value, params };
      }
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
    }
    return undefined;
  };
}

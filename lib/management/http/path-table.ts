/** The entry of a path with its decoded parameters. */
export interface PathMatch<T> {
  value: T;
  params: Readonly<Record<string, string>>;
}

interface Template<T> {
  segments: readonly string[];
  value: T;
}

const parameterIn = (segment: string) => /^\{(\w+)\}$/.exec(segment)?.[1];

/** Sorts literals before parameters, from the left: `/keys/rotate` isn't the key `rotate`. */
function byPrecedence(a: Template<unknown>, b: Template<unknown>): number {
  for (const [index, segment] of a.segments.entries()) {
    const order = Number(parameterIn(segment) !== undefined) - Number(parameterIn(b.segments[index] ?? "") !== undefined);
    if (order !== 0) return order;
  }
  return 0;
}

/** Returns the parameters if the segments match the template; otherwise null. */
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
 * Creates a lookup of path templates such as `/apis/{id}`. Literals match exactly. A parameter is one segment, decoded after the
 * path is split: `a%2Fb` becomes `a/b`. One trailing slash is ignored.
 * @returns a lookup by the URL's raw path; it returns undefined for an unknown path or a parameter that isn't valid UTF-8
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

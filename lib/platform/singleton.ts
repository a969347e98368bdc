const REGISTRY = Symbol.for("gatewright.singletons");

/**
 * One value for the whole process. Next gives instrumentation, pages and route handlers each their own
 * instance of a module, so what must exist once lives on `globalThis`.
 */
export function singleton<T>(name: string, create: () => T): T {
  const holder = globalThis as typeof globalThis & { [REGISTRY]?: Map<string, unknown> };
  holder[REGISTRY] ??= new Map();
  const known = holder[REGISTRY];
  if (!known.has(name)) known.set(name, create());
  return known.get(name) as T;
}

const REGISTRY = Symbol.for("gatewright.singletons");

/**
 * One value per process, stored on `globalThis`, because Next loads separate module instances for instrumentation, pages and routes.
 */
export function singleton<T>(name: string, create: () => T): T {
  const holder = globalThis as typeof globalThis & { [REGISTRY]?: Map<string, unknown> };
  holder[REGISTRY] ??= new Map();
  const known = holder[REGISTRY];
  if (!known.has(name)) known.set(name, create());
  return known.get(name) as T;
}

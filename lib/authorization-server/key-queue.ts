import { singleton } from "@/lib/platform/singleton";

/**
 * Runs one task that generates keys at a time, in the order of the calls, so that parallel requests don't occupy the threads that
 * sign-ins need. A task checks again whether its keys are required: the one before it may have stored them.
 */
export function inKeyQueue<T>(task: () => Promise<T>): Promise<T> {
  const queue = singleton<{ last: Promise<unknown> }>("key-queue", () => ({ last: Promise.resolve() }));
  const result = queue.last.then(task);
  queue.last = result.catch(() => undefined);
  return result;
}

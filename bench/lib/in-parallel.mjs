/** Runs something for each item, at most so many at a time. @throws what the first that failed threw */
export async function inParallel(items, limit, run) {
  const rest = items.entries();
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (const [index, item] of rest) await run(item, index);
    }),
  );
}

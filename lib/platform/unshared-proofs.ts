/** How often is tried to write them, in milliseconds. */
const RETRY_MS = 1000;
const BATCH = 500;
/** Maximum proofs, about 150 bytes each. Beyond it, the oldest are dropped: they expire first. */
const PROOFS_MAX = 50_000;

/** Used DPoP proofs that only this process remembers. */
export interface UnsharedProofs {
  /** @param lifeMs how long the proof would be accepted */
  add(proof: string, lifeMs: number): void;
  /** Writes them, if there are any. It never rejects. */
  write(): void;
  isEmpty(): boolean;
  /** Called when the first one was added, and when all are written or expired. */
  onChange(listener: () => void): void;
  close(): void;
}

/**
 * Remembers used proofs until they are written.
 * @param store writes a batch: proofs, and the milliseconds for which each would be accepted. It rejects if it may have missed one.
 */
export function unsharedProofs(
  store: (proofs: readonly (readonly [string, number])[]) => Promise<void>,
  sizeMax = PROOFS_MAX,
): UnsharedProofs {
  /** By proof, when it expires. */
  const proofs = new Map<string, number>();
  const listeners: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isWriting = false;
  let isClosed = false;

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const dropExpired = () => {
    const now = Date.now();
    for (const [proof, expiresAt] of proofs) if (expiresAt <= now) proofs.delete(proof);
  };

  const writeAll = async () => {
    dropExpired();
    while (proofs.size > 0 && !isClosed) {
      const batch: (readonly [string, number])[] = [];
      const now = Date.now();
      for (const [proof, expiresAt] of proofs) {
        if (batch.length === BATCH) break;
        batch.push([proof, Math.max(1, expiresAt - now)]);
      }
      await store(batch);
      for (const [proof] of batch) proofs.delete(proof);
    }
  };

  const retryLater = () => {
    if (isClosed) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      write();
    }, RETRY_MS).unref();
  };

  const write = () => {
    if (isWriting || isClosed || proofs.size === 0) return;
    isWriting = true;
    writeAll()
      .catch(() => undefined)
      .finally(() => {
        isWriting = false;
        if (proofs.size > 0) retryLater();
        else tell();
      });
  };

  return {
    add(proof, lifeMs) {
      const isFirst = proofs.size === 0;
      if (proofs.size >= sizeMax) {
        const [oldest] = proofs.keys();
        if (oldest !== undefined) proofs.delete(oldest);
      }
      proofs.set(proof, Date.now() + lifeMs);
      retryLater();
      if (isFirst) tell();
    },
    write,
    isEmpty: () => proofs.size === 0,
    onChange: (listener) => listeners.push(listener),
    close() {
      isClosed = true;
      clearTimeout(timer);
      proofs.clear();
    },
  };
}

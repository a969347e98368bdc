const MEGABYTE = 1024 * 1024;

/** Below this, the embedded Postgres is read-only, in bytes: three segments of its log, without room for which it hangs. */
export const DISK_RESERVE_BYTES = 48 * MEGABYTE;

/** Above this, it takes writes again, in bytes. */
export const DISK_RELEASE_BYTES = 64 * MEGABYTE;

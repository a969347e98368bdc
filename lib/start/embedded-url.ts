/** The connection string of the embedded Postgres, whose socket is in a directory for this user only. */
export const embeddedUrl = (socketDirectory: string): string =>
  `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`;

/** The connection string of the embedded Postgres, whose socket is in a folder that only this user can enter. */
export const embeddedUrl = (socketDirectory: string): string =>
  `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(socketDirectory)}`;

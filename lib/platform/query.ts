/** Runs a statement with the parameters `$1`, `$2`, … and returns its rows. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;

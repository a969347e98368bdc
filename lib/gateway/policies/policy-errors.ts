/** The errors that a policy answers with, by their codes. */
export type PolicyErrors = Readonly<Record<string, PolicyError>>;

/** One error of a policy. */
export interface PolicyError {
  status: number;
  /** What the client is told. It names no host and no secret. */
  message: string;
  /** One sentence for the person who tries the call in the console: what is wrong. */
  words: string;
}

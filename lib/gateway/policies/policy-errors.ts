/** The errors of a policy, by code. */
export type PolicyErrors = Readonly<Record<string, PolicyError>>;

/** An error response of a policy. */
export interface PolicyError {
  status: number;
  /** Message for the client, without hosts or secrets. */
  message: string;
  /** One sentence for Try it: the cause. */
  words: string;
}

/** What to tell someone whose sign-in failed, from next-auth's error code: wrong credentials, throttled, or else. */
export function signInMessage(code: string): string {
  const seconds = /^Throttled:(\d+)$/.exec(code)?.[1];
  if (seconds !== undefined) {
    const minutes = Math.max(1, Math.ceil(Number(seconds) / 60));
    return `Too many attempts. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
  }
  if (code === "CredentialsSignin") return "The e-mail address or the password is wrong.";
  return "Sign-in failed on the server. Try again; if it keeps failing, its log says why.";
}

/** Shown when the console does not answer at all. */
export const UNREACHABLE_MESSAGE = "Gatewright does not answer. Check that it is running, then try again.";

/** Returns the message for a failed sign-in by next-auth's error code. */
export function signInMessage(code: string): string {
  const seconds = /^Throttled:(\d+)$/.exec(code)?.[1];
  if (seconds !== undefined) {
    const minutes = Math.max(1, Math.ceil(Number(seconds) / 60));
    return `Too many attempts. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`;
  }
  if (code === "CredentialsSignin") return "Incorrect email or password.";
  return "Sign-in failed on the server. Try again; if it fails again, check the log.";
}

/** Shown if the console is unreachable. */
export const UNREACHABLE_MESSAGE = "Gatewright isn't responding. Check that it's running, then try again.";

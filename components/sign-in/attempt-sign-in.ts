import { getCsrfToken, signIn } from "next-auth/react";
import { signInMessage, UNREACHABLE_MESSAGE } from "./sign-in-error";

/** Tries to sign in; returns what went wrong, or undefined. */
export async function attemptSignIn(email: string, password: string): Promise<string | undefined> {
  try {
    // next-auth leaves the page when its server is away, so that is found out first.
    if (!(await getCsrfToken())) return UNREACHABLE_MESSAGE;
    const answer = await signIn("credentials", { email, password, redirect: false });
    if (!answer) return UNREACHABLE_MESSAGE;
    return answer.error ? signInMessage(answer.error) : undefined;
  } catch {
    return UNREACHABLE_MESSAGE;
  }
}

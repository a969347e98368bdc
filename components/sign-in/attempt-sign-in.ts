import { getCsrfToken, signIn } from "next-auth/react";
import { signInMessage, UNREACHABLE_MESSAGE } from "./sign-in-error";

/** Signs in. Returns an error message, or undefined on success. */
export async function attemptSignIn(email: string, password: string): Promise<string | undefined> {
  try {
    // next-auth navigates away if its server is unreachable: check first.
    if (!(await getCsrfToken())) return UNREACHABLE_MESSAGE;
    const answer = await signIn("credentials", { email, password, redirect: false });
    if (!answer) return UNREACHABLE_MESSAGE;
    return answer.error ? signInMessage(answer.error) : undefined;
  } catch {
    return UNREACHABLE_MESSAGE;
  }
}

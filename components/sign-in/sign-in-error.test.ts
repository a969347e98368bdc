import { describe, expect, it } from "vitest";
import { signInMessage } from "./sign-in-error";

describe("what a failed sign-in says", () => {
  it.each([
    ["CredentialsSignin", "Incorrect email or password."],
    ["Throttled:1", "Too many attempts. Try again in 1 minute."],
    ["Throttled:61", "Too many attempts. Try again in 2 minutes."],
    ["Throttled:900", "Too many attempts. Try again in 15 minutes."],
  ])("for %s: %s", (code, message) => {
    expect(signInMessage(code)).toBe(message);
  });

  it("does not blame the password for a failure of the server", () => {
    expect(signInMessage("Configuration")).toContain("server");
  });
});

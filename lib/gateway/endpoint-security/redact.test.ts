import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact } from "./redact";

const reversed = (text: string) => [...text].reverse().join("");
const between = (mark: string) => (text: string) => [...text].join(mark);
const percent = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** What servers and people make of a text. */
const CHANGES: Record<string, (text: string) => string> = {
  "as it is": (text) => text,
  reversed,
  "in upper case": (text) => text.toUpperCase(),
  spaced: between(" "),
  "split by soft hyphens": between("\u00ad"),
  "split by zero-width spaces": between("\u200b"),
  "split by zero-width joiners": between("\u200d"),
  "split by word joiners": between("\u2060"),
  "split by lines": between("\r\n"),
  "percent-encoded": percent,
  "percent-encoded twice": (text) => percent(percent(text)),
  "percent-encoded three times": (text) => encodeURIComponent(percent(percent(text))),
  "reversed and percent-encoded": (text) => percent(reversed(text)),
  "percent-encoded and reversed": (text) => reversed(encodeURIComponent(text)),
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in hex, in upper case": (text) => Buffer.from(text).toString("hex").toUpperCase(),
  "in full width": (text) => text.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
};

/** Letters and digits, so that a part of eight is one whatever stands between. */
const secrets = fc.stringMatching(/^[A-Za-z0-9]{8,40}$/);
const around = fc.constantFrom("", "invalid: ", "The secret is ", "(", "client_secret=");

describe("an error of a token endpoint", () => {
  it.each(Object.entries(CHANGES))("never shows eight or more characters of a secret %s", (_, change) => {
    fc.assert(
      fc.property(secrets, fc.nat(40), fc.nat(40), around, around, (secret, from, length, before, after) => {
        const start = Math.min(from, secret.length - 8);
        const part = secret.slice(start, start + 8 + length);
        const shown = redact(`${before}${change(part)}${after}`, [secret]);
        expect(shown).not.toContain(change(part));
        expect(["[omitted: repeats a secret]", `${before}[secret]${after}`]).toContain(shown);
      }),
    );
  });

  it.each(Object.entries(CHANGES))("never shows a short secret %s", (_, change) => {
    for (const secret of ["R0pw$z9", "a1B2c3"]) expect(redact(`wrong: ${change(secret)}.`, [secret])).not.toContain(change(secret));
  });

  it("never shows a whole secret with something between its letters", () => {
    for (const mark of ["-", ".", "', '"]) {
      for (const secret of ["R0pw$z9", "a1B2c3", "Cl!ent+secret/ 99"])
        expect(redact(between(mark)(secret), [secret])).toBe("[omitted: repeats a secret]");
    }
  });

  it("shows no part of a secret with signs, cut off, form-encoded in Basic, and encoded again", () => {
    const secret = "Cl!ent+secret/ 99";
    const basic = `gwclient:${encodeURIComponent(secret).replaceAll("%20", "+")}`;
    const confidential = [Buffer.from(basic).toString("base64"), secret, "P4ram-secret%41", "R0pw$$-zz"];
    const texts = [basic.slice(0, -2), percent(percent(basic)), between("\u00ad")(basic), reversed(basic), "P4ram-sec", "param R0pw$$-z"];
    for (const text of texts) expect(redact(text, confidential)).toBe("[omitted: repeats a secret]");
  });

  it("is shown where it shares fewer characters, or where only what surrounds cut-out secrets does", () => {
    const text = "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value (dGVzdA==).";
    fc.assert(fc.property(fc.uuid(), (secret) => void expect(redact(text, [secret])).toBe(text)));
    expect(redact("abcd s3cr3t-value efgh", ["s3cr3t-value", "abcdefgh"])).toBe("abcd [secret] efgh");
    expect(redact("the secret ends in 4567", ["1234567"])).toBe("the secret ends in 4567");
  });
});

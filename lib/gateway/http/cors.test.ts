import { describe, expect, it } from "vitest";
import { definition } from "../testing/fixtures";
import { compileCors } from "./cors";

const allowed = (allowOrigins: string[], origin: string) => {
  const { cors } = definition({ endpoints: { production: { url: "http://b" } }, cors: { enabled: true, allowOrigins } });
  const headers: string[] = [];
  compileCors(cors)?.apply(headers, origin);
  return headers[headers.indexOf("access-control-allow-origin") + 1] === origin;
};

describe("an allowed origin", () => {
  it.each([
    "https://shop.example",
    "http://localhost:8100",
    "https://localhost",
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "app://obsidian.md",
    "app://-",
    "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
    "moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc",
    "safari-web-extension://2C127FA4-62C7-7E4F-90E5-472B45EECFDC",
    "vscode-webview://1ab2c3",
    "capacitor-electron://-",
    "http://[::1]:3000",
  ])("%s is answered with itself, and no other is", (origin) => {
    expect(allowed([origin], origin)).toBe(true);
    for (const other of [
      `${origin}.evil.example`,
      `${origin}:1`,
      `x${origin}`,
      "null",
      "https://evil.example",
      origin.replace("://", "://x."),
    ])
      expect(allowed([origin], other)).toBe(false);
  });

  it.each([
    ["https://Shop.Example:443", "https://shop.example"],
    ["HTTP://localhost:80", "http://localhost"],
    ["Capacitor://localhost", "capacitor://localhost"],
  ])("written as %s is the one that browsers send", (configured, sent) => {
    expect(allowed([configured], sent)).toBe(true);
  });
});

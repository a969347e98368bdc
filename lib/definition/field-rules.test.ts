import { expect, test } from "vitest";
import { urlProblem } from "./field-rules";

test.each([
  "https://idp.example\\.evil.example/i",
  "https:\\\\idp.example/i",
  "https:idp.example/i",
  "https:/idp.example/i",
  "https:///idp.example/i",
  "https://idp.exa\tmple/i",
  "https://idp.example/\n",
  " https://idp.example/i",
])("a URL in which people would read another host than the one that is called is refused: %j", (url) => {
  expect(urlProblem(url)).toBeTypeOf("string");
});

test.each(["https://idp.example/i", "HTTP://[::1]:8080/a/b?c=d", "http://localhost:3000"])("a plain URL is accepted: %s", (url) => {
  expect(urlProblem(url)).toBeUndefined();
});

import { expect, it } from "vitest";
import { sampleCalls } from "./call-sampling";

const success = { status: 200 };
const errors = [
  { status: 400 },
  { status: 503, code: "API_UNAVAILABLE" },
  { status: 200, cut: "backend" },
  { status: 200, reason: "51 cookies of the backend were left out." },
];

it.each([
  [0, 0],
  [25, 250],
  [100, 1000],
])("writes %i% of successful requests, and every error", (percent, expected) => {
  const lines: object[] = [];
  let turn = 0;
  // Evenly distributed instead of random.
  const log = sampleCalls(
    (line) => lines.push(line),
    percent,
    () => (turn++ % 100) / 100,
  );
  for (let count = 0; count < 1000; count += 1) log(success);
  expect(lines).toHaveLength(expected);
  for (const error of errors) log(error);
  expect(lines.slice(expected)).toEqual(errors);
});

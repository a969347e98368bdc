import { expect, test } from "vitest";
import * as captured from "@/lib/gateway/adapters/raw-capture";
import * as read from "@/lib/platform/peer";

test("sign-in reads the peer's address and the target from the very headers that the capture sets and protects", () => {
  expect([read.PEER_HEADER, read.TARGET_HEADER]).toEqual([captured.PEER_HEADER, captured.TARGET_HEADER]);
});

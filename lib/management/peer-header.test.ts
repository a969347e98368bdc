import { expect, test } from "vitest";
import { PEER_HEADER as captured } from "@/lib/gateway/adapters/raw-capture";
import { PEER_HEADER as read } from "@/lib/platform/peer";

test("sign-in reads the peer's address from the very header that the capture sets and protects", () => {
  expect(read).toBe(captured);
});

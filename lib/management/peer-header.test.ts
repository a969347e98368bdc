import { expect, test } from "vitest";
import * as captured from "@/lib/console-host/raw-capture";
import * as read from "@/lib/platform/peer";

test("the console reads the peer's address, the target and the page from the very headers that the capture sets and protects", () => {
  expect([read.PEER_HEADER, read.TARGET_HEADER, read.PAGE_HEADER]).toEqual([
    captured.PEER_HEADER,
    captured.TARGET_HEADER,
    captured.PAGE_HEADER,
  ]);
});

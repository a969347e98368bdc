import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type FrontendMessage,
  FrontendReader,
  fatalError,
  ProtocolViolation,
  ReadyForQueryWatch,
  ROLLBACK,
  SYNC,
  type TransactionStatus,
} from "./postgres-protocol";

const TERMINATE = 0x58;
const STATUS_BYTES: Record<TransactionStatus, string> = { idle: "I", "in-transaction": "T", failed: "E" };

/** A typed message. Its length includes itself and the content. */
function message(type: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(type);
  head.writeInt32BE(4 + content.length, 1);
  return Buffer.concat([head, content]);
}

/** A startup message: length, code and content, without a type. */
function opening(code: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + content.length);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, content]);
}

const startup = fc
  .tuple(fc.integer({ min: 0, max: 0xffff }), fc.uint8Array({ maxLength: 60 }))
  .map(([minor, content]) => opening(0x30000 + minor, Buffer.concat([content, Buffer.alloc(1)])));
const encryptionRequest = fc.constantFrom(80_877_103, 80_877_104).map((code) => opening(code, Buffer.alloc(0)));
const cancelRequest = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((content) => opening(80_877_102, content));
/** Client messages of protocol 3.0, without Terminate. */
const KNOWN_TYPES = [..."BCDEFHPQScdfp"].map((letter) => letter.charCodeAt(0));
const messageType = fc.constantFrom(...KNOWN_TYPES);

/** Content that looks like the head of a message. */
const content = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(message(0x5a, Buffer.from("I"))), fc.constant(new Uint8Array(0)));
const laterMessage: fc.Arbitrary<[Buffer, FrontendMessage]> = fc.oneof(
  fc.tuple(messageType, content).map(([type, bytes]): [Buffer, FrontendMessage] => {
    const whole = message(type, bytes);
    return [whole, { kind: "message", bytes: whole }];
  }),
  fc.constant<[Buffer, FrontendMessage]>([message(TERMINATE, Buffer.alloc(0)), { kind: "terminate" }]),
);

/** A client's bytes and the messages in them. */
const conversation = fc
  .tuple(fc.array(encryptionRequest, { maxLength: 2 }), startup, fc.array(laterMessage, { maxLength: 12 }))
  .map(([requests, start, later]) => ({
    stream: Buffer.concat([...requests, start, ...later.map(([bytes]) => bytes)]),
    messages: [
      ...requests.map((): FrontendMessage => ({ kind: "encryption-request" })),
      { kind: "startup", bytes: start } satisfies FrontendMessage,
      ...later.map(([, found]) => found),
    ],
  }));

/** Chunkings of a stream: bytewise, whole, and random with empty chunks. */
const cutting = fc.oneof(fc.constant("everywhere" as const), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }));

function cut(stream: Buffer, where: "everywhere" | number[]): Buffer[] {
  if (where === "everywhere") return Array.from(stream, (_, index) => stream.subarray(index, index + 1));
  const points = [0, ...where.map((share) => Math.round(share * stream.length)).sort((a, b) => a - b), stream.length];
  return points.slice(1).map((end, index) => stream.subarray(points[index], end));
}

function drain(reader: FrontendReader): FrontendMessage[] {
  const found: FrontendMessage[] = [];
  for (let next = reader.next(); next; next = reader.next()) found.push(next);
  return found;
}

function started(): FrontendReader {
  const reader = new FrontendReader();
  reader.push(opening(0x30000, Buffer.alloc(1)));
  reader.next();
  return reader;
}

describe("FrontendReader", () => {
  it("finds the same messages in any chunks, read immediately or at the end", () => {
    fc.assert(
      fc.property(conversation, cutting, fc.boolean(), ({ stream, messages }, where, readAtOnce) => {
        const reader = new FrontendReader();
        const found = cut(stream, where).flatMap((chunk) => {
          reader.push(chunk);
          return readAtOnce ? drain(reader) : [];
        });
        expect([...found, ...drain(reader)]).toEqual(messages);
      }),
    );
  });

  it("returns a message after its last byte", () => {
    fc.assert(
      fc.property(fc.tuple(messageType, content), cutting, ([type, bytes], where) => {
        const whole = message(type, bytes);
        const reader = started();
        for (const chunk of cut(whole.subarray(0, -1), where)) {
          reader.push(chunk);
          expect(reader.next()).toBeUndefined();
        }
        reader.push(whole.subarray(-1));
        expect(reader.next()).toEqual({ kind: "message", bytes: whole });
      }),
    );
  });

  it("recognizes a cancel request, also after rejecting encryption", () => {
    fc.assert(
      fc.property(fc.array(encryptionRequest, { maxLength: 2 }), cancelRequest, cutting, (requests, cancel, where) => {
        const reader = new FrontendReader();
        for (const chunk of cut(Buffer.concat([...requests, cancel]), where)) reader.push(chunk);
        expect(drain(reader)).toEqual([...requests.map(() => ({ kind: "encryption-request" })), { kind: "cancel-request" }]);
      }),
    );
  });

  it("treats startup codes as content after the startup", () => {
    const looksLikeCancel = message(0x51, opening(80_877_102, Buffer.alloc(8)));
    const reader = started();
    reader.push(looksLikeCancel);
    expect(drain(reader)).toEqual([{ kind: "message", bytes: looksLikeCancel }]);
  });

  it("rejects a startup with an invalid length as soon as its head arrives", () => {
    const length = fc.oneof(fc.integer({ max: 7 }), fc.integer({ min: 10_001 }));
    fc.assert(
      fc.property(length, cutting, (stated, where) => {
        const head = opening(0x30000, Buffer.alloc(0));
        head.writeInt32BE(stated);
        const reader = new FrontendReader();
        for (const chunk of cut(head, where)) reader.push(chunk);
        expect(() => reader.next()).toThrow(ProtocolViolation);
      }),
    );
  });

  it("rejects a message with an invalid length as soon as its head arrives", () => {
    const length = fc.oneof(fc.integer({ max: 3 }), fc.integer({ min: 0x4000_0000 }));
    fc.assert(
      fc.property(messageType, length, cutting, (type, stated, where) => {
        const head = message(type, Buffer.alloc(0));
        head.writeInt32BE(stated, 1);
        const reader = started();
        for (const chunk of cut(head, where)) reader.push(chunk);
        expect(() => reader.next()).toThrow(ProtocolViolation);
      }),
    );
  });

  it("rejects other protocol versions and unterminated parameters", () => {
    const version = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).filter((code) => code >> 16 !== 3 && code >> 16 !== 1234);
    const other = version.map((code) => opening(code, Buffer.alloc(1)));
    const endless = fc.constant(opening(0x30000, Buffer.from("user\0postgres")));
    fc.assert(
      fc.property(fc.oneof(other, endless), cutting, (bytes, where) => {
        const reader = new FrontendReader();
        for (const chunk of cut(bytes, where)) reader.push(chunk);
        expect(() => reader.next()).toThrow(ProtocolViolation);
      }),
    );
  });

  it("rejects an unknown message type", () => {
    const unknown = fc.integer({ min: 0, max: 255 }).filter((type) => type !== TERMINATE && !KNOWN_TYPES.includes(type));
    fc.assert(
      fc.property(unknown, content, (type, bytes) => {
        const reader = started();
        reader.push(message(type, bytes));
        expect(() => reader.next()).toThrow(ProtocolViolation);
      }),
    );
  });

  it("accepts the minimum and maximum length", () => {
    const reader = started();
    reader.push(SYNC);
    expect(reader.next()).toEqual({ kind: "message", bytes: SYNC });
    const head = message(0x51, Buffer.alloc(0));
    head.writeInt32BE(0x3fff_ffff, 1);
    reader.push(head);
    expect(reader.next()).toBeUndefined();

    const longest = opening(0x30000, Buffer.alloc(9_992));
    const fresh = new FrontendReader();
    fresh.push(longest);
    expect(fresh.next()).toEqual({ kind: "startup", bytes: longest });
  });

  it("parses the server's own messages to the database", () => {
    const reader = started();
    reader.push(Buffer.concat([SYNC, ROLLBACK]));
    expect(drain(reader)).toEqual([
      { kind: "message", bytes: SYNC },
      { kind: "message", bytes: ROLLBACK },
    ]);
    expect(ROLLBACK.subarray(5).toString()).toBe("ROLLBACK\0");
  });
});

interface Answer {
  bytes: Buffer;
  status?: TransactionStatus;
}

const ready = fc
  .constantFrom<TransactionStatus>("idle", "in-transaction", "failed")
  .map((status): Answer => ({ bytes: message(0x5a, Buffer.from(STATUS_BYTES[status])), status }));
const otherAnswer = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }).filter((type) => type !== 0x5a),
    content,
  )
  .map(([type, bytes]): Answer => ({ bytes: message(type, bytes) }));
const answers = fc.array(fc.oneof(ready, otherAnswer), { maxLength: 15 });

describe("ReadyForQueryWatch", () => {
  it("returns the last ReadyForQuery since the last call, in any chunks", () => {
    fc.assert(
      fc.property(answers, cutting, (sent, where) => {
        const watch = new ReadyForQueryWatch();
        let end = 0;
        const readyAt = sent.flatMap(({ bytes, status }) => {
          end += bytes.length;
          return status ? [{ end, status }] : [];
        });
        let read = 0;
        for (const chunk of cut(Buffer.concat(sent.map(({ bytes }) => bytes)), where)) {
          const before = read;
          read += chunk.length;
          watch.push(chunk);
          expect(watch.take()).toBe(readyAt.findLast((at) => at.end > before && at.end <= read)?.status);
        }
      }),
    );
  });

  it("returns a status once, and reads only its part of a shared buffer", () => {
    const watch = new ReadyForQueryWatch();
    const memory = Buffer.concat([Buffer.from("Z\0\0\0\x05T"), Buffer.from("Z\0\0\0\x05E"), Buffer.from("Z\0\0\0\x05I")]);
    watch.push(new Uint8Array(memory.buffer, memory.byteOffset + 6, 6));
    expect(watch.take()).toBe("failed");
    expect(watch.take()).toBeUndefined();
  });

  it("copies an incomplete message, because the database reuses its memory", () => {
    const watch = new ReadyForQueryWatch();
    const memory = Buffer.from("Z\0\0\0");
    watch.push(memory);
    memory.fill(0xff);
    watch.push(Buffer.from("\x05T"));
    expect(watch.take()).toBe("in-transaction");
  });
});

describe("fatalError", () => {
  it("is one ErrorResponse with its severity, code and text", () => {
    const error = fatalError("25P03", "zu spät");
    expect(error.readInt32BE(1)).toBe(error.length - 1);
    expect(error.subarray(0, 1).toString()).toBe("E");
    expect(error.subarray(5).toString().split("\0")).toEqual(["SFATAL", "VFATAL", "C25P03", "Mzu spät", "", ""]);
  });
});

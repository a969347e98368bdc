import { hash, randomBytes } from "node:crypto";
import type { Challenge } from "./challenges";

/** Strongest first. With `-sess`, the client nonce is part of the key. */
const ALGORITHMS = ["sha-256-sess", "sha-256", "md5-sess", "md5"] as const;
type Algorithm = (typeof ALGORITHMS)[number];

/** A supported Digest challenge (RFC 7616, 3.3). */
export interface DigestChallenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: Algorithm;
  /** Spelling of the server; null if absent (default: MD5). */
  statedAlgorithm: string | null;
  /** The nonce expired; the username and password may be valid. */
  isStale: boolean;
}

const isAlgorithm = (name: string): name is Algorithm => (ALGORITHMS as readonly string[]).includes(name);

function readChallenge({ parameters }: Challenge): DigestChallenge | string {
  const realm = parameters.get("realm");
  const nonce = parameters.get("nonce");
  const statedAlgorithm = parameters.get("algorithm") ?? null;
  const algorithm = (statedAlgorithm ?? "md5").toLowerCase();
  const qop = (parameters.get("qop") ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (realm === undefined || nonce === undefined) return "the backend's challenge has no realm or nonce";
  if (!isAlgorithm(algorithm)) return "the backend requires an algorithm other than MD5 or SHA-256";
  // auth-int requires hashing the whole body before sending its first byte.
  if (!qop.includes("auth"))
    return qop.includes("auth-int") ? "the backend requires a signed body (qop=auth-int)" : "the backend doesn't offer qop=auth";
  const isStale = parameters.get("stale")?.toLowerCase() === "true";
  return { realm, nonce, opaque: parameters.get("opaque") ?? null, algorithm, statedAlgorithm, isStale };
}

/** Returns the strongest supported Digest challenge, or the reason why there is none. */
export function chooseDigest(challenges: readonly Challenge[]): DigestChallenge | string {
  let reason = "the backend doesn't offer Digest";
  let best: DigestChallenge | null = null;
  for (const challenge of challenges) {
    if (challenge.scheme !== "digest") continue;
    const read = readChallenge(challenge);
    if (typeof read === "string") reason = read;
    else if (best === null || ALGORITHMS.indexOf(read.algorithm) < ALGORITHMS.indexOf(best.algorithm)) best = read;
  }
  return best ?? reason;
}

const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`;
const isAscii = (value: string) => /^[\x20-\x7e]*$/.test(value);

/** RFC 7616, 3.4: a non-ASCII username is sent as `username*` (RFC 8187, 3.2). */
function userParameter(username: string): string {
  if (isAscii(username)) return `username=${quoted(username)}`;
  const escaped = encodeURIComponent(username).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `username*=UTF-8''${escaped}`;
}

const MAX_NONCE_COUNT = 0xffff_fffe;

/** Responses to one challenge: a constant client nonce and a nonce count that increments per request. */
export class DigestSession {
  /** A request with this session, or with the one it continues, got a response other than 401. */
  isProven = false;
  #count = 0;
  readonly #digest: (text: string | Buffer) => string;
  readonly #key: string;
  readonly #prefix: string;
  readonly #suffix: string;

  /** @param clientNonce fixed in tests; default: 128 random bits */
  constructor(
    private readonly user: { username: string; password: string },
    readonly challenge: DigestChallenge,
    private readonly clientNonce = randomBytes(16).toString("base64url"),
  ) {
    const { realm, nonce, opaque, algorithm, statedAlgorithm } = challenge;
    const digest = algorithm.startsWith("sha-256") ? "sha256" : "md5";
    this.#digest = (text) => hash(digest, text, "hex");
    // Header values are Latin-1 strings, so the realm is returned byte for byte.
    const secret = Buffer.concat([Buffer.from(`${user.username}:`), Buffer.from(realm, "latin1"), Buffer.from(`:${user.password}`)]);
    const key = this.#digest(secret);
    this.#key = this.isSession ? this.#digest(Buffer.from(`${key}:${nonce}:${clientNonce}`, "latin1")) : key;
    this.#prefix = `Digest ${userParameter(user.username)}, realm=${quoted(realm)}, nonce=${quoted(nonce)}, uri=`;
    this.#suffix =
      `${statedAlgorithm === null ? "" : `, algorithm=${statedAlgorithm}`}, qop=auth, cnonce=${quoted(clientNonce)}` +
      (opaque === null ? "" : `, opaque=${quoted(opaque)}`);
  }

  get isSession(): boolean {
    return this.challenge.algorithm.endsWith("-sess");
  }

  get isUsedUp(): boolean {
    return this.#count >= MAX_NONCE_COUNT;
  }

  /** Returns the `Authorization` of the next request (RFC 7616, 3.4). */
  authorization(method: string, target: string): string {
    this.#count += 1;
    const count = this.#count.toString(16).padStart(8, "0");
    const { nonce } = this.challenge;
    const request = this.#digest(Buffer.from(`${method}:${target}`, "latin1"));
    const response = this.#digest(Buffer.from(`${this.#key}:${nonce}:${count}:${this.clientNonce}:auth:${request}`, "latin1"));
    return `${this.#prefix}${quoted(target)}${this.#suffix}, nc=${count}, response="${response}"`;
  }

  /**
   * Returns a session with the server's next nonce (RFC 7616, 3.5). Null with `-sess`: its key contains the first nonce, and
   * servers differ on whether to replace it.
   */
  withNonce(nonce: string): DigestSession | null {
    if (this.isSession) return null;
    const next = new DigestSession(this.user, { ...this.challenge, nonce, isStale: false });
    next.isProven = true;
    return next;
  }
}

import { hash, randomBytes } from "node:crypto";
import type { Challenge } from "./challenges";

/** From strong to weak. With `-sess` the client's own random part goes into the key too. */
const ALGORITHMS = ["sha-256-sess", "sha-256", "md5-sess", "md5"] as const;
type Algorithm = (typeof ALGORITHMS)[number];

/** A challenge of Digest authentication (RFC 7616, section 3.3) that can be answered. */
export interface DigestChallenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: Algorithm;
  /** As the server wrote it; null when it left it to the default, which is MD5. */
  statedAlgorithm: string | null;
  /** The nonce was too old; user name and password are not in doubt. */
  isStale: boolean;
}

const isAlgorithm = (name: string): name is Algorithm => (ALGORITHMS as readonly string[]).includes(name);

function readChallenge({ parameters }: Challenge): DigestChallenge | string {
  const realm = parameters.get("realm");
  const nonce = parameters.get("nonce");
  const statedAlgorithm = parameters.get("algorithm") ?? null;
  const algorithm = (statedAlgorithm ?? "md5").toLowerCase();
  const qop = (parameters.get("qop") ?? "").split(",").map((name) => name.trim().toLowerCase());
  if (realm === undefined || nonce === undefined) return "its challenge lacks the realm or the nonce";
  if (!isAlgorithm(algorithm)) return "it wants an algorithm other than MD5 and SHA-256";
  // With auth-int the body would have to be held and hashed before the first byte of it is sent.
  if (!qop.includes("auth"))
    return qop.includes("auth-int") ? "it wants the body signed too (qop=auth-int)" : "it does not offer the quality of protection auth";
  const isStale = parameters.get("stale")?.toLowerCase() === "true";
  return { realm, nonce, opaque: parameters.get("opaque") ?? null, algorithm, statedAlgorithm, isStale };
}

/** The strongest Digest challenge that can be answered, or why there is none: what follows "the backend …, because". */
export function chooseDigest(challenges: readonly Challenge[]): DigestChallenge | string {
  let reason = "it does not ask for Digest";
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

/** RFC 7616, section 3.4: what cannot stand in a quoted string stands in `username*` (RFC 8187, section 3.2). */
function userParameter(username: string): string {
  if (isAscii(username)) return `username=${quoted(username)}`;
  const escaped = encodeURIComponent(username).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `username*=UTF-8''${escaped}`;
}

const MAX_NONCE_COUNT = 0xffff_fffe;

/** The answers to one challenge: the client's nonce stays, and the count goes up with each call. */
export class DigestSession {
  /** Some call with this session, or the one that it continues, was not answered with 401. */
  isProven = false;
  #count = 0;
  readonly #digest: (text: string | Buffer) => string;
  readonly #key: string;
  readonly #prefix: string;
  readonly #suffix: string;

  /** @param clientNonce what tests fix; otherwise 128 random bits */
  constructor(
    private readonly user: { username: string; password: string },
    readonly challenge: DigestChallenge,
    private readonly clientNonce = randomBytes(16).toString("base64url"),
  ) {
    const { realm, nonce, opaque, algorithm, statedAlgorithm } = challenge;
    const digest = algorithm.startsWith("sha-256") ? "sha256" : "md5";
    this.#digest = (text) => hash(digest, text, "hex");
    // The realm goes back byte by byte as it came; header values are Latin-1 texts of their bytes.
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

  /** The `Authorization` of the next call (RFC 7616, section 3.4). */
  authorization(method: string, target: string): string {
    this.#count += 1;
    const count = this.#count.toString(16).padStart(8, "0");
    const { nonce } = this.challenge;
    const request = this.#digest(Buffer.from(`${method}:${target}`, "latin1"));
    const response = this.#digest(Buffer.from(`${this.#key}:${nonce}:${count}:${this.clientNonce}:auth:${request}`, "latin1"));
    return `${this.#prefix}${quoted(target)}${this.#suffix}, nc=${count}, response="${response}"`;
  }

  /**
   * The session that goes on with the nonce that the server wants next (RFC 7616, section 3.5). Null with `-sess`: its key
   * holds the first nonce, and servers differ in what becomes of it, so there the next challenge is waited for.
   */
  withNonce(nonce: string): DigestSession | null {
    if (this.isSession) return null;
    const next = new DigestSession(this.user, { ...this.challenge, nonce, isStale: false });
    next.isProven = true;
    return next;
  }
}

import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { startServer, type TestServer } from "../../testing/servers";

/** A key pair of a server under test. */
export interface SigningKey {
  kid: string;
  alg: string;
  jwk: JWK;
  pem: string;
  sign(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Makes a key pair that signs with an algorithm. */
export async function signingKey(kid: string, alg = "RS256"): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    kid,
    alg,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" },
    pem: await exportSPKI(publicKey),
    sign: (claims, header = {}) => new SignJWT(claims).setProtectedHeader({ alg, typ: "at+jwt", kid, ...header }).sign(privateKey),
  };
}

/** What a test answers at a path: JSON with 200, or a status, headers and a body. */
export type Answer = { json: unknown } | { status: number; headers?: Record<string, string>; body?: string };

/** A server whose answers a test sets by path; all else is 404. */
export interface KeyServer extends TestServer {
  answers: Map<string, Answer>;
  /** The paths that were asked, in turn. */
  asked: string[];
}

/** Starts a server of keys and metadata. */
export async function startKeyServer(): Promise<KeyServer> {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const started = await startServer((incoming, outgoing) => {
    const path = incoming.url ?? "";
    asked.push(path);
    const answer = answers.get(path) ?? { status: 404 };
    if ("json" in answer) outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer.json));
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return { ...started, answers, asked };
}

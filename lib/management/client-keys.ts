import { createPublicKey, type KeyObject } from "node:crypto";
import type { z } from "zod";
import type { Problem } from "@/lib/definition/problems";
import { isSizedRsa } from "@/lib/http-client/usable-keys";
import type { applicationBodySchema, applicationPatchSchema } from "./contract/authorization";
import { invalid } from "./errors";

type Authentication = z.output<typeof applicationBodySchema>["authentication"];
type Jwks = NonNullable<z.output<typeof applicationBodySchema>["jwks"]>;
type Jwk = Jwks["keys"][number];

/** How an application proves who it is, as it is stored. */
export interface ClientAuthentication {
  authentication: Authentication;
  jwks: Jwks | null;
  jwksUri: string | null;
}

/** The members that make a key private (RFC 7518 sections 6.2.2, 6.3.2 and 6.4), or are it. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
/** What a public signing key is made of (RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2). Nothing else is kept. */
const PUBLIC_MEMBERS = ["kty", "kid", "use", "key_ops", "alg", "n", "e", "crv", "x", "y"];

const RSA_BITS_MIN = 2048;
/** Larger keys make every check of a signature slow. */
const RSA_BITS_MAX = 8192;
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  RSA: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  "P-256": ["ES256"],
  "P-384": ["ES384"],
  "P-521": ["ES512"],
  Ed25519: ["EdDSA", "Ed25519"],
};
const KEY_TYPES = "Use RSA of at least 2,048 bits, EC on P-256, P-384 or P-521, or OKP on Ed25519.";
const KID_MAX = 256;
/** There are eight (RFC 7517, 4.3). */
const KEY_OPERATIONS_MAX = 8;

function publicKeyOf(jwk: Jwk): KeyObject | null {
  try {
    return createPublicKey({ key: { ...jwk }, format: "jwk" });
  } catch {
    return null;
  }
}

function typeProblem(jwk: Jwk): Problem | null {
  const { kty, crv } = jwk;
  if (kty === "oct")
    return { path: "kty", message: "This is a shared secret. private_key_jwt needs the public half of a key pair. Paste only that." };
  if (kty !== "RSA" && kty !== "EC" && kty !== "OKP") return { path: "kty", message: `Keys of this type are not supported. ${KEY_TYPES}` };
  const curves = kty === "EC" ? ["P-256", "P-384", "P-521"] : ["Ed25519"];
  if (kty !== "RSA" && !curves.includes(String(crv))) return { path: "crv", message: `Keys on this curve are not supported. ${KEY_TYPES}` };
  return null;
}

function strengthProblem(jwk: Jwk): Problem | null {
  if (jwk.kty === "RSA" && typeof jwk.n === "string" && typeof jwk.e === "string" && !isSizedRsa(jwk))
    return { path: "", message: `An RSA key has ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits, and an exponent of at most 64. Use 65537.` };
  const key = publicKeyOf(jwk);
  if (!key) return { path: "", message: "This is not a usable public key: a member of it is missing or wrong." };
  if (jwk.kty !== "RSA") return null;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < RSA_BITS_MIN || modulusLength > RSA_BITS_MAX)
    return { path: "n", message: `An RSA key has ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits. This one has ${modulusLength}.` };
  if (publicExponent < 3n || publicExponent % 2n === 0n)
    return { path: "e", message: "This exponent makes a key that anyone can sign with. Use 65537." };
  return null;
}

function purposeProblem({ kty, crv, use, key_ops: operations, alg, kid }: Jwk): Problem | null {
  if (use !== undefined && use !== "sig")
    return { path: "use", message: "This key is not for signatures. Paste the one whose use is sig." };
  if (operations !== undefined && !(Array.isArray(operations) && operations.length <= KEY_OPERATIONS_MAX && operations.includes("verify")))
    return { path: "key_ops", message: "This key is not for checking signatures: verify is not among its operations." };
  const algorithms = ALGORITHMS[kty === "RSA" ? kty : String(crv)] ?? [];
  if (alg !== undefined && !algorithms.includes(String(alg)))
    return { path: "alg", message: `This key cannot sign by that algorithm. Use ${algorithms.join(", ")}, or leave alg out.` };
  if (kid !== undefined && (typeof kid !== "string" || kid === "" || kid.length > KID_MAX))
    return { path: "kid", message: `A key's id is text of 1 to ${KID_MAX} characters.` };
  return null;
}

function keyProblems(jwk: Jwk): Problem[] {
  const secret = PRIVATE_MEMBERS.find((member) => member in jwk);
  // A shared secret is told apart first: it has no public half that could be pasted instead.
  const problem =
    (jwk.kty === "oct" ? typeProblem(jwk) : null) ??
    (secret === undefined ? null : { path: secret, message: "This is a private key. Paste only the public half." }) ??
    typeProblem(jwk) ??
    purposeProblem(jwk) ??
    strengthProblem(jwk);
  return problem ? [problem] : [];
}

/**
 * Says what is wrong with a pasted key set: a private key in it, a key that cannot check signatures or is too weak, or several
 * keys that their ids do not tell apart. Paths begin with `jwks`.
 */
export function jwksProblems({ keys }: Jwks): Problem[] {
  const problems = keys.flatMap((jwk, index) =>
    keyProblems(jwk).map(({ path, message }) => ({ path: `jwks.keys[${index}]${path && `.${path}`}`, message })),
  );
  if (problems.length || keys.length === 1) return problems;
  return keys.flatMap(({ kid }, index): Problem[] => {
    const path = `jwks.keys[${index}].kid`;
    if (kid === undefined) return [{ path, message: "With several keys, each has an id (kid) that tells it from the others." }];
    return keys.findIndex((other) => other.kid === kid) === index ? [] : [{ path, message: "Another key has the same id." }];
  });
}

const publicPart = ({ keys }: Jwks): Jwks => ({
  keys: keys.map(({ kty, ...rest }) => ({
    kty,
    ...Object.fromEntries(Object.entries(rest).filter(([member]) => PUBLIC_MEMBERS.includes(member))),
  })),
});

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Says what is wrong with the URL of a key set, or nothing: anyone on the way could exchange keys that come over plain http. */
export function jwksUriProblem(uri: string): string | null {
  if (/[\\\s\p{Cc}]/u.test(uri) || !URL.canParse(uri))
    return "This is not a URL. Write it whole, for example https://client.example/jwks.json.";
  const { protocol, hostname, username, password } = new URL(uri);
  if (username || password) return "Leave the user name and password out of the URL.";
  if (uri.includes("#")) return "Leave the fragment (# and what follows) out of the URL.";
  if (protocol === "https:" || (protocol === "http:" && LOCAL_HOSTS.includes(hostname))) return null;
  return "The URL starts with https://. Only a key set on localhost may come over http.";
}

/** Where the keys come from after a change: what is given replaces the other place, and what is not given stays. */
function placeOfKeys(stored: Pick<ClientAuthentication, "jwks" | "jwksUri">, given: z.output<typeof applicationPatchSchema>) {
  const jwks = given.jwks === undefined && !given.jwksUri ? stored.jwks : (given.jwks ?? null);
  const jwksUri = given.jwksUri === undefined && !given.jwks ? stored.jwksUri : (given.jwksUri ?? null);
  return { jwks, jwksUri };
}

/**
 * How an application proves who it is after a change. private_key_jwt has its keys in exactly one place, and the other methods
 * have none: leaving private_key_jwt drops them.
 * @throws ManagementError 400 at `jwks`, below it, or at `jwksUri`
 */
export function clientAuthentication(stored: ClientAuthentication, given: z.output<typeof applicationPatchSchema>): ClientAuthentication {
  const authentication = given.authentication ?? stored.authentication;
  if (authentication !== "private_key_jwt") {
    const message = `Only private_key_jwt has keys. Leave them out, or choose it instead of ${authentication}.`;
    const problems = (["jwks", "jwksUri"] as const).flatMap((path) => (given[path] ? [{ path, message }] : []));
    if (problems.length) throw invalid(problems);
    return { authentication, jwks: null, jwksUri: null };
  }
  const { jwks, jwksUri } = placeOfKeys(stored, given);
  if (jwks && jwksUri) throw invalid([{ path: "jwksUri", message: "Paste the public keys or give their URL, not both." }]);
  if (!jwks && !jwksUri)
    throw invalid([
      { path: "jwks", message: "private_key_jwt needs the application's public keys: paste them, or give their URL as jwksUri." },
    ]);
  const uriProblem = given.jwksUri ? jwksUriProblem(given.jwksUri) : null;
  const problems = [...(given.jwks ? jwksProblems(given.jwks) : []), ...(uriProblem ? [{ path: "jwksUri", message: uriProblem }] : [])];
  if (problems.length) throw invalid(problems);
  return { authentication, jwks: jwks && publicPart(jwks), jwksUri };
}

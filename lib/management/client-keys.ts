import { createPublicKey, type KeyObject } from "node:crypto";
import type { z } from "zod";
import type { Problem } from "@/lib/definition/problems";
import { isSizedRsa, PRIVATE_JWK_MEMBERS } from "@/lib/http-client/usable-keys";
import type { applicationBodySchema, applicationPatchSchema } from "./contract/authorization";
import { invalid } from "./errors";

type Authentication = z.output<typeof applicationBodySchema>["authentication"];
type Jwks = NonNullable<z.output<typeof applicationBodySchema>["jwks"]>;
type Jwk = Jwks["keys"][number];

/** Stored client authentication of an application. */
export interface ClientAuthentication {
  authentication: Authentication;
  jwks: Jwks | null;
  jwksUri: string | null;
}

/** JWK members of a public signing key (RFC 7517, 4; RFC 7518, 6; RFC 8037, 2). Only these are stored. */
const PUBLIC_MEMBERS = ["kty", "kid", "use", "key_ops", "alg", "n", "e", "crv", "x", "y"];

const RSA_BITS_MIN = 2048;
/** Larger keys make signature verification slow. */
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
/** RFC 7517, 4.3 defines eight. */
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
  if (kty === "oct") return { path: "kty", message: "This is a symmetric key. private_key_jwt requires a public key: paste only that." };
  if (kty !== "RSA" && kty !== "EC" && kty !== "OKP") return { path: "kty", message: `This key type isn't supported. ${KEY_TYPES}` };
  const curves = kty === "EC" ? ["P-256", "P-384", "P-521"] : ["Ed25519"];
  if (kty !== "RSA" && !curves.includes(String(crv))) return { path: "crv", message: `This curve isn't supported. ${KEY_TYPES}` };
  return null;
}

function strengthProblem(jwk: Jwk): Problem | null {
  if (jwk.kty === "RSA" && typeof jwk.n === "string" && typeof jwk.e === "string" && !isSizedRsa(jwk))
    return {
      path: "",
      message: `An RSA key must have ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits and an exponent of at most 64 bits. Use the exponent 65537.`,
    };
  const key = publicKeyOf(jwk);
  if (!key) return { path: "", message: "This public key has missing or invalid members. Export it again." };
  if (jwk.kty !== "RSA") return null;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < RSA_BITS_MIN || modulusLength > RSA_BITS_MAX)
    return { path: "n", message: `An RSA key must have ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits. This one has ${modulusLength}.` };
  if (publicExponent < 3n || publicExponent % 2n === 0n)
    return { path: "e", message: "With this exponent, anyone can forge signatures. Use 65537." };
  return null;
}

function purposeProblem({ kty, crv, use, key_ops: operations, alg, kid }: Jwk): Problem | null {
  if (use !== undefined && use !== "sig") return { path: "use", message: "This key isn't for signatures. Paste the key whose use is sig." };
  if (operations !== undefined && !(Array.isArray(operations) && operations.length <= KEY_OPERATIONS_MAX && operations.includes("verify")))
    return { path: "key_ops", message: "This key's operations don't include verify. Paste a key that verifies signatures." };
  const algorithms = ALGORITHMS[kty === "RSA" ? kty : String(crv)] ?? [];
  if (alg !== undefined && !algorithms.includes(String(alg)))
    return { path: "alg", message: `This key doesn't support that algorithm. Use ${algorithms.join(", ")}, or omit alg.` };
  if (kid !== undefined && (typeof kid !== "string" || kid === "" || kid.length > KID_MAX))
    return { path: "kid", message: `A key ID must be a string of 1 to ${KID_MAX} characters.` };
  return null;
}

function keyProblems(jwk: Jwk): Problem[] {
  const secret = PRIVATE_JWK_MEMBERS.find((member) => member in jwk);
  // Symmetric keys first: they have no public half that could be pasted instead.
  const problem =
    (jwk.kty === "oct" ? typeProblem(jwk) : null) ??
    (secret === undefined ? null : { path: secret, message: "This is a private key. Paste only the public key." }) ??
    typeProblem(jwk) ??
    purposeProblem(jwk) ??
    strengthProblem(jwk);
  return problem ? [problem] : [];
}

/**
 * Validates a pasted key set: public keys only, able to verify signatures, strong enough, with distinct IDs. Paths begin with
 * `jwks`.
 */
export function jwksProblems({ keys }: Jwks): Problem[] {
  const problems = keys.flatMap((jwk, index) =>
    keyProblems(jwk).map(({ path, message }) => ({ path: `jwks.keys[${index}]${path && `.${path}`}`, message })),
  );
  if (problems.length || keys.length === 1) return problems;
  return keys.flatMap(({ kid }, index): Problem[] => {
    const path = `jwks.keys[${index}].kid`;
    if (kid === undefined) return [{ path, message: "A key set with several keys requires a key ID (kid) for each." }];
    return keys.findIndex((other) => other.kid === kid) === index
      ? []
      : [{ path, message: "Another key has the same ID. Give each key its own." }];
  });
}

const publicPart = ({ keys }: Jwks): Jwks => ({
  keys: keys.map(({ kty, ...rest }) => ({
    kty,
    ...Object.fromEntries(Object.entries(rest).filter(([member]) => PUBLIC_MEMBERS.includes(member))),
  })),
});

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** Validates a key set URL; null if it's valid. Keys fetched over plain HTTP could be replaced in transit. */
export function jwksUriProblem(uri: string): string | null {
  if (/[\\\s\p{Cc}]/u.test(uri) || !URL.canParse(uri))
    return "The URL is invalid. Enter an absolute URL, for example https://client.example/jwks.json.";
  const { protocol, hostname, username, password } = new URL(uri);
  if (username || password) return "Remove the username and password from the URL.";
  if (uri.includes("#")) return "Remove the fragment (#…) from the URL.";
  if (protocol === "https:" || (protocol === "http:" && LOCAL_HOSTS.includes(hostname))) return null;
  return "The URL must start with https://. Only localhost may use http.";
}

/** Returns the key source after a change: a given source replaces the other one; without one, the stored source remains. */
function keySource(stored: Pick<ClientAuthentication, "jwks" | "jwksUri">, given: z.output<typeof applicationPatchSchema>) {
  const jwks = given.jwks === undefined && !given.jwksUri ? stored.jwks : (given.jwks ?? null);
  const jwksUri = given.jwksUri === undefined && !given.jwks ? stored.jwksUri : (given.jwksUri ?? null);
  return { jwks, jwksUri };
}

/**
 * Returns an application's client authentication after a change. private_key_jwt has exactly one key source; other methods have
 * none, so changing to one of them deletes the keys.
 * @throws ManagementError 400 at `jwks`, below it, or at `jwksUri`
 */
export function clientAuthentication(stored: ClientAuthentication, given: z.output<typeof applicationPatchSchema>): ClientAuthentication {
  const authentication = given.authentication ?? stored.authentication;
  if (authentication !== "private_key_jwt") {
    const message = `Only private_key_jwt uses keys. Remove them, or use it instead of ${authentication}.`;
    const problems = (["jwks", "jwksUri"] as const).flatMap((path) => (given[path] ? [{ path, message }] : []));
    if (problems.length) throw invalid(problems);
    return { authentication, jwks: null, jwksUri: null };
  }
  const { jwks, jwksUri } = keySource(stored, given);
  if (jwks && jwksUri) throw invalid([{ path: "jwksUri", message: "Send either the public keys or their URL, not both." }]);
  if (!jwks && !jwksUri)
    throw invalid([
      { path: "jwks", message: "private_key_jwt requires the application's public keys. Paste them, or send their URL as jwksUri." },
    ]);
  const uriProblem = given.jwksUri ? jwksUriProblem(given.jwksUri) : null;
  const problems = [...(given.jwks ? jwksProblems(given.jwks) : []), ...(uriProblem ? [{ path: "jwksUri", message: uriProblem }] : [])];
  if (problems.length) throw invalid(problems);
  return { authentication, jwks: jwks && publicPart(jwks), jwksUri };
}

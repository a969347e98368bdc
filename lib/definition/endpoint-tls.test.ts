import { execFileSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { testAuthority } from "../gateway/resources/testing/certificates";
import { registry } from "../gateway/schemas";
import { calledUrls } from "./called-urls";
import { certificateValidities } from "./certificate-facts";
import { describeChanges } from "./diff";
import { keyPairProblem } from "./endpoint-tls";
import { definitionSchema } from "./schema";
import { mergeSecrets } from "./secrets";

const schema = definitionSchema(registry);
const authority = testAuthority("Ours");
const own = authority.issue(["gateway.test"]);
const other = authority.issue(["other.test"]);

const input = (tls: object, url = "https://orders.internal") => ({
  name: "Orders",
  contextPath: "/orders",
  endpoints: { production: { url, tls } },
});
const problemsOf = (tls: object, url?: string) =>
  schema.safeParse(input(tls, url)).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];

describe("TLS settings of an endpoint", () => {
  test.each([
    [{}],
    [{ ca: authority.cert }],
    [{ ca: authority.cert + own.cert, certificate: own.cert + authority.cert, key: own.key }],
    // Blank keeps what is stored.
    [{ certificate: own.cert, key: "" }],
    [{ certificate: own.cert }],
  ])("may be %#", (tls) => {
    expect(problemsOf(tls)).toEqual([]);
  });

  test.each([
    ["key", { certificate: own.cert, key: other.key }, "doesn't match the first certificate"],
    ["key", { certificate: authority.cert + own.cert, key: own.key }, "doesn't match the first certificate"],
    ["key", { certificate: own.cert, key: own.cert }, "Paste the private key"],
    ["key", { certificate: own.cert, key: own.key.replace(/\n.{10}/, "\n0000000000") }, "can't be read"],
    ["key", { certificate: own.cert, key: "********" }, "mask"],
    ["certificate", { key: own.key }, "Add the key's certificate"],
    ["certificate", { certificate: own.key }, "Remove the private key"],
    ["certificate", { certificate: "x" }, "Paste certificates"],
    ["ca", { ca: own.cert.slice(0, 100) }, "is incomplete"],
  ])("are refused at %s", (field, tls, message) => {
    const problems = problemsOf(tls);
    expect(problems[0]).toMatch(new RegExp(`^endpoints\\.production\\.tls\\.${field}: .*(?:${message})`));
    expect(problems.join()).not.toContain("PRIVATE KEY-----M");
  });

  it("are refused where there is no TLS, and unknown ones everywhere", () => {
    expect(problemsOf({ ca: authority.cert }, "http://orders.internal")[0]).toMatch(/^endpoints\.production\.tls: .*https:\/\//);
    expect(problemsOf({ verify: false })).toHaveLength(1);
  });

  it("take no key that is locked by a passphrase", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const locked = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }).toString();
    expect(problemsOf({ certificate: own.cert, key: locked })[0]).toContain("passphrase");
  });

  it("compare keys of every form that is common", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const wrong = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    expect(problemsOf({ certificate: own.cert, key: wrong })[0]).toContain("doesn't match the first certificate");
    expect(keyPairProblem(own.cert, own.key)).toBeUndefined();
  });
});

describe("the key of a client certificate", () => {
  const parsed = (tls: object, url?: string) => schema.parse(input(tls, url));
  const first = mergeSecrets(parsed({ certificate: own.cert, key: own.key }), null, registry);
  const slot = "endpoints/production/tls.key";
  const stored = { definition: first.definition, references: { [slot]: "sec_1" } };

  it("is kept apart from the definition", () => {
    expect([...first.fresh]).toEqual([[slot, own.key]]);
    expect(JSON.stringify(first.definition)).not.toContain("PRIVATE");
    expect(first.problems).toEqual([]);
  });

  it("stays while the backend keeps its origin, and goes with its certificate", () => {
    expect(mergeSecrets(parsed({ certificate: own.cert }), stored, registry).kept).toEqual({ [slot]: "sec_1" });
    const moved = mergeSecrets(parsed({ certificate: own.cert }, "https://elsewhere.example"), stored, registry);
    expect([moved.kept, moved.problems[0]?.path]).toEqual([{}, "endpoints.production.tls.key"]);
    const without = mergeSecrets(parsed({ ca: authority.cert }), stored, registry);
    expect([without.kept, without.problems]).toEqual([{}, []]);
  });

  it("is asked for where there is none", () => {
    const { problems } = mergeSecrets(parsed({ certificate: own.cert }), null, registry);
    expect(problems).toEqual([{ path: "endpoints.production.tls.key", message: "Client certificate key is required." }]);
  });

  it("and its certificates are told in the words of a diff, without a line of PEM", () => {
    const before = { definition: parsed({ certificate: own.cert, ca: authority.cert }), secrets: { [slot]: "sec_1" } };
    const after = { definition: parsed({ certificate: other.cert }), secrets: { [slot]: "sec_2" } };
    const sentences = describeChanges(before, after, registry).map(({ sentence }) => sentence);
    expect(sentences).toHaveLength(3);
    expect(sentences.join("\n")).toMatch(/CA certificates: one until 2049-12-31 \(….{8}\) → none/);
    expect(sentences.join("\n")).not.toContain("BEGIN");
  });
});

describe("the validity of certificates", () => {
  it("is read as Node reads it, of as many as there are, and of nothing else", () => {
    const chain = own.cert + authority.cert;
    const expected = [own.cert, authority.cert].map((pem) => new Date(new X509Certificate(pem).validTo).getTime());
    expect(certificateValidities(chain).map(({ notAfter }) => notAfter.getTime())).toEqual(expected);
    expect(certificateValidities(own.key)).toEqual([]);
    expect(certificateValidities("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")).toEqual([]);
    for (let length = 40; length < own.cert.length - 40; length += 17)
      expect(certificateValidities(`${own.cert.slice(0, length)}\n-----END CERTIFICATE-----`).length).toBeLessThan(2);
  });

  it.skipIf(!hasOpenssl())("is read of those that OpenSSL makes, also beyond 2050", () => {
    const pem = execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=a", "-days", "20000"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
    const [validity] = certificateValidities(pem);
    expect(validity?.notAfter).toEqual(new Date(new X509Certificate(pem).validTo));
    expect(validity?.notBefore).toEqual(new Date(new X509Certificate(pem).validFrom));
    expect(validity?.notAfter.getUTCFullYear()).toBeGreaterThan(2050);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

it("every URL that gateways call is found with its path, and no other", () => {
  const definition = schema.parse({
    name: "Orders",
    contextPath: "/orders",
    endpoints: {
      production: { url: "https://orders.internal" },
      sandbox: {
        url: "https://sandbox.internal",
        security: {
          type: "oauth2",
          tokenUrl: "https://idp.internal/token",
          clientId: "gw",
          parameters: [{ name: "audience", value: "https://no.call.internal" }],
        },
      },
    },
    resources: [
      { name: "a", type: "oauth2-introspection", config: { introspectionEndpoint: "https://a.internal/i", clientId: "gw" } },
      { name: "b", type: "oauth2-jwt", config: { issuer: "https://b.internal" } },
      { name: "c", type: "oauth2-builtin", config: { server: "default" } },
    ],
  });
  expect(calledUrls(definition, registry).map(({ path }) => path)).toEqual([
    "endpoints.production.url",
    "endpoints.sandbox.url",
    "endpoints.sandbox.security.tokenUrl",
    "resources[0].config.introspectionEndpoint",
    "resources[1].config.issuer",
  ]);
});

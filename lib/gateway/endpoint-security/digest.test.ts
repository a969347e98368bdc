import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAll, startServer } from "../testing/servers";
import { basicAuthorizer } from "./basic";
import { parseChallenges, parseParameters } from "./challenges";
import type { EndpointAuthorizer } from "./contract";
import { chooseDigest, type DigestChallenge, DigestSession } from "./digest";
import { digestAuthorizer } from "./digest-authorizer";
import { testCall } from "./testing/fixtures";

const MUFASA = { username: "Mufasa", password: "Circle of Life" };

function challengeOf(header: string): DigestChallenge {
  const chosen = chooseDigest(parseChallenges([header]));
  if (typeof chosen === "string") throw new Error(chosen);
  return chosen;
}
const parametersOf = (authorization: string) => parseParameters(authorization.replace(/^Digest /, ""));

describe("a Digest answer", () => {
  it("is that of RFC 2617, section 3.5", () => {
    const session = new DigestSession(
      { username: "Mufasa", password: "Circle Of Life" },
      challengeOf(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      ),
      "0a4f113b",
    );
    expect(session.authorization("GET", "/dir/index.html")).toBe(
      'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", qop=auth, cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41", nc=00000001, response="6629fae49393a05397450978507c4ef1"',
    );
  });

  const rfc7616 = (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
  it.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ])("is that of RFC 7616, section 3.9.1, with %s", (algorithm, response) => {
    const session = new DigestSession(MUFASA, challengeOf(rfc7616(algorithm)), "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
    const parameters = parametersOf(session.authorization("GET", "/dir/index.html"));
    expect(parameters.get("response")).toBe(response);
    expect(parameters.get("algorithm")).toBe(algorithm);
    expect(parameters.get("opaque")).toBe("FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
  });

  it("counts the uses of a nonce, and never says the same twice", () => {
    const session = new DigestSession(MUFASA, challengeOf('Digest realm="r", qop="auth", nonce="n"'));
    const answers = Array.from({ length: 300 }, () => parametersOf(session.authorization("GET", "/")));
    expect(answers.map((answer) => Number.parseInt(answer.get("nc") ?? "", 16))).toEqual(answers.map((_, index) => index + 1));
    expect(new Set(answers.map((answer) => answer.get("response"))).size).toBe(300);
    expect(answers[0]?.get("cnonce")).toMatch(/^[\w-]{22}$/);
  });

  it("carries whatever characters realm, nonce and target have back as they came", () => {
    const text = fc.string({ unit: fc.constantFrom('"', "\\", ",", " ", "a", "é", "="), minLength: 1 });
    fc.assert(
      fc.property(text, text, text, (realm, nonce, opaque) => {
        const challenge: DigestChallenge = { realm, nonce, opaque, algorithm: "md5", statedAlgorithm: "MD5", isStale: false };
        const parameters = parametersOf(new DigestSession(MUFASA, challenge).authorization("GET", '/a?b="c\\'));
        expect([realm, nonce, opaque, '/a?b="c\\']).toEqual(["realm", "nonce", "opaque", "uri"].map((name) => parameters.get(name)));
      }),
    );
  });

  it("has a user name beyond ASCII in username*", () => {
    const session = new DigestSession({ username: "Jäsøn (1)", password: "é" }, challengeOf('Digest realm="r", qop=auth, nonce="n"'));
    expect(session.authorization("GET", "/")).toContain("Digest username*=UTF-8''J%C3%A4s%C3%B8n%20%281%29, realm=");
  });
});

describe("the choice among challenges", () => {
  const offer = (...algorithms: string[]) => algorithms.map((name) => `Digest realm="r", nonce="${name}", qop="auth", algorithm=${name}`);

  it("is the strongest, whatever their order and however many headers they are in", () => {
    const algorithms = ["SHA-256-sess", "SHA-256", "MD5-sess", "MD5"];
    fc.assert(
      fc.property(fc.shuffledSubarray([...algorithms, "SHA-512-256", "rot13"], { minLength: 1 }), fc.boolean(), (offered, inOne) => {
        const headers = inOne ? [`Basic realm="b", ${offer(...offered).join(", ")}, Negotiate`] : ["Negotiate", ...offer(...offered)];
        const chosen = chooseDigest(parseChallenges(headers));
        const best = algorithms.find((name) => offered.includes(name));
        if (best === undefined) expect(chosen).toContain("other than MD5 or SHA-256");
        else expect(chosen).toMatchObject({ nonce: best, statedAlgorithm: best });
      }),
    );
  });

  it.each([
    ['Digest realm="r", nonce="n", qop="auth-int"', "auth-int"],
    ['Digest realm="r", nonce="n"', "qop=auth"],
    ['Digest nonce="n", qop="auth"', "no realm or nonce"],
    ['Basic realm="r"', "doesn't offer Digest"],
  ])("refuses %s with a reason", (header, reason) => {
    expect(chooseDigest(parseChallenges([header]))).toContain(reason);
    const call = testCall();
    const authorizer = digestAuthorizer("u", "p");
    expect(authorizer.refused(call, { authorization: null, session: null } as never, [header])).toBeNull();
    expect(call.notes.join()).toContain(reason);
  });
});

/** A backend that checks Digest by itself, as RFC 7616, section 3.4.1, says it in words. */
async function startDigestBackend(
  options: { algorithm?: string; password?: string; usesOfNonce?: number; says?: string; next?: boolean } = {},
) {
  const { algorithm = "SHA-256", password = "Circle of Life", usesOfNonce = 1000, says = ", stale=true", next = false } = options;
  const nonces = new Map<string, number>();
  const seen: { url: string; status: number }[] = [];
  const newNonce = () => {
    const nonce = randomBytes(9).toString("base64");
    nonces.set(nonce, 0);
    return nonce;
  };
  const started = await startServer(async (incoming, outgoing) => {
    await readAll(incoming);
    const { method = "", url = "", headers } = incoming;
    const sent = parametersOf(headers.authorization ?? "");
    const at = (name: string) => sent.get(name) ?? "";
    const hash = (text: string) =>
      createHash(algorithm.startsWith("MD5") ? "md5" : "sha256")
        .update(text)
        .digest("hex");
    const secret = hash(`Mufasa:realm of "lions":${password}`);
    const key = algorithm.endsWith("-sess") ? hash(`${secret}:${at("nonce")}:${at("cnonce")}`) : secret;
    const wanted = hash(`${key}:${at("nonce")}:${at("nc")}:${at("cnonce")}:${at("qop")}:${hash(`${method}:${url}`)}`);
    const isRight = at("response") === wanted && at("uri") === url && at("username") === "Mufasa";
    const used = nonces.get(at("nonce"));
    const isFresh = used !== undefined && used < usesOfNonce && Number.parseInt(at("nc"), 16) === used + 1;
    if (used !== undefined) nonces.set(at("nonce"), used + 1);
    const status = isRight && isFresh ? 200 : 401;
    seen.push({ url, status });
    if (status === 200) outgoing.writeHead(200, next ? { "authentication-info": `nextnonce="${newNonce()}", qop=auth` } : {}).end("{}");
    else {
      const stale = isRight ? says : "";
      const challenge = `Digest realm="realm of \\"lions\\"", qop="auth,auth-int", algorithm=${algorithm}, nonce="${newNonce()}", opaque="o"${stale}`;
      outgoing.writeHead(401, { "www-authenticate": ["Basic realm=b", challenge] }).end();
    }
  });
  return { ...started, seen };
}

/** Calls a backend as the gateway does: with what is authorized, and once more with what follows a 401. */
async function callWith(authorizer: EndpointAuthorizer, server: { port: number }, target = "/lions?name=simba%20a") {
  const call = testCall({ target });
  const send = (authorization: string | null) =>
    new Promise<{ status: number; challenges: string[]; info: string | null }>((resolve, reject) => {
      const headers = authorization === null ? {} : { authorization };
      request({ host: "127.0.0.1", port: server.port, path: target, headers, agent: false }, (incoming) => {
        incoming.resume();
        const info = incoming.headers["authentication-info"];
        const challenges = incoming.headersDistinct["www-authenticate"] ?? [];
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, challenges, info: typeof info === "string" ? info : null }));
      })
        .on("error", reject)
        .end();
    });
  let credentials = await authorizer.authorize(call);
  let answer = await send(credentials.authorization);
  if (answer.status === 401) {
    const next = await authorizer.refused(call, credentials, answer.challenges);
    if (next) {
      credentials = next;
      answer = await send(credentials.authorization);
    }
  }
  if (answer.status !== 401) authorizer.accepted?.(credentials, answer.info);
  return { status: answer.status, notes: call.notes };
}

describe("a backend with Digest authentication", () => {
  it.each(["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])(
    "is asked for a challenge once and then answered in advance, with %s",
    async (algorithm) => {
      const backend = await startDigestBackend({ algorithm });
      const authorizer = digestAuthorizer("Mufasa", "Circle of Life");
      for (let call = 0; call < 5; call += 1) expect((await callWith(authorizer, backend)).status).toBe(200);
      expect(backend.seen.map(({ status }) => status)).toEqual([401, 200, 200, 200, 200, 200]);
      await backend.close();
    },
  );

  it.each([
    ["says so", ", stale=true"],
    ["says nothing about it", ""],
  ])("whose nonce is used up and which %s gets one more answer, with the new nonce", async (_, says) => {
    const backend = await startDigestBackend({ usesOfNonce: 2, says });
    const authorizer = digestAuthorizer("Mufasa", "Circle of Life");
    for (let call = 0; call < 5; call += 1) expect((await callWith(authorizer, backend)).status).toBe(200);
    expect(backend.seen.map(({ status }) => status)).toEqual([401, 200, 200, 401, 200, 200, 401, 200]);
    await backend.close();
  });

  it("that names the next nonce never has to refuse", async () => {
    const backend = await startDigestBackend({ usesOfNonce: 1, next: true });
    const authorizer = digestAuthorizer("Mufasa", "Circle of Life");
    for (let call = 0; call < 5; call += 1) expect((await callWith(authorizer, backend)).status).toBe(200);
    expect(backend.seen.map(({ status }) => status)).toEqual([401, 200, 200, 200, 200, 200]);
    await backend.close();
  });

  it("that rejects the password is answered no more than once a call, and the 401 is handed on", async () => {
    const backend = await startDigestBackend({ password: "Hakuna Matata" });
    const authorizer = digestAuthorizer("Mufasa", "Circle of Life");
    for (let call = 0; call < 4; call += 1) expect((await callWith(authorizer, backend)).status).toBe(401);
    expect(backend.seen.length).toBeLessThanOrEqual(8);
    expect((await callWith(authorizer, backend)).notes.concat((await callWith(authorizer, backend)).notes).join()).toContain(
      "rejected the endpoint's username",
    );
    await backend.close();
  });
});

describe("Basic", () => {
  it("has user name and password in UTF-8 (RFC 7617, section 2.1), the same for each call, and takes 401 for an answer", () => {
    const authorizer = basicAuthorizer("test", "123£");
    const credentials = authorizer.authorize(testCall());
    expect(credentials).toEqual({ authorization: "Basic dGVzdDoxMjPCow==" });
    expect(authorizer.authorize(testCall())).toBe(credentials);
    expect(authorizer.refused(testCall(), { authorization: null }, ["Basic realm=x"])).toBeNull();
    fc.assert(
      fc.property(
        fc.string().filter((name) => !name.includes(":")),
        fc.string({ unit: "binary" }),
        (name, password) => {
          const { authorization } = basicAuthorizer(name, password).authorize(testCall()) as { authorization: string };
          expect(Buffer.from(authorization.slice(6), "base64").toString()).toBe(`${name}:${password}`);
        },
      ),
    );
  });
});

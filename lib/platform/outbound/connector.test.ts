import { Pool } from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testAuthority } from "../../gateway/resources/testing/certificates";
import { createOutbound, type OutboundSettings, type Resolve } from "./connector";
import { bypassesProxy, parseProxy } from "./proxy";
import { startProxy, startTarget } from "./testing";

const closers: (() => Promise<unknown>)[] = [];
const kept = <T extends { close(): Promise<unknown> }>(thing: T): T => {
  closers.push(() => thing.close());
  return thing;
};
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0).reverse()) await close();
});

const OPEN: OutboundSettings = { deny: [], allow: [], proxy: null, noProxy: [] };

/** Resolves names to the loopback or the given addresses. */
const resolveTo =
  (...addresses: string[]): Resolve =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

/** The body of a GET, or the code of its failure. */
async function get(
  origin: string,
  settings: Partial<OutboundSettings>,
  tls: { ca?: string; cert?: string; key?: string } = {},
  resolve = resolveTo("127.0.0.1"),
) {
  const connect = createOutbound({ ...OPEN, ...settings }, resolve).connector({ timeout: 2000, ...tls });
  const pool = kept(new Pool(origin, { connect }));
  try {
    const { body } = await pool.request({ method: "GET", path: "/x" });
    return await body.text();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("a direct connection", () => {
  it("uses the checked address, even if the name resolves differently later", async () => {
    const target = kept(await startTarget());
    let lookups = 0;
    const rebinding: Resolve = (name, options, callback) => {
      lookups += 1;
      resolveTo(lookups === 1 ? "127.0.0.1" : "169.254.169.254")(name, options, callback);
    };
    expect(await get(`http://orders.test:${target.port}`, {}, {}, rebinding)).toBe("ok");
    expect(lookups).toBe(1);
  });

  it("is rejected when one of a name's addresses is blocked", async () => {
    const target = kept(await startTarget());
    const mixed = resolveTo("127.0.0.1", "169.254.169.254");
    expect(await get(`http://orders.test:${target.port}`, {}, {}, mixed)).toBe("OUTBOUND_REFUSED");
    expect(await get(`http://orders.test:${target.port}`, {}, {}, resolveTo("127.0.0.1", "fe80::1"))).toBe("OUTBOUND_REFUSED");
    expect(await get(`http://orders.test:${target.port}`, {}, {}, resolveTo())).toBe("OUTBOUND_REFUSED");
    expect(target.seen).toEqual([]);
  });

  it.each(["169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.169.254."])(
    "to %s is refused without a lookup",
    async (host) => {
      const never: Resolve = () => expect.fail("It was looked up.");
      expect(await get(`http://${host}`, {}, {}, never)).toBe("OUTBOUND_REFUSED");
    },
  );

  it("applies the lists, also to TLS", async () => {
    const identity = testAuthority("Ours");
    const target = kept(await startTarget(identity.issue(["orders.test"])));
    const origin = `https://orders.test:${target.port}`;
    expect(await get(origin, {}, { ca: identity.cert })).toBe("ok");
    expect(await get(origin, { deny: ["127.0.0.0/8"] }, { ca: identity.cert })).toBe("OUTBOUND_REFUSED");
    expect(await get(origin, { deny: ["*.test"] }, { ca: identity.cert })).toBe("OUTBOUND_REFUSED");
    expect(await get(origin, { allow: ["10.0.0.0/8"] }, { ca: identity.cert })).toBe("OUTBOUND_REFUSED");
    expect(await get(origin, { allow: ["orders.test"] }, { ca: identity.cert })).toBe("ok");
  });

  it("fails without side effects for a certificate that OpenSSL rejects", async () => {
    const proxy = kept(await startProxy());
    const target = kept(await startTarget(testAuthority("Ours").issue(["orders.test"])));
    const tls = { cert: "no certificate", key: "no key" };
    expect(await get(`https://orders.test:${target.port}`, {}, tls)).toMatch(/PEM|OSSL/);
    expect(await get(`https://orders.test:${target.port}`, { proxy: proxy.settings() }, tls)).toMatch(/PEM|OSSL/);
  });

  it("ignores proxy variables of other programs", async () => {
    const proxy = kept(await startProxy());
    const target = kept(await startTarget());
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]) vi.stubEnv(name, proxy.url);
    expect(await get(`http://orders.test:${target.port}`, {})).toBe("ok");
    expect(proxy.targets).toEqual([]);
  });
});

describe("a connection through the proxy", () => {
  it("is a tunnel to the host, with end-to-end verified TLS", async () => {
    const proxy = kept(await startProxy());
    const identity = testAuthority("Ours");
    const target = kept(await startTarget(identity.issue(["orders.test"])));
    const never: Resolve = () => expect.fail("It was looked up.");
    const settings = { proxy: proxy.settings() };
    const get3 = (host: string, ca?: string) => get(`https://${host}:${target.port}`, settings, ca === undefined ? {} : { ca }, never);
    expect(await get3("orders.test", identity.cert)).toBe("ok");
    expect(await get3("other.test", identity.cert)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(await get3("orders.test")).not.toBe("ok");
    expect(await get3("orders.test", testAuthority("Somebody else").cert)).not.toBe("ok");
    expect(target.seen).toEqual(["/x"]);
    expect(new Set(proxy.targets)).toEqual(new Set([`orders.test:${target.port}`, `other.test:${target.port}`]));
  });

  it("serves http backends too, and brings the proxy's credentials to the proxy alone", async () => {
    const proxy = kept(await startProxy());
    let headers: unknown;
    const target = kept(
      await startTarget(undefined, (request, response) => {
        headers = request.headers;
        response.end("ok");
      }),
    );
    const origin = `http://orders.test:${target.port}`;
    expect(await get(origin, { proxy: proxy.settings("us%40er:p%3Aw") })).toBe("ok");
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from("us@er:p:w").toString("base64")}`]);
    expect(JSON.stringify(headers)).not.toContain("Basic");
    expect(await get(origin, { proxy: proxy.settings() })).toBe("ok");
    expect(proxy.authorizations).toHaveLength(2);
    expect(proxy.authorizations[1]).toBeUndefined();
  });

  it("is not made where a pattern or this machine says so", async () => {
    const proxy = kept(await startProxy());
    const target = kept(await startTarget());
    const settings = { proxy: proxy.settings(), noProxy: ["*.test"] };
    expect(await get(`http://orders.test:${target.port}`, settings)).toBe("ok");
    expect(await get(`http://127.0.0.1:${target.port}`, settings)).toBe("ok");
    expect(await get(`http://localhost:${target.port}`, settings)).toBe("ok");
    expect(proxy.targets).toEqual([]);
    expect(await get(`http://orders.example:${target.port}`, settings)).toBe("ok");
    expect(proxy.targets).toEqual([`orders.example:${target.port}`]);
  });

  it("is rejected for a name or address that the rules block", async () => {
    const proxy = kept(await startProxy());
    const settings = { proxy: proxy.settings() };
    expect(await get("http://169.254.169.254", settings)).toBe("OUTBOUND_REFUSED");
    expect(await get("https://[fd00:ec2::254]", settings)).toBe("OUTBOUND_REFUSED");
    expect(await get("http://vault.test", { ...settings, deny: ["vault.*"] })).toBe("OUTBOUND_REFUSED");
    // The address is unknown here, so the name must be allowed.
    expect(await get("http://orders.test", { ...settings, allow: ["10.0.0.0/8"] })).toBe("OUTBOUND_REFUSED");
    expect(proxy.targets).toEqual([]);
  });

  it("fails with the proxy's status, without its credentials", async () => {
    const proxy = kept(await startProxy());
    proxy.rejectWith = "407 Proxy Authentication Required";
    const connect = createOutbound({ ...OPEN, proxy: proxy.settings("user:s3cret") }).connector({ timeout: 2000 });
    const failure = await kept(new Pool("https://orders.test", { connect }))
      .request({ method: "GET", path: "/" })
      .then(
        () => null,
        (error: Error & { code?: string }) => error,
      );
    expect(failure).toMatchObject({
      code: "OUTBOUND_PROXY_REFUSED",
      message: "The outbound proxy returned 407 for CONNECT orders.test:443.",
    });
    await proxy.close();
    closers.length = 0;
    expect(await get("https://orders.test", { proxy: proxy.settings("user:s3cret") })).toBe("OUTBOUND_PROXY_FAILED");
  });

  it("fails for a proxy with an invalid certificate, and times out", async () => {
    const { hostname } = new URL("http://127.0.0.1");
    const impostor = kept(await startTarget(testAuthority("Nobody").issue([hostname])));
    const proxy = parseProxy(`https://user:s3cret@${hostname}:${impostor.port}`);
    if (typeof proxy === "string") throw new Error(proxy);
    expect(await get("https://orders.test", { proxy })).toBe("OUTBOUND_PROXY_FAILED");
    expect(impostor.seen).toEqual([]);

    const silent = kept(await startTarget(undefined, () => undefined));
    silent.server.on("connect", () => undefined);
    const slow = parseProxy(`http://127.0.0.1:${silent.port}`);
    if (typeof slow === "string") throw new Error(slow);
    const connect = createOutbound({ ...OPEN, proxy: slow }).connector({ timeout: 100 });
    const pool = kept(new Pool("https://orders.test", { connect }));
    await expect(pool.request({ method: "GET", path: "/" })).rejects.toMatchObject({ code: "ETIMEDOUT" });
  });
});

describe("the settings of the proxy", () => {
  it.each(["ftp://proxy", "proxy.internal:3128", "socks5://proxy:1080", "http://proxy/path", "http://proxy/?a", "http://a%zz@proxy", ""])(
    "refuse %s",
    (url) => {
      expect(typeof parseProxy(url)).toBe("string");
    },
  );

  it("have default ports, and IPv6 addresses without brackets", () => {
    expect(parseProxy("http://proxy.internal")).toMatchObject({ hostname: "proxy.internal", port: 80, authorization: null });
    expect(parseProxy("https://[::1]")).toMatchObject({ protocol: "https:", hostname: "::1", port: 443 });
    expect(parseProxy("http://proxy:3128/")).toMatchObject({ port: 3128 });
  });

  it.each(["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost."])(
    "leave this machine alone: %s",
    (host) => {
      expect(bypassesProxy(host, [])).toBe(true);
    },
  );

  it("bypass only hosts that match a pattern", () => {
    expect(bypassesProxy("orders.internal", ["*.internal"])).toBe(true);
    expect(bypassesProxy("10.0.7.1", ["10.0.*"])).toBe(true);
    expect(bypassesProxy("fd00::7", ["[fd00::*]"])).toBe(true);
    expect(bypassesProxy("internal.example", ["*.internal"])).toBe(false);
    expect(bypassesProxy("notlocalhost", [])).toBe(false);
  });
});

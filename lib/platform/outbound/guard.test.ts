import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { entriesOf, parseEntry } from "./entries";
import { addressGuard } from "./guard";

const open = addressGuard({ deny: [], allow: [] });

const METADATA = ["169.254.169.254", "169.254.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"];
const EMBEDDED = [
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "::169.254.169.254",
  "::ffff:0:169.254.169.254",
  "64:ff9b::169.254.169.254",
  "64:ff9b:1::a9fe:a9fe",
  "64:ff9b:1:a9fe:a9:fe00::",
  "64:ff9b::0.0.0.0",
  "64:ff9b:1::",
  "2002:a9fe:a9fe::1",
];
const RESERVED = [
  "0.0.0.0",
  "0.1.2.3",
  "224.0.0.1",
  "255.255.255.255",
  "fe80::1",
  "fe80::1%eth0",
  "febf::1",
  "ff02::1",
  "::",
  "no address",
  "",
];
const USUAL = ["127.0.0.1", "::1", "10.1.2.3", "192.168.1.1", "93.184.216.34", "2606:2800:220:1::1", "::ffff:10.1.2.3", "fd00::1"];
/** IPv4 backends in an IPv6-only network (RFC 6052, RFC 8215). */
const TRANSLATED = ["64:ff9b::93.184.216.34", "64:ff9b:1::93.184.216.34", "64:ff9b:1:5db8:d8:2200::"];

describe("without any rules", () => {
  test.each([...METADATA, ...EMBEDDED, ...RESERVED])("requests to %s are blocked", (address) => {
    expect(open.addressProblem("host.example", address)).toContain("host.example");
  });

  test.each([...METADATA, ...EMBEDDED])("a URL with the host %s is rejected before name resolution", (address) => {
    expect(open.hostProblem(address)).toContain(address);
    expect(open.hostProblem(address.includes(":") ? `[${address}]` : address)).not.toBeNull();
    expect(open.unresolvedProblem(address)).not.toBeNull();
  });

  test.each([...USUAL, ...TRANSLATED])("requests to %s are allowed", (address) => {
    expect(open.addressProblem("host.example", address)).toBeNull();
    expect(open.hostProblem(address)).toBeNull();
  });

  it("blocks every IPv6 form of 169.254.0.0/16", () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(byte, byte, group, (third, fourth, any) => {
        const last = ((third << 8) | fourth).toString(16);
        const tail = any.toString(16);
        const forms = [`::ffff:a9fe:${last}`, `64:ff9b::a9fe:${last}`, `2002:a9fe:${last}::${tail}`, `64:ff9b:1:${tail}::a9fe:${last}`];
        for (const form of [...forms, ...forms.map((text) => text.toUpperCase())]) expect(open.hostProblem(form)).not.toBeNull();
      }),
    );
  });
});

describe("the denylist", () => {
  const guard = addressGuard({ deny: ["10.0.0.0/8", "fd12::/16", "192.0.2.7", "*.secret.internal", "vault"], allow: ["*"] });

  test.each([
    ["orders.internal", "10.9.9.9"],
    ["orders.internal", "::ffff:10.9.9.9"],
    ["orders.internal", "64:ff9b::10.9.9.9"],
    ["orders.internal", "fd12::1"],
    ["192.0.2.7", "192.0.2.7"],
    ["a.secret.internal", "93.184.216.34"],
    ["A.b.SECRET.internal.", "93.184.216.34"],
    ["vault", "93.184.216.34"],
  ])("takes precedence over the allowlist: %s at %s", (host, address) => {
    expect(guard.addressProblem(host, address)).toContain("GATEWRIGHT_OUTBOUND_DENY");
  });

  test.each(["secret.internal", "vault.example", "xsecret.internal"])("doesn't match %s", (host) => {
    expect(guard.addressProblem(host, "93.184.216.34")).toBeNull();
  });

  it("applies to names before their resolution", () => {
    expect(guard.hostProblem("x.secret.internal")).toContain("GATEWRIGHT_OUTBOUND_DENY");
    expect(guard.unresolvedProblem("x.secret.internal")).toContain("GATEWRIGHT_OUTBOUND_DENY");
  });
});

describe("the allowlist", () => {
  const guard = addressGuard({ deny: [], allow: ["10.0.0.0/8", "*.internal", "fd12::/16"] });

  it("limits requests to its addresses and names", () => {
    expect(guard.addressProblem("anything.example", "10.1.1.1")).toBeNull();
    expect(guard.addressProblem("anything.example", "fd12::1")).toBeNull();
    expect(guard.addressProblem("orders.internal", "93.184.216.34")).toBeNull();
    expect(guard.addressProblem("orders.example", "93.184.216.34")).toContain("GATEWRIGHT_OUTBOUND_ALLOW");
    expect(guard.hostProblem("93.184.216.34")).toContain("GATEWRIGHT_OUTBOUND_ALLOW");
    // Its address isn't known yet.
    expect(guard.hostProblem("orders.example")).toBeNull();
  });

  it("requires the name where a proxy resolves the address", () => {
    expect(guard.unresolvedProblem("orders.internal")).toBeNull();
    expect(guard.unresolvedProblem("10.1.1.1")).toBeNull();
    expect(guard.unresolvedProblem("orders.example")).toContain("GATEWRIGHT_OUTBOUND_ALLOW");
  });

  it.each([["*"], ["0.0.0.0/0", "::/0"], ["169.0.0.0/8"], ["metadata.internal"]])("allows no metadata address by %s", (...allow) => {
    const wide = addressGuard({ deny: [], allow });
    for (const address of METADATA) expect(wide.addressProblem("metadata.internal", address)).not.toBeNull();
  });

  it("allows a metadata address that it lists", () => {
    const named = addressGuard({ deny: [], allow: ["169.254.169.254", "fe80::/64", "0.0.0.0/0"] });
    expect(named.hostProblem("169.254.169.254")).toBeNull();
    expect(named.hostProblem("::ffff:169.254.169.254")).toBeNull();
    expect(named.addressProblem("a", "fe80::7")).toBeNull();
    expect(named.hostProblem("169.254.169.253")).not.toBeNull();
    expect(addressGuard({ deny: ["169.254.169.254"], allow: ["169.254.169.254"] }).hostProblem("169.254.169.254")).not.toBeNull();
  });
});

describe("an entry of the lists", () => {
  test.each(["10.0.0.0/8", "10.1.2.3", "fd00::/8", "::1", "[::1]", "idp.internal", "*.internal", "*", "xn--mnchen-3ya.example", "my_host"])(
    "may be %s",
    (entry) => {
      expect(typeof parseEntry(entry)).toBe("object");
    },
  );

  test.each([
    "10.0.0.0/33",
    "10.0.0",
    "10.*",
    "300.1.1.1",
    "http://idp.internal",
    "idp.internal:8080",
    "fd00::/129",
    "münchen.example",
    "a b",
  ])("can't be %s", (entry) => {
    expect(parseEntry(entry)).toContain(entry);
  });

  it("is separated by commas, with or without spaces", () => {
    expect(entriesOf(" 10.0.0.0/8 ,, *.internal,")).toEqual(["10.0.0.0/8", "*.internal"]);
  });
});

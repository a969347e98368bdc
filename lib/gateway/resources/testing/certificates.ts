import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A certificate for tests, with its private key, both in PEM. */
export interface TestCertificate {
  cert: string;
  key: string;
  issue(hosts: readonly string[]): TestCertificate;
}

/** DER: a tag, a length and the contents. */
function tlv(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...contents: Buffer[]) => tlv(0x30, ...contents);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, "hex"));
const bits = (content: Buffer) => tlv(0x03, Buffer.from([0]), content);
const time = (text: string) => tlv(0x17, Buffer.from(text));
const name = (commonName: string) => sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(commonName)))));

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const VALIDITY = sequence(time("200101000000Z"), time("491231235959Z"));
const IS_CA = sequence(oid("551d13"), tlv(0x01, Buffer.from([0xff])), tlv(0x04, sequence(tlv(0x01, Buffer.from([0xff])))));

/** A subject alternative name: an IPv4 address or a DNS name (RFC 5280, section 4.2.1.6). */
const alternative = (host: string) =>
  /^[\d.]+$/.test(host) ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host));

const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}(?!$)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;

let serial = 1;

function certificate(subject: string, issuer: { name: string; key: KeyObject } | null, extension: Buffer): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  serial += 1;
  const signed = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([serial])),
    ECDSA_WITH_SHA256,
    name(issuer?.name ?? subject),
    VALIDITY,
    name(subject),
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(extension)),
  );
  const der = sequence(signed, ECDSA_WITH_SHA256, bits(sign("sha256", signed, issuer?.key ?? privateKey)));
  return {
    cert: pem(der),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    issue: (hosts) =>
      certificate(
        "A server under test",
        { name: subject, key: privateKey },
        sequence(oid("551d11"), tlv(0x04, sequence(...hosts.map(alternative)))),
      ),
  };
}

/** Makes a certificate authority that no one trusts who was not told to. */
export const testAuthority = (subject: string): TestCertificate => certificate(subject, null, IS_CA);

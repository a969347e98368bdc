/** The validity period of a certificate. */
export interface CertificateValidity {
  notBefore: Date;
  notAfter: Date;
}

/** A DER element: its tag and the range of its contents. */
interface Element {
  tag: number;
  start: number;
  end: number;
}

function elementAt(der: Uint8Array, at: number): Element {
  const [tag = -1, first = -1] = [der[at], der[at + 1]];
  if (tag < 0 || first < 0) throw new RangeError("The certificate is incomplete.");
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4) throw new RangeError("The certificate isn't DER.");
  let length = first < 0x80 ? first : 0;
  for (let index = 0; index < lengthBytes; index += 1) length = length * 256 + (der[at + 2 + index] ?? 0);
  const start = at + 2 + lengthBytes;
  if (start + length > der.length) throw new RangeError("The certificate is incomplete.");
  return { tag, start, end: start + length };
}

/** RFC 5280, 4.1.2.5: UTCTime of 1950 to 2049 or GeneralizedTime, with seconds, in UTC. */
function timeAt(der: Uint8Array, { tag, start, end }: Element): Date {
  const text = String.fromCharCode(...der.subarray(start, end));
  const years = tag === 0x17 ? (Number(text.slice(0, 2)) < 50 ? `20${text}` : `19${text}`) : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(years) ?? [];
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function validityOf(der: Uint8Array): CertificateValidity {
  const toBeSigned = elementAt(der, elementAt(der, 0).start);
  let element = elementAt(der, toBeSigned.start);
  // The version is optional; serial number, algorithm and issuer are required.
  const before = element.tag === 0xa0 ? 4 : 3;
  for (let index = 0; index < before; index += 1) element = elementAt(der, element.end);
  const notBefore = elementAt(der, element.start);
  return { notBefore: timeAt(der, notBefore), notAfter: timeAt(der, elementAt(der, notBefore.end)) };
}

/** The validity of each readable certificate of a PEM text, in order. Safe for the browser. */
export function certificateValidities(pem: string): CertificateValidity[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g)].flatMap(([, base64 = ""]) => {
    try {
      const validity = validityOf(Uint8Array.from(atob(base64.replace(/\s/g, "")), (character) => character.charCodeAt(0)));
      return Number.isNaN(validity.notAfter.getTime()) || Number.isNaN(validity.notBefore.getTime()) ? [] : [validity];
    } catch {
      return [];
    }
  });
}

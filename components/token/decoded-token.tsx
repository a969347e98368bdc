"use client";

import { formatMoment } from "@/components/ui/format-time";
import { decodeToken, timeOfClaim } from "./jwt";

const shown = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** Labels of registered claims and headers (RFC 7519, RFC 7515, RFC 9068) and of `environment`. */
const MEANINGS: Record<string, string> = {
  iss: "Issuer",
  aud: "Audience",
  sub: "Subject",
  client_id: "Client",
  exp: "Expires",
  iat: "Issued",
  nbf: "Not before",
  jti: "Token ID",
  scope: "Scopes",
  environment: "Environment",
  alg: "Algorithm",
  typ: "Type",
  kid: "Key ID",
};

function Members({ title, members }: { title: string; members: Record<string, unknown> }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-1">
      <h3 className="text-muted text-xs">{title}</h3>
      <dl className="grid grid-cols-[minmax(104px,max-content)_minmax(0,1fr)] border-line border-t">
        {Object.entries(members).map(([name, value]) => {
          const time = timeOfClaim(name, value);
          return (
            <div key={name} className="contents">
              <dt className="mono border-line border-b py-1 pr-4 text-muted leading-5" title={MEANINGS[name]}>
                {name}
              </dt>
              <dd className="mono min-w-0 border-line border-b py-1 leading-5 [overflow-wrap:anywhere]">
                {shown(value)}
                {time && <span className="ml-2 font-sans text-muted text-xs">{formatMoment(time.toISOString())}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

/** Shows a token's header and claims, not verified. An opaque token has none. */
export function DecodedToken({ token }: { token: string }) {
  const decoded = decodeToken(token);
  if (!decoded) return <p className="text-muted">Opaque token: only its authorization server can read its claims.</p>;
  return (
    <div className="flex flex-col gap-4">
      <Members title="Header" members={decoded.header} />
      <Members title="Claims" members={decoded.claims} />
      <p className="text-muted text-xs">Decoded only. The gateway verifies the signature; this view doesn't.</p>
    </div>
  );
}

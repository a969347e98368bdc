"use client";

import { formatMoment } from "@/components/ui/format-time";
import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { useNow } from "@/components/ui/use-now";
import { When } from "@/components/ui/when";
import type { EndpointTokenView } from "@/lib/management/contract/endpoints";
import { expiryWords, tokenState } from "./cached-token-words";

/** Lists each gateway's cached token for one endpoint. */
export function TokenTable({ label, tokens }: { label: string; tokens: readonly EndpointTokenView[] }) {
  const now = useNow(tokens.some(({ expiresAt, retryAt }) => expiresAt !== null || retryAt !== null));
  return (
    <Table label={label}>
      <TableHead>
        <Column className="w-48">Gateway</Column>
        <Column className="w-40">State</Column>
        <Column className="w-24">Expires</Column>
        <Column className="w-28">Cached since</Column>
        <Column className="w-36">Last renewal</Column>
        <Column className="hidden w-32 lg:table-cell">Scope</Column>
        <Column>Last error</Column>
      </TableHead>
      <TableBody>
        {tokens.map((token) => (
          <TokenRow key={token.gateway.id} token={token} now={now} />
        ))}
      </TableBody>
    </Table>
  );
}

const whenOrNothing = (at: string | null) => (at === null ? "—" : <When at={at} />);

function TokenRow({ token, now }: { token: EndpointTokenView; now: number }) {
  const { gateway, keptSince, expiresAt, lastRenewalAt, lastError, scope, hasRefreshToken } = token;
  const { meaning, word } = tokenState(token, now);
  return (
    <Row>
      <Cell isRowHeader className="max-w-56">
        <span title={gateway.id} className="mono block truncate">
          {gateway.id}
        </span>
      </Cell>
      <Cell>
        <StateMark meaning={meaning}>{word}</StateMark>
      </Cell>
      <Cell className="whitespace-nowrap tabular-nums">
        {expiresAt === null ? (
          <span className="text-muted">—</span>
        ) : (
          <time dateTime={expiresAt} title={formatMoment(expiresAt)}>
            {expiryWords(expiresAt, now)}
          </time>
        )}
      </Cell>
      <Cell muted>{whenOrNothing(keptSince)}</Cell>
      <Cell muted>
        {whenOrNothing(lastRenewalAt)}
        {hasRefreshToken && <span className="block text-xs">by refresh token</span>}
      </Cell>
      <Cell mono muted className="hidden max-w-40 lg:table-cell">
        <span title={scope ?? undefined} className="block truncate">
          {scope ?? "—"}
        </span>
      </Cell>
      <Cell className="min-w-64 py-1.5!">
        {lastError === null ? (
          <span className="text-muted">None</span>
        ) : (
          <>
            <span className="block [overflow-wrap:anywhere]">{lastError.message}</span>
            <span className="block text-muted text-xs">
              <When at={lastError.at} />
            </span>
          </>
        )}
      </Cell>
    </Row>
  );
}

"use client";

import { formatMoment } from "@/components/ui/format-time";
import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { useNow } from "@/components/ui/use-now";
import { When } from "@/components/ui/when";
import type { ApiView } from "@/lib/management/contract/apis";
import type { GatewayView } from "@/lib/management/contract/gateways";
import { Dependency, GatewayState } from "./gateway-state";
import { type Lag, lagsOf } from "./lag";
import { redisAddress, usesOtherRedis } from "./redis-words";

interface GatewayTableProps {
  gateways: readonly GatewayView[];
  /** Undefined while loading; the table then shows no outdated deployments. */
  apis: readonly ApiView[] | undefined;
}

/** Maximum to name; the rest are counted. */
const NAMED_MAX = 3;

/** Shows how many deployments a gateway runs and which are outdated. */
function DeploymentCount({ count, lags }: { count: number; lags: readonly Lag[] }) {
  if (lags.length === 0) return <span className="tabular-nums">{count}</span>;
  return (
    <div className="flex min-w-44 flex-col gap-0.5 py-1">
      <span className="flex items-center gap-3">
        <span className="tabular-nums">{count}</span>
        <StateMark meaning="pending">{lags.length} outdated</StateMark>
      </span>
      <ul className="max-w-64 text-muted text-xs">
        {lags.slice(0, NAMED_MAX).map(({ apiId, sentence }) => (
          <li key={apiId} title={sentence} className="truncate">
            {sentence}
          </li>
        ))}
        {lags.length > NAMED_MAX && <li>and {lags.length - NAMED_MAX} more</li>}
      </ul>
    </div>
  );
}

/** Shows a gateway's last report, in seconds within the first minute. */
function LastSeen({ at }: { at: string }) {
  const elapsedMs = useNow(true) - new Date(at).getTime();
  if (elapsedMs >= 60_000) return <When at={at} />;
  return (
    <time dateTime={at} title={formatMoment(at)} className="whitespace-nowrap tabular-nums">
      {Math.max(0, Math.round(elapsedMs / 1000))} s ago
    </time>
  );
}

/** Lists the gateways with deployments and dependencies; offline ones last. */
export function GatewayTable({ gateways, apis }: GatewayTableProps) {
  const present = gateways.filter(({ status }) => status !== "away");
  const own = gateways.find(({ self }) => self);
  const away = gateways.filter(({ status }) => status === "away");
  return (
    <Table label="Gateways">
      <TableHead>
        <Column>Gateway</Column>
        <Column>State</Column>
        <Column>Deployments</Column>
        <Column>Postgres</Column>
        <Column>Redis</Column>
        <Column className="hidden lg:table-cell">Version</Column>
        <Column className="hidden lg:table-cell">Running since</Column>
        <Column>Last seen</Column>
      </TableHead>
      <TableBody>
        {[...present, ...away].map((gateway) => (
          <GatewayRow key={gateway.id} gateway={gateway} own={own} apis={apis} />
        ))}
      </TableBody>
    </Table>
  );
}

interface GatewayRowProps {
  gateway: GatewayView;
  /** The gateway of this console. */
  own: GatewayView | undefined;
  apis: readonly ApiView[] | undefined;
}

function GatewayRow({ gateway, own, apis }: GatewayRowProps) {
  const { id, kind, url, status, deployments, postgres, redis, redisServer, version, since, seenAt, live, workers } = gateway;
  const isAway = status === "away";
  return (
    <Row>
      <Cell isRowHeader muted={isAway} className="max-w-48 py-2! sm:max-w-80">
        <span title={id} className="mono block truncate font-medium">
          {id}
        </span>
        <span className="block truncate text-muted text-xs">
          {kind === "embedded" ? "Embedded in the console" : "Data plane"}
          {workers > 1 && `, ${workers} processes`}
        </span>
        <span title={url} className="mono block truncate text-muted text-xs">
          {url}
        </span>
      </Cell>
      <Cell>
        <GatewayState gateway={gateway} />
      </Cell>
      <Cell muted={isAway}>
        <DeploymentCount count={deployments.length} lags={apis ? lagsOf(gateway, apis) : []} />
      </Cell>
      <Cell>
        <Dependency state={postgres} absent="Not reported" isAway={isAway} />
      </Cell>
      <Cell>
        <Dependency state={redis} absent={redisServer ? "Not reported" : "In memory"} isAway={isAway} />
        {redisServer && usesOtherRedis(gateway, own) && (
          <span className="mono block max-w-48 whitespace-normal text-muted text-xs [overflow-wrap:anywhere]">
            {redisAddress(redisServer)}/{redisServer.database}
          </span>
        )}
      </Cell>
      <Cell mono muted className="hidden lg:table-cell">
        {version}
      </Cell>
      <Cell muted className="hidden lg:table-cell">
        <When at={since} />
      </Cell>
      <Cell muted>{live ? "Now" : <LastSeen at={seenAt} />}</Cell>
    </Row>
  );
}

import { Fragment } from "react";
import { Banner } from "@/components/ui/banner";
import { KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page-body";
import type { GatewayView, RedisServerView } from "@/lib/management/contract/gateways";
import { Dependency } from "./gateway-state";
import { REDIS_SETTINGS, redisAddress, redisDifferences, redisUser } from "./redis-words";

/** Shows the console's Redis configuration and state. */
export function RedisSection({ gateways }: { gateways: readonly GatewayView[] }) {
  const own = gateways.find(({ self }) => self);
  if (!own) return null;
  return (
    <Section
      title="Redis"
      state={<Dependency state={own.redis} absent={own.redisServer ? "Unknown" : "None"} isAway={false} />}
      description={
        own.redisServer
          ? "This console's configuration. Gateways on the same Redis share backend tokens, failed-login counters, and DPoP replay data."
          : undefined
      }
    >
      {own.redisServer ? <RedisFacts server={own.redisServer} /> : <HowToConfigure />}
    </Section>
  );
}

function RedisFacts({ server }: { server: RedisServerView }) {
  return (
    <div className="max-w-160">
      <KeyValues
        items={[
          { label: "Server", value: redisAddress(server), mono: true },
          { label: "User", value: redisUser(server) },
          { label: "Database", value: server.database },
          { label: "TLS", value: server.tls ? "Yes, certificate and host name verified" : "No" },
          { label: "Connection timeout", value: `${server.connectTimeoutMs} ms` },
        ]}
      />
    </div>
  );
}

function HowToConfigure() {
  const [url, host, ...others] = REDIS_SETTINGS;
  return (
    <p className="max-w-measure">
      This console stores backend tokens, failed-login counters, and DPoP replay data in memory. To share them, start the console and every
      gateway with <code>{url}</code>, or with <code>{host}</code> and optionally{" "}
      {others.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && (index === others.length - 1 ? " and " : ", ")}
          <code>{name}</code>
        </Fragment>
      ))}
      .
    </p>
  );
}

/** Warns if gateways use different Redis servers. Renders nothing otherwise. */
export function RedisDifferences({ gateways }: { gateways: readonly GatewayView[] }) {
  const differences = redisDifferences(gateways);
  if (differences.length === 0) return null;
  return (
    <Banner meaning="pending" title="The gateways use different Redis servers.">
      <p>They share no backend tokens, failed-login counters, or DPoP replay data, unless these names refer to one database.</p>
      <ul className="mt-1">
        {differences.map(({ place, gateways: names }) => (
          <li key={place} className="[overflow-wrap:anywhere]">
            {place}: <span className="mono">{names}</span>
          </li>
        ))}
      </ul>
    </Banner>
  );
}

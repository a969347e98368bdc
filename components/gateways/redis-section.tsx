import { Fragment } from "react";
import { Banner } from "@/components/ui/banner";
import { KeyValues } from "@/components/ui/key-values";
import { Section } from "@/components/ui/page-body";
import type { GatewayView, RedisServerView } from "@/lib/management/contract/gateways";
import { Dependency } from "./gateway-state";
import { REDIS_SETTINGS, redisAddress, redisDifferences, redisUser } from "./redis-words";

/** The Redis that this console is configured with, and how it is. */
export function RedisSection({ gateways }: { gateways: readonly GatewayView[] }) {
  const own = gateways.find(({ self }) => self);
  if (!own) return null;
  return (
    <Section
      title="Redis"
      state={<Dependency state={own.redis} absent={own.redisServer ? "Not known yet" : "None"} isAway={false} />}
      description={
        own.redisServer
          ? "What this console is configured with. Gateways on one Redis share tokens of backends, counts and used DPoP proofs."
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
          { label: "TLS", value: server.tls ? "Yes, with the certificate and its name verified" : "No" },
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
      This console keeps tokens of backends, counts and used DPoP proofs in its own memory; to share them, start the console and every
      gateway with <code>{url}</code>, or with <code>{host}</code> and, as needed,{" "}
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

/** Says that gateways do not use one Redis, and which uses what. Nothing while they do. */
export function RedisDifferences({ gateways }: { gateways: readonly GatewayView[] }) {
  const differences = redisDifferences(gateways);
  if (differences.length === 0) return null;
  return (
    <Banner meaning="pending" title="The gateways are not configured with the same Redis.">
      <p>They share no tokens of backends, counts and used DPoP proofs, unless these are names of one and the same database.</p>
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

import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/page-body";

const HERE = "GATEWAY_PORT=8083 npm run gateway";

const ELSEWHERE = `DATABASE_URL=postgresql://… \\
REDIS_URL=redis://… \\
GATEWRIGHT_SECRET_KEY=… \\
GATEWRIGHT_PUBLIC_URL=… \\
GATEWRIGHT_GATEWAY_URL=… \\
npm run gateway`;

/** How to run one gateway more. */
export function StartAnother() {
  return (
    <Section
      title="Start another gateway"
      description="A data plane is a process of its own that serves the same deployments. It appears above by itself."
    >
      <div className="grid max-w-320 gap-x-12 gap-y-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-2">
          <h3>On the console's machine</h3>
          <CodeBlock label="Command on the console's machine" code={HERE} />
          <p className="max-w-measure text-muted text-xs">With the same data directory and environment. The port is any that is free.</p>
        </div>
        <div className="flex min-w-0 flex-col gap-2">
          <h3>On another machine</h3>
          <CodeBlock label="Command on another machine" code={ELSEWHERE} />
          <p className="max-w-measure text-muted text-xs">
            With the console's own Postgres, secret key, public URL and, where there is one, Redis. The gateway URL is where callers reach
            the gateways; it is the same for all of them. The embedded Postgres serves one machine only.
          </p>
        </div>
      </div>
    </Section>
  );
}

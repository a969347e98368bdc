import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/page-body";

const HERE = "GATEWAY_PORT=8083 npm run gateway";

const ELSEWHERE = `DATABASE_URL=postgresql://… \\
REDIS_URL=redis://… \\
GATEWRIGHT_SECRET_KEY=… \\
GATEWRIGHT_PUBLIC_URL=… \\
GATEWRIGHT_GATEWAY_URL=… \\
npm run gateway`;

/** Shows how to start another gateway. */
export function StartAnother() {
  return (
    <Section
      title="Start another gateway"
      description="A data plane is a separate process that serves the same deployments. It appears above once started."
    >
      <div className="grid max-w-320 gap-x-12 gap-y-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-2">
          <h3>On the console's machine</h3>
          <CodeBlock label="Command on the console's machine" code={HERE} />
          <p className="max-w-measure text-muted text-xs">Use the same data directory and environment, and any free port.</p>
        </div>
        <div className="flex min-w-0 flex-col gap-2">
          <h3>On another machine</h3>
          <CodeBlock label="Command on another machine" code={ELSEWHERE} />
          <p className="max-w-measure text-muted text-xs">
            Use the console's Postgres, secret key, public URL, and Redis (if any). The gateway URL is where clients reach the gateways, the
            same for all. The embedded Postgres supports one machine only.
          </p>
        </div>
      </div>
    </Section>
  );
}

import { CodeBlock } from "@/components/ui/code-block";
import { Section } from "@/components/ui/page-body";

const COMMAND = `DATABASE_URL=postgresql://… \\
REDIS_URL=redis://… \\
GATEWRIGHT_SECRET_KEY=… \\
GATEWRIGHT_PUBLIC_URL=… \\
GATEWAY_PORT=8082 \\
npm run gateway`;

/** How to run one gateway more. */
export function StartAnother() {
  return (
    <Section
      title="Start another gateway"
      description="A data plane is a process of its own that serves the same deployments. Start it with the database, the secret key, the public URL and, where there is one, the Redis of this console; it appears above by itself."
    >
      <div className="max-w-160">
        <CodeBlock label="Command" code={COMMAND} />
      </div>
    </Section>
  );
}

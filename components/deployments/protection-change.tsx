import { ProtectionMark } from "@/components/apis/protection-mark";
import { protectionOf } from "@/lib/definition/protection";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";

/** Shows the protection after a deployment, and before it if different. */
export function ProtectionChange({ before, after }: { before: Definition | null; after: Definition }) {
  const now = before && protectionOf(before, registry);
  const then = protectionOf(after, registry);
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {now && now !== then && (
        <>
          <ProtectionMark protection={now} />
          <span aria-hidden className="text-muted">
            →
          </span>
          <span className="sr-only">becomes</span>
        </>
      )}
      <ProtectionMark protection={then} />
    </p>
  );
}

import { Banner } from "@/components/ui/banner";
import { Path } from "@/components/ui/path";
import type { DeployWarning } from "@/lib/management/contract/apis";

function LoosenedOperation({ warning }: { warning: DeployWarning }) {
  const { method, path, operator, before, after, message } = warning;
  if (path === undefined || before === undefined) return <li>{message}</li>;
  return (
    <li className="py-0.5">
      <span className="mono font-medium">{method === "*" ? "All methods" : method}</span> <Path>{path}</Path>
      {operator === "startsWith" && " and below"}
      <span className="block text-muted">
        {before} <span aria-hidden>→</span>
        <span className="sr-only">becomes</span> <span className="text-ink">{after}</span>
      </span>
    </li>
  );
}

/** Shows warnings before a deployment, first the operations whose access loosens, with their access before and after. */
export function DeployWarnings({ warnings }: { warnings: readonly DeployWarning[] }) {
  const access = warnings.filter(({ kind }) => kind === "access");
  const others = warnings.filter(({ kind }) => kind !== "access");
  return (
    <>
      {access.length > 0 && (
        <Banner meaning="open" title={`Access loosens for ${access.length === 1 ? "1 operation" : `${access.length} operations`}.`}>
          <ul aria-label="Operations whose access loosens" className="max-h-56 overflow-y-auto">
            {access.map((warning) => (
              <LoosenedOperation key={warning.message} warning={warning} />
            ))}
          </ul>
        </Banner>
      )}
      {others.length > 0 && (
        <Banner meaning="open" title="Before you deploy">
          <ul aria-label="Before you deploy" className="flex max-h-56 flex-col gap-1 overflow-y-auto">
            {others.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Banner>
      )}
    </>
  );
}

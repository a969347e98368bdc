import { timeOfClaim } from "@/components/token/jwt";
import { CopyButton } from "@/components/ui/copy-button";
import { formatMoment } from "@/components/ui/format-time";
import { Link } from "@/components/ui/link";
import type { ClaimSource } from "./source-words";

interface ClaimLinesProps {
  title: string;
  members: Record<string, unknown>;
  /** Returns a member's source; omitted for objects without sources. */
  sourceOf?: (name: string) => ClaimSource;
  /** Base URL of the server's pages, for links to sources. */
  base?: string;
}

/** Shows a JSON object, one line per member with its source. */
export function ClaimLines({ title, members, sourceOf, base = "" }: ClaimLinesProps) {
  const entries = Object.entries(members);
  return (
    <section aria-label={title} className="min-w-0">
      <div className="flex h-7 items-center justify-between">
        <h3 className="font-medium text-muted text-xs">{title}</h3>
        <CopyButton value={JSON.stringify(members, undefined, 2)} label={`Copy ${title.toLowerCase()}`} />
      </div>
      <dl className="rounded-control border border-line bg-sunken py-1">
        {entries.map(([name, value], index) => {
          const time = timeOfClaim(name, value);
          const source = sourceOf?.(name);
          return (
            <div key={name} className="flex flex-wrap items-baseline gap-x-4 px-3 py-0.5 sm:flex-nowrap">
              <dt className="sr-only">{name}</dt>
              <dd className="mono min-w-0 flex-1 basis-60 leading-5 [overflow-wrap:anywhere]">
                <span className="text-muted">{JSON.stringify(name)}: </span>
                {JSON.stringify(value)}
                {index < entries.length - 1 && <span className="text-muted">,</span>}
                {time && <span className="ml-2 font-sans text-muted text-xs">{formatMoment(time.toISOString())}</span>}
              </dd>
              {source && (
                <dd className="max-w-full shrink-0 truncate text-muted text-xs sm:max-w-48" title={source.words}>
                  <span className="sr-only">from </span>
                  {source.tab ? <Link href={`${base}/${source.tab}`}>{source.words}</Link> : source.words}
                </dd>
              )}
            </div>
          );
        })}
      </dl>
    </section>
  );
}

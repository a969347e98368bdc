import { ApiProblem, messageOf } from "@/components/data/client";
import { Banner } from "@/components/ui/banner";
import type { Problem } from "@/lib/definition/problems";

interface ProblemBannerProps {
  error: unknown;
  title: string;
  /** The problems whose paths have no field on the page. */
  problems: readonly Problem[];
}

/** Explains a failed operation, with each invalid path and the request ID to find in the log. */
export function ProblemBanner({ error, title, problems }: ProblemBannerProps) {
  const requestId = error instanceof ApiProblem && error.status >= 500 ? error.requestId : undefined;
  return (
    <Banner meaning="failing" isAlert title={title}>
      {problems.length === 0 ? (
        messageOf(error)
      ) : (
        <ul className="mt-1 flex max-h-60 flex-col gap-1 overflow-y-auto">
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.message}`} className="[overflow-wrap:anywhere]">
              {problem.path && <code className="mr-2">{problem.path}</code>}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
      {requestId && (
        <p className="text-muted text-xs">
          Request <code>{requestId}</code>
        </p>
      )}
    </Banner>
  );
}

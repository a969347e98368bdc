import { Banner } from "@/components/ui/banner";
import { ButtonLink } from "@/components/ui/button-link";
import type { ApiView } from "@/lib/management/contract/apis";

type Problems = ApiView["draftProblems"];

function ProblemList({ problems }: { problems: Problems }) {
  return (
    <ul className="max-h-40 overflow-y-auto">
      {problems.map(({ path, message }) => (
        <li key={path}>
          <code>{path}</code>: {message}
        </li>
      ))}
    </ul>
  );
}

/** Shows problems of the active deployment and the draft, such as flow paths in another product's notation, which match nothing. */
export function PathProblems({ api }: { api: Pick<ApiView, "id" | "activeDeployment" | "draftProblems" | "deploymentProblems"> }) {
  const { id, activeDeployment, draftProblems, deploymentProblems } = api;
  const first = /^flows\[(\d+)\]/.exec(draftProblems[0]?.path ?? "")?.[1];
  return (
    <>
      {activeDeployment && deploymentProblems.length > 0 && (
        <Banner meaning="failing" title={`Deployment ${activeDeployment.number} has errors. Fix the draft and deploy it.`}>
          <ProblemList problems={deploymentProblems} />
        </Banner>
      )}
      {draftProblems.length > 0 && (
        <Banner
          meaning="failing"
          title="The draft has errors and can't be deployed."
          actions={<ButtonLink href={`/apis/${id}/studio${first === undefined ? "" : `?flow=${first}`}`}>Open studio</ButtonLink>}
        >
          <ProblemList problems={draftProblems} />
        </Banner>
      )}
    </>
  );
}

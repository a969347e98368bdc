"use client";

import { focusField } from "@/components/schema-form/focus-field";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { When } from "@/components/ui/when";
import { useDraftEditor } from "./draft-editor";
import { describePlace } from "./problems";

/** Timeout and polling interval for a linked field to appear. */
const ARRIVAL_MS = 2_000;
const LOOK_MS = 100;

/** Focuses a field once its page is rendered. */
function focusFieldLater(path: string): void {
  const startedAt = Date.now();
  const timer = setInterval(() => {
    if (focusField(path) || Date.now() - startedAt > ARRIVAL_MS) clearInterval(timer);
  }, LOOK_MS);
}

/** Shows notices on the working copy: unsaved edits of an earlier visit, a rejected save, a newer version. */
export function DraftNotices() {
  const { left, refusal, isBehind, problems } = useDraftEditor();
  const isBroken = refusal === null && problems.length > 0;
  if (!left && !refusal && !isBehind && !isBroken) return null;
  return (
    <div className="flex shrink-0 flex-col gap-2 border-line border-b px-4 py-2 lg:px-6">
      {left && <LeftEdits />}
      {isBehind && <NewerVersion />}
      {refusal && <RefusedSave />}
      {isBroken && <BrokenDraft />}
    </div>
  );
}

function LeftEdits() {
  const { left, restoreLeft, dismissLeft } = useDraftEditor();
  if (!left) return null;
  return (
    <Banner
      meaning="pending"
      title="You have unsaved changes from an earlier visit."
      actions={
        <>
          <Button onPress={restoreLeft}>Restore unsaved changes</Button>
          <Button variant="quiet" onPress={dismissLeft}>
            Discard changes
          </Button>
        </>
      }
    >
      From <When at={left.savedAt} />. Secrets you typed weren't stored.
    </Banner>
  );
}

function NewerVersion() {
  const { compare } = useDraftEditor();
  return (
    <Banner
      meaning="pending"
      title="Someone saved a newer version of this draft."
      actions={<Button onPress={() => void compare()}>Compare versions</Button>}
    >
      Your changes are still here. Nothing was overwritten.
    </Banner>
  );
}

function BrokenDraft() {
  return (
    <Banner meaning="failing" title="The draft has errors and can't be deployed. Some flows match no request and protect nothing.">
      <ProblemLinks />
    </Banner>
  );
}

/** Lists the problems with links to their fields. */
function ProblemLinks() {
  const { apiId, problems, copy } = useDraftEditor();
  return (
    <ul className="max-h-24 overflow-y-auto">
      {problems.map((problem) => {
        const { label, page, fieldPath } = describePlace(problem, copy);
        return (
          <li key={`${label} ${problem.path} ${problem.message}`}>
            <Link href={`/apis/${apiId}/${page}`} onNavigate={() => focusFieldLater(fieldPath)}>
              {label}
            </Link>
            : {problem.message}
          </li>
        );
      })}
    </ul>
  );
}

function RefusedSave() {
  const { refusal, problems } = useDraftEditor();
  if (!refusal) return null;
  if (problems.length === 0) {
    // An error with paths ends once they're fixed; one without (console unreachable) stays until the next save.
    if (refusal.hadProblems) return null;
    return (
      <Banner meaning="failing" title="The draft wasn't saved." isAlert>
        {refusal.message}
        {refusal.requestId && (
          <span className="block text-muted text-xs">
            Request <code>{refusal.requestId}</code>
          </span>
        )}
      </Banner>
    );
  }
  return (
    <Banner
      meaning="failing"
      title={`The draft wasn't saved. Fix ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}.`}
      isAlert
    >
      <ProblemLinks />
    </Banner>
  );
}

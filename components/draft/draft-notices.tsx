"use client";

import { focusField } from "@/components/schema-form/focus-field";
import { Banner } from "@/components/ui/banner";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { When } from "@/components/ui/when";
import { useDraftEditor } from "./draft-editor";
import { describePlace } from "./problems";

/** How long a followed link may take to show the field that it leads to, and how often to look. */
const ARRIVAL_MS = 2_000;
const LOOK_MS = 100;

/** Takes the keyboard to a field as soon as the page that has it is there. */
function focusFieldLater(path: string): void {
  const startedAt = Date.now();
  const timer = setInterval(() => {
    if (focusField(path) || Date.now() - startedAt > ARRIVAL_MS) clearInterval(timer);
  }, LOOK_MS);
}

/** What the person should know about the working copy now: edits left behind, a refused save, a newer version. */
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
      title="You left unsaved changes here."
      actions={
        <>
          <Button onPress={restoreLeft}>Restore your unsaved changes</Button>
          <Button variant="quiet" onPress={dismissLeft}>
            Discard them
          </Button>
        </>
      }
    >
      From <When at={left.savedAt} />. Secrets that you typed were not kept.
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
      Your changes are still here and nothing was overwritten.
    </Banner>
  );
}

function BrokenDraft() {
  return (
    <Banner meaning="failing" title="This draft is broken and can't be deployed: some flows match no request, and so guard nothing.">
      <ProblemLinks />
    </Banner>
  );
}

/** Each problem with a link to the field that it is about. */
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
    // A refusal with places is over once they are mended; one without (the console was away) stays until the next save.
    if (refusal.hadProblems) return null;
    return (
      <Banner meaning="failing" title="The draft was not saved." isAlert>
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
      title={`The draft was not saved: ${problems.length === 1 ? "one thing" : `${problems.length} things`} to mend.`}
      isAlert
    >
      <ProblemLinks />
    </Banner>
  );
}

import { toast } from "sonner";
import { MeaningShape } from "./state-mark";

interface NoteOptions {
  description?: string;
  /** For what can be undone: { label: "Undo", onPress }. */
  action?: { label: string; onPress: () => void };
  /** A note with the id of one that is shown takes its place. */
  id?: string;
  /** Called when the note is closed by hand. */
  onDismiss?: () => void;
}

function show(meaning: "guarded" | "failing" | "pending", title: string, { description, action, ...rest }: NoteOptions, duration: number) {
  toast(title, {
    ...rest,
    icon: <MeaningShape meaning={meaning} className="mt-1" />,
    description,
    duration,
    action: action && { label: action.label, onClick: action.onPress },
  });
}

/** Short notes at the edge of the window, announced politely. What needs an answer is a dialog or stands beside its field. */
export const notify = {
  /** Something was done: "Draft saved". */
  done: (title: string, options: NoteOptions = {}) => show("guarded", title, options, 4_000),
  /** Something failed: say what, and in the description what to do. Stays longer. */
  failed: (title: string, options: NoteOptions = {}) => show("failing", title, options, 12_000),
  /** Something to know. */
  info: (title: string, options: NoteOptions = {}) => show("pending", title, options, 6_000),
  /** Something is on its way: it stays until another note takes its place. */
  waiting: (title: string, options: NoteOptions & { id: string }) => show("pending", title, options, Number.POSITIVE_INFINITY),
};

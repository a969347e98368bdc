import { toast } from "sonner";
import { MeaningShape } from "./state-mark";

interface NoteOptions {
  description?: string;
  /** For what can be undone: { label: "Undo", onPress }. */
  action?: { label: string; onPress: () => void };
}

function show(meaning: "guarded" | "failing" | "pending", title: string, { description, action }: NoteOptions, duration: number) {
  toast(title, {
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
};

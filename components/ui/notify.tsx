import { toast } from "sonner";
import { MeaningShape } from "./state-mark";

interface NoteOptions {
  description?: string;
  /** For example { label: "Undo", onPress }. */
  action?: { label: string; onPress: () => void };
  /** Replaces the visible notification with the same ID. */
  id?: string;
  /** Called when the user closes it. */
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

/** Short notifications, announced politely. For anything that requires a response, use a dialog or a field error. */
export const notify = {
  /** Success: "Draft saved". */
  done: (title: string, options: NoteOptions = {}) => show("guarded", title, options, 4_000),
  /** Failure: the title says what, the description what to do. Stays longer. */
  failed: (title: string, options: NoteOptions = {}) => show("failing", title, options, 12_000),
  /** Information. */
  info: (title: string, options: NoteOptions = {}) => show("pending", title, options, 6_000),
  /** Progress: stays until replaced. */
  waiting: (title: string, options: NoteOptions & { id: string }) => show("pending", title, options, Number.POSITIVE_INFINITY),
};

import type { ReactNode } from "react";

interface FormHeadingProps {
  mark?: ReactNode;
  title: string;
  /** The position, for example "Flow 1 of 3". */
  place: string;
}

/** The heading of a form; gets the focus when the form opens. */
export function FormHeading({ mark, title, place }: FormHeadingProps) {
  return (
    <header className="flex items-start gap-3">
      {mark}
      <div className="min-w-0">
        <h2
          tabIndex={-1}
          data-studio-form=""
          className="truncate rounded-sm font-semibold text-base outline-none focus-visible:outline-2 focus-visible:outline-focus"
          title={title}
        >
          {title}
        </h2>
        <p className="text-muted text-xs">{place}</p>
      </div>
    </header>
  );
}

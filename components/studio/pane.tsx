import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import { type Pane as PaneName, useStudio, useStudioActions } from "./studio-context";

interface PaneProps {
  name: PaneName;
  label: string;
  /** The target of the back button on narrow screens. */
  back?: { to: PaneName; label: string };
  className?: string;
  children: ReactNode;
}

/** One of the studio's panes: side by side on wide screens, otherwise one at a time. */
export function Pane({ name, label, back, className, children }: PaneProps) {
  const { pane } = useStudio();
  const { show } = useStudioActions();
  return (
    <section
      aria-label={label}
      className={cx("min-w-0 flex-col lg:min-h-0", pane === name ? "flex max-xl:grow" : "max-xl:hidden", "xl:flex", className)}
    >
      {back && (
        <div className="border-line border-b px-2 py-1 xl:hidden">
          <Button variant="quiet" size="small" icon={<ArrowLeft aria-hidden className="size-3.5" />} onPress={() => show(back.to)}>
            {back.label}
          </Button>
        </div>
      )}
      {children}
    </section>
  );
}

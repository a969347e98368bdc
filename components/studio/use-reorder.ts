import { type KeyboardEvent, type MouseEvent, type PointerEvent, useCallback, useLayoutEffect, useRef, useState } from "react";
import { followPointer } from "./pointer-drag";
import { arrowStep } from "./reorder";

export interface ReorderOptions {
  axis: "x" | "y";
  /** Whether the list runs right to left. */
  isReversed?: boolean;
  keys: readonly string[];
  /** Returns an item's title for announcements and handles. */
  titleOf: (key: string) => string;
  /** The kind of item in announcements: "step", "flow". */
  noun: string;
  onMove: (key: string, to: number) => void;
}

interface Drag {
  key: string;
  to: number;
  offset: number;
}

export interface Reorder {
  /** Ref of the list. */
  listRef: (list: HTMLElement | null) => void;
  /** Props of each item. */
  itemProps: (key: string) => {
    "data-reorder-key": string;
    "data-dragging": boolean | undefined;
    "data-lifted": boolean | undefined;
    style: { transform: string; zIndex: number } | undefined;
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onClickCapture: (event: MouseEvent) => void;
  };
  /** Props of each item's handle, a button. */
  handleProps: (key: string) => {
    "data-reorder-handle": string;
    "aria-label": string;
    "aria-pressed": boolean;
    onKeyDown: (event: KeyboardEvent) => void;
    onBlur: () => void;
  };
  /** Returns the side of an item on which the dragged one lands, in list order; null if neither. */
  dropSide: (key: string) => "before" | "after" | null;
  /** Returns whether an item is dragged or lifted. */
  isMoving: (key: string) => boolean;
  /** For a live region. */
  announcement: string;
}

/**
 * Reorders a list by pointer (touch: by the handle) and keyboard (Space on the handle lifts, arrows move, Space drops,
 * Escape cancels). Other controls, such as a menu, call `onMove` themselves.
 */
export function useReorder(options: ReorderOptions): Reorder {
  const { keys, noun } = options;
  const [drag, setDrag] = useState<Drag | null>(null);
  const [lifted, setLifted] = useState<{ key: string; from: number } | null>(null);
  const [announcement, setAnnouncement] = useState("");
  const list = useRef<HTMLElement | null>(null);
  const justDragged = useRef(false);
  // Handlers read the current values when called, which lets unchanged rows skip rendering.
  const latest = useRef({ ...options, lifted });
  useLayoutEffect(() => {
    latest.current = { ...options, lifted };
  });
  const listRef = useCallback((element: HTMLElement | null) => {
    list.current = element;
  }, []);

  // Moving an element in the document removes its focus: restore it on the handle.
  const order = keys.join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order is what moves the handle.
  useLayoutEffect(() => {
    if (lifted) list.current?.querySelector<HTMLElement>(`[data-reorder-handle="${lifted.key}"]`)?.focus();
  }, [order, lifted]);

  const place = (key: string, from: Pick<ReorderOptions, "keys" | "titleOf"> = options) =>
    `${from.titleOf(key)}, ${noun} ${from.keys.indexOf(key) + 1} of ${from.keys.length}`;

  function startDrag(key: string, down: PointerEvent<HTMLElement>) {
    const { axis, isReversed = false } = latest.current;
    followPointer({
      down,
      key,
      list: list.current,
      axis,
      isReversed,
      onDrag: (to, offset) => setDrag({ key, to, offset }),
      onEnd(to) {
        setDrag(null);
        // Ignore the click that follows a drag.
        justDragged.current = true;
        setTimeout(() => {
          justDragged.current = false;
        }, 0);
        const { keys: now, titleOf, onMove } = latest.current;
        if (to === null || to === now.indexOf(key)) return;
        onMove(key, to);
        setAnnouncement(`${titleOf(key)} moved to ${noun} ${to + 1} of ${now.length}.`);
      },
    });
  }

  function handleKey(key: string, event: KeyboardEvent) {
    const { isReversed = false, keys, titleOf, onMove, lifted } = latest.current;
    const index = keys.indexOf(key);
    const isLifted = lifted?.key === key;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (isLifted) {
        setLifted(null);
        setAnnouncement(`${place(key, latest.current)}. Dropped.`);
      } else {
        setLifted({ key, from: index });
        setAnnouncement(`${place(key, latest.current)}. Lifted. Arrow keys move it, Space drops it, Escape cancels.`);
      }
      return;
    }
    if (!lifted || !isLifted) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onMove(key, lifted.from);
      setLifted(null);
      setAnnouncement(`${titleOf(key)} is back at ${noun} ${lifted.from + 1}.`);
      return;
    }
    const step = arrowStep(event.key, isReversed);
    if (step === 0) return;
    event.preventDefault();
    const to = index + step;
    if (to < 0 || to >= keys.length) return;
    onMove(key, to);
    setAnnouncement(`${titleOf(key)}, ${noun} ${to + 1} of ${keys.length}.`);
  }

  return {
    listRef,
    itemProps: (key) => ({
      "data-reorder-key": key,
      "data-dragging": drag?.key === key || undefined,
      "data-lifted": lifted?.key === key || undefined,
      style:
        drag?.key === key
          ? { transform: latest.current.axis === "x" ? `translateX(${drag.offset}px)` : `translateY(${drag.offset}px)`, zIndex: 10 }
          : undefined,
      onPointerDown: (event) => startDrag(key, event),
      onClickCapture: (event) => {
        if (!justDragged.current) return;
        event.preventDefault();
        event.stopPropagation();
      },
    }),
    handleProps: (key) => ({
      "data-reorder-handle": key,
      "aria-label": `Move ${place(key)}`,
      "aria-pressed": lifted?.key === key,
      onKeyDown: (event) => handleKey(key, event),
      onBlur: () => {
        // A move removes the focus briefly; only a real blur drops the item.
        requestAnimationFrame(() => {
          const active = document.activeElement;
          if (!(active instanceof HTMLElement) || active.dataset.reorderHandle !== key) setLifted((now) => (now?.key === key ? null : now));
        });
      },
    }),
    isMoving: (key) => drag?.key === key || lifted?.key === key,
    dropSide(key) {
      if (!drag || drag.to === keys.indexOf(drag.key)) return null;
      const others = keys.filter((other) => other !== drag.key);
      if (others[drag.to] === key) return "before";
      return drag.to === others.length && others.at(-1) === key ? "after" : null;
    },
    announcement,
  };
}

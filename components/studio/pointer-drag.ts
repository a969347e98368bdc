import type { PointerEvent } from "react";
import { dropIndex } from "./reorder";

/** Distance from which a press becomes a drag, in pixels. */
const DRAG_THRESHOLD_PX = 5;
/** Distance from the edge that triggers scrolling, and its step, in pixels. */
const EDGE_PX = 32;
const SCROLL_STEP_PX = 12;

/** A press that can become a drag. */
export interface PointerDrag {
  /** The press, on the item. */
  down: PointerEvent<HTMLElement>;
  key: string;
  list: HTMLElement | null;
  axis: "x" | "y";
  isReversed: boolean;
  /** Called while dragging with the drop index and the offset in pixels. */
  onDrag: (landing: number, offset: number) => void;
  /** Called once after a drag with the drop index; null if canceled. */
  onEnd: (landing: number | null) => void;
}

/** Returns the scroll container of a list along an axis. */
function scrollerOf(element: Element | null, axis: "x" | "y"): Element | null {
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (/auto|scroll/.test(axis === "x" ? style.overflowX : style.overflowY)) return at;
  }
  return null;
}

/** Tracks a press until it ends. Touch drags by the handle only: elsewhere it scrolls. */
export function followPointer({ down, key, list, axis, isReversed, onDrag, onEnd }: PointerDrag): void {
  const item = down.currentTarget;
  const target = down.target instanceof Element ? down.target : null;
  if (down.button !== 0 || target?.closest("[data-no-drag]")) return;
  if (down.pointerType === "touch" && !target?.closest("[data-reorder-handle]")) return;
  const along = (event: { clientX: number; clientY: number }) => (axis === "x" ? event.clientX : event.clientY);
  const origin = along(down);
  const scroller = scrollerOf(list, axis);
  const scrolled = () => (scroller ? (axis === "x" ? scroller.scrollLeft : scroller.scrollTop) : 0);
  const scrolledAtStart = scrolled();
  let landing: number | null = null;

  function scrollAtEdges(position: number) {
    if (!scroller) return;
    const box = scroller.getBoundingClientRect();
    const [start, end] = axis === "x" ? [box.left, box.right] : [box.top, box.bottom];
    const by = position < start + EDGE_PX ? -SCROLL_STEP_PX : position > end - EDGE_PX ? SCROLL_STEP_PX : 0;
    if (by) scroller.scrollBy(axis === "x" ? { left: by } : { top: by });
  }

  function move(event: globalThis.PointerEvent) {
    const position = along(event);
    if (landing === null && Math.abs(position - origin) < DRAG_THRESHOLD_PX) return;
    if (landing === null) item.setPointerCapture(down.pointerId);
    event.preventDefault();
    scrollAtEdges(position);
    const items = [...(list?.querySelectorAll<HTMLElement>(":scope > [data-reorder-key]") ?? [])];
    const extents = items
      .filter((other) => other.dataset.reorderKey !== key)
      .map((other) => {
        const box = other.getBoundingClientRect();
        return axis === "x" ? { start: box.left, end: box.right } : { start: box.top, end: box.bottom };
      });
    landing = dropIndex(extents, position, isReversed);
    onDrag(landing, position - origin + scrolled() - scrolledAtStart);
  }

  function end(isDropped: boolean) {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", drop);
    window.removeEventListener("pointercancel", giveUp);
    window.removeEventListener("keydown", giveUpOnEscape, true);
    if (landing !== null) onEnd(isDropped ? landing : null);
  }
  const drop = () => end(true);
  const giveUp = () => end(false);
  const giveUpOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape") end(false);
  };

  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", drop);
  window.addEventListener("pointercancel", giveUp);
  window.addEventListener("keydown", giveUpOnEscape, true);
}

"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";

interface MoveButtonsProps {
  /** What is moved, for example "policy All applications". */
  what: string;
  /** Its place, counted from 0. */
  index: number;
  /** How many places there are. */
  length: number;
  /** Moves it by -1 or 1. */
  onMove: (by: -1 | 1) => void;
}

/**
 * Moves something up or down in an order. The keyboard stays on the button that was pressed though the row has moved,
 * and goes to the other one when this one has come to its end.
 */
export function MoveButtons({ what, index, length, onMove }: MoveButtonsProps) {
  const box = useRef<HTMLSpanElement>(null);
  const [pressed, setPressed] = useState<{ by: -1 | 1; from: number } | null>(null);
  const hasMoved = pressed !== null && index !== pressed.from;

  useEffect(() => {
    if (!hasMoved || !pressed) return;
    const [up, down] = box.current?.querySelectorAll("button") ?? [];
    const same = pressed.by === -1 ? up : down;
    const other = pressed.by === -1 ? down : up;
    (same?.disabled ? other : same)?.focus();
    setPressed(null);
  }, [hasMoved, pressed]);

  function move(by: -1 | 1) {
    setPressed({ by, from: index });
    onMove(by);
  }

  return (
    <span ref={box} className="inline-flex">
      <IconButton size="small" label={`Move ${what} up`} isDisabled={index === 0} onPress={() => move(-1)}>
        <ArrowUp aria-hidden />
      </IconButton>
      <IconButton size="small" label={`Move ${what} down`} isDisabled={index === length - 1} onPress={() => move(1)}>
        <ArrowDown aria-hidden />
      </IconButton>
    </span>
  );
}

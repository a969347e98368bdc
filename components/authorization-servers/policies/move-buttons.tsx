"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";

interface MoveButtonsProps {
  /** The item's label, for example "policy All applications". */
  what: string;
  /** Position, from 0. */
  index: number;
  /** Number of positions. */
  length: number;
  /** Moves it by -1 or 1. */
  onMove: (by: -1 | 1) => void;
}

/**
 * Moves an item up or down. Focus stays on the pressed button after the row moves, or goes to the other one at the end of the list.
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

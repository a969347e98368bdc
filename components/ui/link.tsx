"use client";

import NextLink from "next/link";
import type { ComponentProps } from "react";
import { cx } from "./cx";
import { useMayLeave } from "./leave-guard";

type PlainLinkProps = Omit<ComponentProps<typeof NextLink>, "href"> & { href: string };

/** A link without a look of its own, which asks before unsaved changes are lost. */
export function PlainLink({ href, onNavigate, ...rest }: PlainLinkProps) {
  const mayLeave = useMayLeave();
  return (
    <NextLink
      {...rest}
      href={href}
      onNavigate={(event) => {
        onNavigate?.(event);
        if (!mayLeave(href)) event.preventDefault();
      }}
    />
  );
}

/** A link in text or in a table. `quiet` is underlined only under the pointer. */
export function Link({ className, quiet = false, ...rest }: PlainLinkProps & { quiet?: boolean }) {
  return (
    <PlainLink
      {...rest}
      className={cx(
        "rounded-sm font-medium text-ink decoration-line-strong underline-offset-3 hover:decoration-current",
        quiet ? "hover:underline" : "underline",
        className,
      )}
    />
  );
}

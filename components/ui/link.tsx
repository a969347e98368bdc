"use client";

import NextLink from "next/link";
import type { ComponentProps } from "react";
import { cx } from "./cx";
import { useMayLeave } from "./leave-guard";

type PlainLinkProps = Omit<ComponentProps<typeof NextLink>, "href"> & { href: string };

/** An unstyled link that asks before discarding unsaved changes. */
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

/** A link in text or a table. `quiet` underlines on hover only. */
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

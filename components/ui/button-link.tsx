import type { ReactNode } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { PlainLink } from "./link";

interface ButtonLinkProps {
  href: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A link that looks like a button, for going somewhere to do something. */
export function ButtonLink({ href, variant = "secondary", size = "medium", icon, className, children }: ButtonLinkProps) {
  return (
    <PlainLink href={href} className={buttonStyle(variant, size, className)}>
      {icon}
      {children}
    </PlainLink>
  );
}

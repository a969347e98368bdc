import { Boxes, History, KeyRound, type LucideIcon, Server, Waypoints } from "lucide-react";

export interface ShellSection {
  href: string;
  label: string;
  icon: LucideIcon;
}

/** The console's sections, in the order of the navigation. */
export const sections: readonly ShellSection[] = [
  { href: "/apis", label: "APIs", icon: Waypoints },
  { href: "/applications", label: "Applications", icon: Boxes },
  { href: "/authorization-servers", label: "Authorization servers", icon: KeyRound },
  { href: "/gateways", label: "Gateways", icon: Server },
  { href: "/activity", label: "Activity", icon: History },
];

"use client";

import { Menu as MenuIcon } from "lucide-react";
import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { Drawer } from "@/components/ui/drawer";
import { IconButton } from "@/components/ui/icon-button";
import { PlainLink } from "@/components/ui/link";
import { AccountMenu } from "./account-menu";
import { Mark } from "./mark";
import { SectionNav } from "./section-nav";

/** The top bar on narrow screens. Its navigation drawer closes after navigation. */
export function MobileBar({ user }: { user: { name: string; email: string } }) {
  const [isOpen, setIsOpen] = useState(false);
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: navigating to another page closes the drawer.
  useEffect(() => setIsOpen(false), [pathname]);
  return (
    <header className="flex h-12 items-center gap-2 border-line border-b bg-sunken px-2 lg:hidden">
      <IconButton label="Open navigation" onPress={() => setIsOpen(true)}>
        <MenuIcon aria-hidden />
      </IconButton>
      <PlainLink href="/apis" className="flex items-center gap-2 rounded-control px-1 font-semibold text-base">
        <Mark className="size-4.5 text-accent" />
        Gatewright
      </PlainLink>
      <Drawer isOpen={isOpen} onOpenChange={setIsOpen} title="Gatewright" side="left">
        <div className="flex h-full flex-col justify-between gap-6">
          <SectionNav />
          <AccountMenu name={user.name} email={user.email} />
        </div>
      </Drawer>
    </header>
  );
}

"use client";

import { ChevronsUpDown, LogOut, Monitor, Moon, Sun } from "lucide-react";
import { signOut } from "next-auth/react";
import { useTheme } from "next-themes";
import { Button as AriaButton, Header, Menu, MenuItem, MenuSection, MenuTrigger, Separator } from "react-aria-components";
import { useMayLeave } from "@/components/ui/leave-guard";
import { optionStyle, Popover } from "@/components/ui/popover";

const themes = [
  { id: "system", label: "System", icon: Monitor },
  { id: "light", label: "Light", icon: Sun },
  { id: "dark", label: "Dark", icon: Moon },
] as const;

const itemStyle = `${optionStyle} [&_svg]:size-4 [&_svg]:text-muted`;

/** Shows the signed-in account, the theme choice, and sign-out. */
export function AccountMenu({ name, email }: { name: string; email: string }) {
  const { theme, setTheme } = useTheme();
  const mayLeave = useMayLeave();
  return (
    <MenuTrigger>
      <AriaButton
        aria-label={`Account ${email}`}
        className="flex h-9 w-full cursor-default items-center gap-2 rounded-control px-2.5 text-left text-muted transition-colors hover:bg-raised hover:text-ink aria-expanded:bg-raised"
      >
        <span className="min-w-0 flex-1 truncate">{name}</span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0" />
      </AriaButton>
      <Popover placement="top start" className="w-56">
        <Menu aria-label="Account" className="p-1 outline-none">
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[theme ?? "system"]}
            onSelectionChange={(keys) => {
              const [chosen] = keys === "all" ? [] : keys;
              if (typeof chosen === "string") setTheme(chosen);
            }}
          >
            <Header className="truncate px-2 pt-1.5 pb-1 text-muted text-xs">{email}</Header>
            {themes.map(({ id, label, icon: Icon }) => (
              <MenuItem key={id} id={id} textValue={label} className={`${itemStyle} data-selected:font-medium`}>
                <Icon aria-hidden strokeWidth={1.75} />
                <span className="flex-1">{label}</span>
                <span aria-hidden className="invisible size-1.5 rounded-full bg-accent group-data-selected:visible" />
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className="mx-1 my-1 border-line border-t" />
          <MenuItem
            id="sign-out"
            textValue="Sign out"
            className={itemStyle}
            onAction={() => {
              if (mayLeave("/sign-in")) void signOut({ callbackUrl: "/sign-in" });
            }}
          >
            <LogOut aria-hidden strokeWidth={1.75} />
            Sign out
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

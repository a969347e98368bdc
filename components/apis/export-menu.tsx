"use client";

import { ChevronDown, Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { ApiView } from "@/lib/management/contract/apis";
import { exportFormats, exportHref, fileNameOf } from "./export-formats";

/** Takes the saved draft along: as a definition, or as calls for other tools. */
export function ExportMenu({ api }: { api: Pick<ApiView, "id" | "name"> }) {
  return (
    <Menu
      label="Export"
      trigger={
        <Button icon={<Download aria-hidden className="size-4" />}>
          Export
          <ChevronDown aria-hidden className="size-3.5 text-muted" />
        </Button>
      }
    >
      {exportFormats.map((format) => (
        <MenuItem
          key={format.id}
          description={format.description}
          href={exportHref(api.id, format)}
          download={fileNameOf(api.name, format)}
        >
          {format.title}
        </MenuItem>
      ))}
    </Menu>
  );
}

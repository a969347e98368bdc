"use client";

import { ChevronDown, Download } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { exportFormats, exportHref } from "./export-formats";

/** Exports the saved draft as a definition or as requests for other tools. */
export function ExportMenu({ apiId }: { apiId: string }) {
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
        <MenuItem key={format.id} description={format.description} href={exportHref(apiId, format)} download>
          {format.title}
        </MenuItem>
      ))}
    </Menu>
  );
}

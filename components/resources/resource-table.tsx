"use client";

import { Copy, Ellipsis, SquarePen, Trash2 } from "lucide-react";
import { useState } from "react";
import { useDraftEditor } from "@/components/draft/draft-editor";
import { addResource, freeResourceName, removeResource, usesOf } from "@/components/draft/edits";
import { problemsOfAnchor } from "@/components/draft/problems";
import { newKey, type ResourceItem } from "@/components/draft/working-copy";
import { IconButton } from "@/components/ui/icon-button";
import { Link } from "@/components/ui/link";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { notify } from "@/components/ui/notify";
import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { InUseDialog } from "./in-use-dialog";
import { resourceTypeOf, withoutSecretFields } from "./new-resource";

/** Lists the resources, one per row, with the steps that use them. */
export function ResourceTable({ onEdit }: { onEdit: (key: string) => void }) {
  const { apiId, copy, edit, problems } = useDraftEditor();
  const [blocked, setBlocked] = useState<ResourceItem | null>(null);

  function remove(resource: ResourceItem) {
    if (usesOf(copy, resource.name).length > 0) {
      setBlocked(resource);
      return;
    }
    const index = copy.resources.indexOf(resource);
    edit((before) => removeResource(before, resource.key));
    notify.info(`Removed ${resource.name}`, {
      action: { label: "Undo", onPress: () => edit((before) => addResource(before, resource, index)) },
    });
  }

  function duplicate(resource: ResourceItem) {
    const twin = { ...withoutSecretFields(resource), key: newKey(), name: freeResourceName(copy, `${resource.name}-copy`.slice(-60)) };
    edit((before) => addResource(before, twin, before.resources.findIndex(({ key }) => key === resource.key) + 1));
    onEdit(twin.key);
  }

  return (
    <>
      <Table label="Resources">
        <TableHead>
          <Column>Name</Column>
          <Column>Type</Column>
          <Column>Description</Column>
          <Column>Used by</Column>
          <Column hideLabel align="right">
            Actions
          </Column>
        </TableHead>
        <TableBody>
          {copy.resources.map((resource) => {
            const type = resourceTypeOf(resource.type);
            const uses = usesOf(copy, resource.name);
            const [first] = uses;
            const own = problemsOfAnchor(problems, { kind: "resource", key: resource.key });
            return (
              <Row key={resource.key}>
                <Cell isRowHeader>
                  <span className="flex items-center gap-3">
                    <button
                      type="button"
                      onClick={() => onEdit(resource.key)}
                      title={resource.name}
                      className="max-w-60 cursor-default truncate text-left font-medium outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-focus focus-visible:after:outline-offset-[-2px]"
                    >
                      {resource.name || "(no name)"}
                    </button>
                    {own.length > 0 && <StateMark meaning="failing">{own.length === 1 ? "1 problem" : `${own.length} problems`}</StateMark>}
                  </span>
                </Cell>
                <Cell className="whitespace-nowrap">{type?.title ?? resource.type}</Cell>
                <Cell muted>
                  <span className="block max-w-120 truncate" title={type?.sentence(resource.config)}>
                    {type?.sentence(resource.config)}
                  </span>
                </Cell>
                <Cell className="whitespace-nowrap">
                  {first ? (
                    <span className="relative z-1">
                      <Link quiet href={`/apis/${apiId}/studio?flow=${first.flowIndex}&step=${first.phase}.${first.stepIndex}`}>
                        {uses.length === 1 ? "1 step" : `${uses.length} steps`}
                      </Link>
                    </span>
                  ) : (
                    <span className="text-muted">No step</span>
                  )}
                </Cell>
                <Cell align="right">
                  <span className="relative z-1 inline-flex">
                    <Menu
                      label={`Actions for ${resource.name}`}
                      trigger={
                        <IconButton label={`Actions for ${resource.name}`} size="small">
                          <Ellipsis aria-hidden />
                        </IconButton>
                      }
                    >
                      <MenuItem icon={<SquarePen aria-hidden />} onAction={() => onEdit(resource.key)}>
                        Edit
                      </MenuItem>
                      <MenuItem icon={<Copy aria-hidden />} description="Without its secrets" onAction={() => duplicate(resource)}>
                        Duplicate
                      </MenuItem>
                      <MenuSeparator />
                      <MenuItem icon={<Trash2 aria-hidden />} tone="danger" onAction={() => remove(resource)}>
                        Remove
                      </MenuItem>
                    </Menu>
                  </span>
                </Cell>
              </Row>
            );
          })}
        </TableBody>
      </Table>
      <InUseDialog resource={blocked} onClose={() => setBlocked(null)} />
    </>
  );
}

import { Trash2 } from "lucide-react";
import { formatMoment } from "@/components/ui/format-time";
import { IconButton } from "@/components/ui/icon-button";
import { StateMark } from "@/components/ui/state-mark";
import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";
import { When } from "@/components/ui/when";
import type { ApplicationView } from "@/lib/management/contract/authorization";
import { secretLife } from "./secret-life";

/** The metadata of an application's secret. */
export type Secret = ApplicationView["secrets"][number];

function Expiry({ secret, now }: { secret: Secret; now: number }) {
  const life = secretLife(secret, now);
  const words = life.state === "expired" ? <StateMark meaning="failing">{life.words}</StateMark> : life.words;
  return secret.expiresAt === null ? (
    <span className="text-muted">{words}</span>
  ) : (
    <time dateTime={secret.expiresAt} title={formatMoment(secret.expiresAt)} className="whitespace-nowrap">
      {life.state === "soon" ? <StateMark meaning="open">{words}</StateMark> : words}
    </time>
  );
}

interface SecretTableProps {
  secrets: readonly Secret[];
  /** Milliseconds since 1970. */
  now: number;
  onDelete: (secret: Secret) => void;
}

/** Lists the client secrets, one per row. */
export function SecretTable({ secrets, now, onDelete }: SecretTableProps) {
  return (
    <Table label="Client secrets">
      <TableHead>
        <Column>Secret</Column>
        <Column className="hidden sm:table-cell">Created</Column>
        <Column>Last used</Column>
        <Column>Expires</Column>
        <Column hideLabel>Actions</Column>
      </TableHead>
      <TableBody>
        {secrets.map((secret) => (
          <Row key={secret.id}>
            <Cell isRowHeader mono className="min-w-20!">
              ••••{secret.hint}
            </Cell>
            <Cell className="hidden sm:table-cell">
              <When at={secret.createdAt} />
            </Cell>
            <Cell muted={secret.lastUsedAt === null}>{secret.lastUsedAt === null ? "Never" : <When at={secret.lastUsedAt} />}</Cell>
            <Cell>
              <Expiry secret={secret} now={now} />
            </Cell>
            <Cell align="right">
              <span className="inline-flex">
                <IconButton size="small" label={`Delete secret ending in ${secret.hint}`} onPress={() => onDelete(secret)}>
                  <Trash2 aria-hidden />
                </IconButton>
              </span>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

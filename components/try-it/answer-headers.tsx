import { Cell, Column, Row, Table, TableBody, TableHead } from "@/components/ui/table";

/** The headers of an answer, in the order in which they came. */
export function AnswerHeaders({ headers }: { headers: readonly (readonly [name: string, value: string])[] }) {
  return (
    <Table label="Response headers">
      <TableHead>
        <Column className="w-2/5">Name</Column>
        <Column>Value</Column>
      </TableHead>
      <TableBody>
        {headers.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and an answer never changes.
          <Row key={index}>
            <Cell isRowHeader mono className="align-top [overflow-wrap:anywhere]">
              {name}
            </Cell>
            <Cell mono className="[overflow-wrap:anywhere]">
              {value}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

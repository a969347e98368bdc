const variables: readonly { name: string; meaning: string }[] = [
  { name: "client.id", meaning: "client ID of the application" },
  { name: "client.name", meaning: "its name" },
  { name: "client.environment", meaning: '"production" or "sandbox"' },
  { name: "scopes", meaning: "list of granted scopes" },
  { name: "server.id", meaning: "ID of this server" },
  { name: "server.name", meaning: "its name" },
  { name: "server.audience", meaning: "its audience" },
  { name: "server.issuer", meaning: "its issuer" },
];

const examples = ['"orders:write" in scopes ? "editor" : "reader"', 'client.name + "@" + server.id'];

/** Lists the variables of an expression, with two examples. */
export function ExpressionVariables() {
  return (
    <div className="flex flex-col gap-3 border-line border-t pt-3 text-xs">
      <h3 className="font-medium text-sm">Available variables</h3>
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        {variables.map(({ name, meaning }) => (
          <div key={name} className="contents">
            <dt className="mono">{name}</dt>
            <dd className="text-muted">{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-col gap-1">
        <span className="text-muted">For example</span>
        {examples.map((example) => (
          <code key={example} className="[overflow-wrap:anywhere]">
            {example}
          </code>
        ))}
      </div>
    </div>
  );
}

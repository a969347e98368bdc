import type { Application } from "@/generated/prisma/client";
import { decide } from "@/lib/authorization-server/rules/decide";
import type { ServerRecord } from "@/lib/authorization-server/server-records";
import { findServer } from "@/lib/authorization-server/server-records";
import { ownServerOf } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { type AccessRequirement, asksToken, type TokenAccess } from "@/lib/gateway/access/access";
import { database } from "@/lib/platform/database";
import type { AccessOperationView } from "./contract/access";
import { registry } from "./registry";
import { slices } from "./yielding";

type Clients = Pick<AccessOperationView, "applications" | "applicationCount" | "canCount" | "foreign">;
type Client = Clients["applications"][number];

/** Maximum scope combinations to try for steps with scope mode `any`. */
const CHOICES_MAX = 100;
/** Maximum applications in one response, over all its operations. */
const NAMED_MAX = 2000;
const NAMED_MIN = 20;

type Candidate = Pick<Application, "id" | "name" | "clientId" | "serverId" | "environment" | "enabled" | "scopes" | "grantTypes">;

/** Returns the smallest scope sets that satisfy all requirements. */
function scopeChoices(requirements: readonly TokenAccess[]): string[][] {
  const needed = new Set(requirements.flatMap(({ scopes, scopeMode }) => (scopeMode === "all" ? scopes : [])));
  let choices: string[][] = [[...needed]];
  for (const { scopes, scopeMode } of requirements) {
    if (scopeMode === "all" || scopes.length === 0) continue;
    choices = choices
      .flatMap((choice) => (scopes.some((scope) => choice.includes(scope)) ? [choice] : scopes.map((scope) => [...choice, scope])))
      .slice(0, CHOICES_MAX);
  }
  return choices;
}

/** Finds the applications that can call each operation of one definition, by the access policies that issue tokens. */
export class ClientFinder {
  readonly #found = new Map<string, Clients>();
  readonly #work = slices();

  private constructor(
    private readonly definition: Definition,
    private readonly servers: ReadonlyMap<string, ServerRecord>,
    private readonly applications: readonly Candidate[],
    private readonly namedMax: number,
  ) {}

  /**
   * Reads the authorization servers that a definition uses, and their applications.
   * @param operations how many operations the response has
   */
  static async of(definition: Definition, operations: number): Promise<ClientFinder> {
    const ids = new Set(definition.resources.flatMap((resource) => ownServerOf(resource, registry) ?? []));
    const records = await Promise.all([...ids].map((id) => findServer(id)));
    const servers = new Map(records.flatMap((record) => (record ? [[record.id, record] as const] : [])));
    const applications = await database().application.findMany({
      where: { serverId: { in: [...servers.keys()] } },
      orderBy: [{ name: "asc" }, { id: "asc" }],
      select: { id: true, name: true, clientId: true, serverId: true, environment: true, enabled: true, scopes: true, grantTypes: true },
    });
    return new ClientFinder(definition, servers, applications, Math.max(NAMED_MIN, Math.floor(NAMED_MAX / Math.max(1, operations))));
  }

  /** Returns the applications whose tokens satisfy these requirements. */
  async clientsOf(requirements: readonly AccessRequirement[]): Promise<Clients> {
    const key = JSON.stringify(requirements);
    const found = this.#found.get(key) ?? (await this.#find(requirements));
    this.#found.set(key, found);
    return found;
  }

  async #find(requirements: readonly AccessRequirement[]): Promise<Clients> {
    const tokens = requirements.filter(asksToken);
    const resources = this.definition.resources.filter(({ name }) => tokens.some(({ resource }) => resource === name));
    const external = resources.find((resource) => ownServerOf(resource, registry) === undefined);
    const accepted = resources.flatMap((resource) => {
      const server = ownServerOf(resource, registry);
      return server === undefined ? [] : [{ resource: resource.name, server }];
    });
    const choices = scopeChoices(tokens);
    const whyNot = (application: Candidate): string => {
      const server = this.servers.get(application.serverId);
      if (!application.enabled || !server) return "The application is inactive.";
      const elsewhere = accepted.find((one) => one.server !== application.serverId);
      if (elsewhere) return `The resource ${elsewhere.resource} accepts only tokens of the authorization server ${elsewhere.server}.`;
      if (external) return `The resource ${external.name} uses an external authorization server, where this application may not exist.`;
      const environment = application.environment === "sandbox" ? "sandbox" : "production";
      if (!this.definition.endpoints[environment])
        return `The application is for ${environment}, but the API has no ${environment} endpoint.`;
      const decisions = choices.map((scopes) => decide(server, application, { scopes, grantType: "client_credentials" }));
      if (decisions.some((decision) => decision.granted)) return "";
      return decisions.flatMap((decision) => (decision.granted ? [] : [decision.description]))[0] ?? "";
    };
    const applications: Client[] = [];
    for (const application of this.applications) {
      if (!accepted.some(({ server }) => server === application.serverId)) continue;
      const why = whyNot(application);
      const { id, name, clientId } = application;
      const environment = application.environment === "sandbox" ? "sandbox" : "production";
      applications.push({ id, name, clientId, environment, can: why === "", why });
      await this.#work.pause();
    }
    const shown = applications.length > this.namedMax ? [...applications].sort((a, b) => Number(b.can) - Number(a.can)) : applications;
    return {
      applications: shown.slice(0, this.namedMax),
      applicationCount: applications.length,
      canCount: applications.filter(({ can }) => can).length,
      foreign: external !== undefined,
    };
  }
}

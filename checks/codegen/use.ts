// What a client does with the generated types. It is compiled and never run: the compiler says
// whether nulls, enums, unions and variables arrive as a client needs them.
import type { ResultOf, TypedDocumentNode, VariablesOf } from "@graphql-typed-document-node/core";

import {
  AgendaDocument,
  EventDocument,
  EventsDocument,
  TryImportDocument,
  ViewerDocument,
} from "../build/codegen/client/graphql";
import type { Event, Node, Party, UserError, UserErrorCode } from "../build/codegen/schema";

declare function request<Answer, Variables>(
  document: TypedDocumentNode<Answer, Variables>,
  variables: Variables,
): Promise<Answer>;

/** Compiles only where the two are the same type. */
function same<Expected>() {
  return <Found>(_value: Found & ([Found, Expected] extends [Expected, Found] ? unknown : never)) => {};
}

export async function schedule(slug: string): Promise<string[]> {
  const { event } = await request(AgendaDocument, { slug });
  // There may be no such event, and no agenda that the reader may see; its items are always a list.
  // @ts-expect-error
  event.title;
  same<number | null | undefined>()(event?.agenda?.version);
  const items = event?.agenda?.items ?? [];
  return items.map(({ title, startsAtLocal, room, appearances }) => {
    same<string>()(title);
    same<string | null>()(startsAtLocal);
    const who = appearances.map(({ printedName, role }) => (role === "CHAIR" ? `${printedName}*` : printedName));
    return [startsAtLocal ?? "", room?.name ?? "", title, ...who].join(" ");
  });
}

export async function hosts(slug: string): Promise<string[]> {
  const { event } = await request(EventDocument, { slug });
  // A person and an organization are both asked for their name, and there is no third.
  const stead = event?.agenda?.items[0]?.appearances[0]?.onBehalfOf;
  same<string | undefined>()(stead?.name);
  // @ts-expect-error
  event?.organizations.filter(({ role }) => role === "NO_SUCH_ROLE");
  return event?.organizations.filter(({ role }) => role === "HOST").map((host) => host.printedName) ?? [];
}

export async function* everything(): AsyncGenerator<string> {
  let after: string | null = null;
  do {
    const variables: VariablesOf<typeof EventsDocument> = {
      filter: { kind: ["FORUM"], not: { status: ["CANCELLED"] }, startsOnOrAfter: "2024-01-01" },
      after,
    };
    // A connection and its pages are never null.
    const { events }: ResultOf<typeof EventsDocument> = await request(EventsDocument, variables);
    for (const { slug } of events.nodes) yield slug;
    after = events.pageInfo.hasNextPage ? events.pageInfo.endCursor : null;
  } while (after !== null);
}

export async function problems(workspaceId: string, document: string): Promise<UserErrorCode[]> {
  // @ts-expect-error
  await request(TryImportDocument, { document });
  const { eventImport } = await request(TryImportDocument, { workspaceId, document });
  return eventImport.userErrors.map(({ code, path }) => {
    same<string[]>()(path);
    return code;
  });
}

export async function workspaces(): Promise<string[]> {
  const { viewer } = await request(ViewerDocument, {});
  return viewer?.workspaces.map(({ id }) => id) ?? [];
}

/** The whole schema, beside the operations: what implements an interface is one of it. */
export function kinds(event: Event, party: Party, error: UserError): string[] {
  const node: Node = event;
  const name = party.__typename === "Person" ? party.posts[0]?.title : party.aliases[0];
  return [node.id, name ?? "", error.message];
}

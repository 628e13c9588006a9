// What a frontend writes with the generated types; it has to compile.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

import { LeadDocument, LeadUpdateDocument, LeadsDocument } from "../generated/operations.js";
import type { LeadPatchInput, LeadsQuery } from "../generated/operations.js";

export async function execute<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: Array<{ message: string }> };
  if (!data || errors) throw new Error(errors?.map(({ message }) => message).join("; "));
  return data;
}

type Activity = LeadsQuery["leads"]["nodes"][number]["activities"]["nodes"][number];

export function summary(activity: Activity): string {
  switch (activity.__typename) {
    case "Call":
      return `a call of ${activity.duration ?? 0} seconds`;
    case "Email":
      return activity.subject ?? "a mail without a subject";
    case "Note":
      return activity.text.slice(0, 80);
    default:
      return activity.__typename;
  }
}

export async function* everyLead(): AsyncGenerator<LeadsQuery["leads"]["nodes"][number]> {
  let after: string | null = null;
  do {
    const { leads }: LeadsQuery = await execute(LeadsDocument, { first: 50, after });
    yield* leads.nodes;
    after = leads.pageInfo.hasNextPage ? leads.pageInfo.endCursor : null;
  } while (after);
}

/** Changes a lead unless somebody else was faster; returns what stopped it. */
export async function change(id: string, patch: LeadPatchInput): Promise<string[]> {
  const { lead } = await execute(LeadDocument, { id });
  if (!lead) return [`There is no lead ${id}.`];
  const { leadUpdate } = await execute(LeadUpdateDocument, {
    input: { id, patch, expectedVersion: lead.version },
  });
  return leadUpdate.userErrors.map((error) =>
    "currentVersion" in error && error.currentVersion !== null
      ? `${error.message} It is at version ${error.currentVersion} now.`
      : `${error.path?.join(".") ?? "input"}: ${error.message}`,
  );
}

export const closing = () => change("lead_1", { status: { label: "Customer" }, description: null });

/** How operations reach the server. */
import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { Kind, parse } from "graphql";

function defines(query: string, operationName: string): boolean {
  try {
    const { definitions } = parse(query, { noLocation: true });
    return definitions.some((node) => node.kind === Kind.OPERATION_DEFINITION && node.name?.value === operationName);
  } catch {
    return true; // The server says better what is wrong.
  }
}

export function createFetcher(endpoint: string): Fetcher {
  const send = createGraphiQLFetcher({ url: endpoint, enableIncrementalDelivery: false });
  return (params, options) => {
    // Just after a change of the tab or of a name, GraphiQL still gives the name from before.
    const stale = params.operationName && !defines(params.query, params.operationName);
    return send(stale ? { ...params, operationName: null } : params, options);
  };
}

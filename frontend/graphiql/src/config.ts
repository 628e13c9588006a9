/** What the server tells the page: a data block in the document, never a script. */

export interface Example {
  query: string;
  variables: string | null;
}

export interface Config {
  /** Where operations are sent. */
  endpoint: string;
  /** What the headers editor starts with, as JSON text. */
  headers: string;
  /** Whether these headers carry a key; without one the page opens where it belongs. */
  hasKey: boolean;
  /** The operations that the first visit opens, one tab each. */
  examples: Example[];
}

export function readConfig(): Config {
  const block = document.getElementById("config");
  if (!block?.textContent) throw new Error("The page carries no configuration.");
  return JSON.parse(block.textContent) as Config;
}

/** The browser's storage for this page: apart from other GraphiQL pages, and without keys. */
import { createLocalStorage, type Storage } from "@graphiql/toolkit";

const PERSIST = "graphiql:shouldPersistHeaders";
const HISTORY = ["graphiql:queries", "graphiql:favorites"];

const local = createLocalStorage({ namespace: "crm-gateway" });

/** Whether the user chose, in the settings, to keep headers in this browser. */
export function persistsHeaders(): boolean {
  return local.getItem(PERSIST) === "true";
}

function withoutHeaders(history: string): string {
  return JSON.stringify(JSON.parse(history), (key, value: unknown) => (key === "headers" ? undefined : value));
}

function scrubHistory(): void {
  for (const key of HISTORY) {
    const history = local.getItem(key);
    if (history) local.setItem(key, withoutHeaders(history));
  }
}

export const storage: Storage = {
  getItem: local.getItem,
  removeItem: local.removeItem,
  clear: () => local.clear(),
  get length() {
    return local.length;
  },
  setItem(key, value) {
    // The history plugin keeps the headers of each operation whatever the setting says.
    const secret = HISTORY.includes(key) && !persistsHeaders();
    local.setItem(key, secret ? withoutHeaders(value) : value);
    if (key === PERSIST && value !== "true") scrubHistory();
  },
};

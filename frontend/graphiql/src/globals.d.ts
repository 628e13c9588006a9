/** Names of the built worker scripts, beside the page's own; filled in by the build. */
declare const WORKERS: Readonly<Record<"editor" | "json" | "graphql", string>>;

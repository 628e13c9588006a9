/** Monaco's background workers: each is a script of our own, so no blob: source is needed. */
import type { Environment } from "monaco-editor";

const environment: Environment = {
  getWorker(_workerId, label) {
    const script = label === "graphql" || label === "json" ? WORKERS[label] : WORKERS.editor;
    return new Worker(new URL(script, import.meta.url), { type: "module", name: label });
  },
};

window.MonacoEnvironment = environment;

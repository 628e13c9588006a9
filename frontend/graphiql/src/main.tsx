/** The GraphiQL page of CRM gateway. */
import "./workers";
import "monaco-graphql/esm/monaco-editor.js";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "@graphiql/plugin-explorer/style.css";
import "./brand.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { useMonaco } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { type ReactNode, useEffect, useMemo } from "react";
import { createRoot } from "react-dom/client";

import { type Config, readConfig } from "./config";
import { createFetcher } from "./fetcher";
import { EditorStyle, Session } from "./session";
import { persistsHeaders, storage } from "./storage";

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

/** Waits for Monaco: the first introspection takes its headers from an editor. */
function WhenEditorsWork({ children }: { children: ReactNode }): ReactNode {
  const { monaco, actions } = useMonaco((state) => state);
  useEffect(() => void actions.initialize({}), [actions]);
  return monaco ? children : <p className="notice">Loading…</p>;
}

function Page({ config }: { config: Config }): ReactNode {
  const fetcher = useMemo(() => createFetcher(config.endpoint), [config.endpoint]);
  const persist = persistsHeaders();
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={PLUGINS}
      defaultTabs={config.examples}
      {...(persist ? {} : { initialHeaders: config.headers })}
      defaultEditorToolsVisibility={config.hasKey ? false : "headers"}
      shouldPersistHeaders={persist}
      showPersistHeadersSettings
      schemaDescription
      inputValueDeprecation
    >
      <GraphiQL.Logo>
        <span className="brand">CRM gateway</span>
      </GraphiQL.Logo>
      <Session />
      <EditorStyle />
    </GraphiQL>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("The page has no root element.");
createRoot(root).render(
  <WhenEditorsWork>
    <Page config={readConfig()} />
  </WhenEditorsWork>,
);

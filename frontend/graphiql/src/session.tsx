/** What GraphiQL lacks to work with an API key: one set of headers for all tabs, and a schema once it fits. */
import { useEffect } from "react";
import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

const TYPING_PAUSE = 500;

type HeaderEditor = NonNullable<ReturnType<typeof useHeaderEditor>>;

function useHeaderEditor() {
  return useGraphiQL((state) => state.headerEditor);
}

/** Tabs and history entries without headers of their own would empty the editor; the last ones stay instead. */
function keepHeaders(editor: HeaderEditor): () => void {
  let last = editor.getValue();
  const listener = editor.onDidChangeModelContent((change) => {
    const value = editor.getValue();
    if (value === "" && change.isFlush) queueMicrotask(() => editor.setValue(last));
    else last = value;
  });
  return () => listener.dispose();
}

function afterTyping(editor: HeaderEditor, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listener = editor.onDidChangeModelContent(() => {
    clearTimeout(timer);
    timer = setTimeout(act, TYPING_PAUSE);
  });
  return () => {
    clearTimeout(timer);
    listener.dispose();
  };
}

export function Session(): null {
  const editor = useHeaderEditor();
  const hasSchema = useGraphiQL((state) => Boolean(state.schema));
  const { introspect } = useGraphiQLActions();
  useEffect(() => (editor ? keepHeaders(editor) : undefined), [editor]);
  useEffect(
    () => (editor && !hasSchema ? afterTyping(editor, () => void introspect()) : undefined),
    [editor, hasSchema, introspect],
  );
  return null;
}

const EDITOR_STYLE = {
  fontSize: 13,
  lineHeight: 20,
  fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace",
};

/** The editors in the type of the page; GraphiQL fixes another one when it makes them. */
export function EditorStyle(): null {
  const editors = useGraphiQL(pick("queryEditor", "variableEditor", "headerEditor", "responseEditor"));
  useEffect(() => {
    for (const editor of Object.values(editors)) editor?.updateOptions(EDITOR_STYLE);
  }, [editors]);
  return null;
}

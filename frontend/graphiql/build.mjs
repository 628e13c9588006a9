// Bundles the page into the package. The same input gives the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { licenses } from "./licenses.mjs";

const here = import.meta.dirname;
const out = path.resolve(here, "../../app/http/static/graphiql");

const WORKERS = {
  editor: "monaco-editor/esm/vs/editor/editor.worker.js",
  json: "monaco-editor/esm/vs/language/json/json.worker.js",
  graphql: "monaco-graphql/esm/graphql.worker.js",
};

const PAGE = "src/main.tsx";
const ICON = "src/icon.svg";
const NAMES = "assets/[name]-[hash]";
const NOTICE = "/* Third-party licences: /graphiql/LICENSES.txt */";

// graphql-js asks for the process itself at run time, finds none, and would check as in development.
const productionGraphQL = {
  name: "production-graphql",
  setup({ onLoad }) {
    const contents = "export const instanceOf = (value, constructor) => value instanceof constructor;";
    onLoad({ filter: /graphql\/jsutils\/instanceOf\.m?js$/ }, () => ({ contents }));
  },
};

const common = {
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  format: "esm",
  target: "es2022",
  entryNames: NAMES,
  chunkNames: NAMES,
  assetNames: NAMES,
  legalComments: "none",
  banner: { js: NOTICE, css: NOTICE },
  plugins: [productionGraphQL],
  logLevel: "warning",
};

const define = { "process.env.NODE_ENV": '"production"' };

function buildWorkers() {
  const entryPoints = Object.entries(WORKERS).map(([name, source]) => ({ in: source, out: `${name}.worker` }));
  return build({ ...common, entryPoints, define });
}

/** Worker labels with the script that each was built into, as the page's scripts see it. */
function workerScripts({ metafile }) {
  const files = Object.keys(metafile.outputs).map((file) => path.basename(file));
  return Object.fromEntries(
    Object.keys(WORKERS).map((name) => [name, `./${files.find((file) => file.startsWith(`${name}.worker-`))}`]),
  );
}

function buildPage(workers) {
  return build({
    ...common,
    entryPoints: [PAGE, ICON],
    splitting: true,
    external: ["graphql-ws"],
    define: { ...define, WORKERS: JSON.stringify(workers) },
    loader: { ".svg": "copy", ".ttf": "file" },
  });
}

/** The built address of each file that the document names. */
function addresses({ metafile }) {
  const entries = Object.entries(metafile.outputs);
  const [script, { cssBundle }] = entries.find(([, { entryPoint }]) => entryPoint === PAGE);
  const [icon] = entries.find(([, { entryPoint }]) => entryPoint === ICON);
  const address = (file) => `graphiql/${path.relative(out, path.resolve(here, file))}`;
  return { script: address(script), style: address(cssBundle), icon: address(icon) };
}

async function writeDocument(names) {
  const source = await readFile(path.join(here, "src/index.html"), "utf8");
  const document = source.replace(/{{(script|style|icon)}}/g, (_, name) => names[name]);
  await writeFile(path.join(out, "index.html"), document);
}

/** Writes what was built; styles of chunks are left out, the page's one style sheet has them all. */
async function writeAssets(results, style) {
  const wanted = ({ path: file }) => !file.endsWith(".css") || file.endsWith(path.basename(style));
  const files = results.flatMap(({ outputFiles }) => outputFiles).filter(wanted);
  await rm(out, { recursive: true, force: true });
  await mkdir(path.join(out, "assets"), { recursive: true });
  await Promise.all(files.map(({ path: file, contents }) => writeFile(file, contents)));
  return files.reduce((bytes, { contents }) => bytes + contents.length, 0);
}

/** Which sources the bundle was built from, in the format of sha256sum: a test holds them against the tree. */
async function writeSources() {
  const sources = (await readdir(path.join(here, "src"))).map((name) => `src/${name}`);
  const names = [...sources, "build.mjs", "licenses.mjs", "package-lock.json"].sort();
  const line = async (name) => {
    const hash = createHash("sha256").update(await readFile(path.join(here, name)));
    return `${hash.digest("hex")}  ${name}\n`;
  };
  await writeFile(path.join(out, "SOURCES.sha256"), (await Promise.all(names.map(line))).join(""));
}

const workers = await buildWorkers();
const page = await buildPage(workerScripts(workers));
const names = addresses(page);
const bytes = await writeAssets([workers, page], names.style);
await writeDocument(names);
await writeSources();
await writeFile(path.join(out, "LICENSES.txt"), await licenses(here, [workers.metafile, page.metafile]));
console.log(`${path.relative(process.cwd(), out)}: ${(bytes / 1e6).toFixed(1)} MB`);

// The licence texts of every package that ended up in the bundle.
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

const ACCEPTED = new Set(["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"]);
const TEXT = /^(licen[cs]e|third-?party-?notices|copyrightnotice|notice)([.-].*)?$/i;

// Packages published without their text, and the one from the same repository that has it.
const SIBLINGS = {
  "@graphiql/plugin-doc-explorer": "graphiql",
  "@graphiql/plugin-explorer": "graphiql",
  "@graphiql/plugin-history": "graphiql",
  "react-compiler-runtime": "react",
  "react-remove-scroll-bar": "react-remove-scroll",
};

/** The folder of the package that a bundled file belongs to; none for our own sources. */
function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

async function texts(folder) {
  const names = (await readdir(folder)).filter((name) => TEXT.test(name)).sort();
  const read = await Promise.all(names.map((name) => readFile(path.join(folder, name), "utf8")));
  return read.map((text) => text.replaceAll("\r\n", "\n").trim());
}

async function section(root, folder) {
  const manifest = JSON.parse(await readFile(path.join(root, folder, "package.json"), "utf8"));
  if (!ACCEPTED.has(manifest.license)) throw new Error(`${manifest.name}: licence ${manifest.license} is not accepted`);
  const sibling = SIBLINGS[manifest.name];
  const found = await texts(path.join(root, sibling ? `node_modules/${sibling}` : folder));
  if (found.length === 0) throw new Error(`${manifest.name}: no licence text`);
  return [`${manifest.name} ${manifest.version} (${manifest.license})`, ...found].join("\n\n");
}

export async function licenses(root, metafiles) {
  const files = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(files.map(packageFolder).filter(Boolean));
  const sections = await Promise.all([...folders].map((folder) => section(root, folder)));
  const head = "The GraphiQL page contains these packages, under the licences printed here.";
  return `${[head, ...new Set(sections.sort())].join(`\n\n${"-".repeat(78)}\n\n`)}\n`;
}

/**
 * Writes docs/api.md, the reference of the library, from the docstrings of what `src/index.ts` exports. With `--check`
 * nothing is written, and the exit code says whether the page is as it would be.
 *
 *     node scripts/api-reference.ts [--check]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { format } from "prettier";
import * as z from "zod";
import { configTypes } from "./config-reference.ts";

const PAGE = path.resolve("docs/api.md");
const MODEL = "broadsheet.api.json";

const COMPILER = {
  target: "esnext",
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  skipLibCheck: true,
  types: [],
};

interface Member {
  readonly kind: string;
  readonly name?: string | undefined;
  readonly docComment?: string | undefined;
  readonly excerptTokens?: readonly { readonly text: string }[] | undefined;
  readonly members?: readonly Member[] | undefined;
}

const member: z.ZodType<Member> = z.lazy(() =>
  z.looseObject({
    kind: z.string(),
    name: z.string().optional(),
    docComment: z.string().optional(),
    excerptTokens: z.array(z.looseObject({ text: z.string() })).optional(),
    members: z.array(member).optional(),
  }),
);

const folder = mkdtempSync(path.join(tmpdir(), "broadsheet-api-"));
try {
  // A name that the DOM's types have too is numbered.
  const named = pageOf(await modelOf(folder)).replaceAll(/\b([A-Z]\w+)_2\b/g, "$1");
  const page = await format(named, { parser: "markdown", printWidth: 100 });
  if (!process.argv.includes("--check")) writeFileSync(PAGE, page);
  else if (readFileSync(PAGE, "utf8") !== page) {
    console.error("docs/api.md is not what the docstrings say: npm run docs:api");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** What api-extractor reads in the types that the package ships. */
async function modelOf(into: string): Promise<readonly Member[]> {
  const tsc = ["-p", "tsconfig.build.json", "--emitDeclarationOnly", "--outDir", into];
  execFileSync("node_modules/.bin/tsc", tsc, { stdio: "inherit" });
  writeFileSync(path.join(into, "config/user-config.d.ts"), await configTypes());
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: process.cwd(),
      mainEntryPointFilePath: path.join(into, "index.d.ts"),
      compiler: {
        overrideTsconfig: { compilerOptions: COMPILER, files: [path.join(into, "index.d.ts")] },
      },
      docModel: { enabled: true, apiJsonFilePath: path.join(into, MODEL) },
      dtsRollup: { enabled: false },
      apiReport: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path.resolve("package.json"),
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      // Docstrings here are for people: their tags are few, and TSDoc's rules for braces are not ours.
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  if (!succeeded) throw new Error("api-extractor can't read the types");
  const [entry] =
    member.parse(JSON.parse(readFileSync(path.join(into, MODEL), "utf8"))).members ?? [];
  return entry?.members ?? [];
}

function pageOf(all: readonly Member[]): string {
  const functions = all.filter(({ kind }) => kind === "Function" || kind === "Class");
  const others = all.filter((one) => !functions.includes(one));
  return [
    "# The library",
    "All that `broadsheet` exports, from its docstrings (`npm run docs:api` writes this page). Errors are `BroadsheetError`s, whose `code` says what happened and whose `fix` says what to do.",
    "## Functions and classes",
    ...functions.map(section),
    "## Types and values",
    ...others.map(section),
    "",
  ].join("\n\n");
}

function section(one: Member): string {
  const { text, throws } = docOf(one);
  return [
    `### ${one.name ?? ""}`,
    text,
    ...(throws === "" ? [] : [`**Throws** ${throws}`]),
    // What a schema infers is as long as the page, and said by the type beside it.
    one.kind === "Variable" ? "" : ["```ts", declarationOf(one), "```"].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** With its members, each under its own docstring. */
function declarationOf(one: Member): string {
  const head = excerptOf(one);
  const members = (one.members ?? []).filter(({ kind }) => kind !== "Constructor");
  if (members.length === 0) return head;
  const lines = members.map((inner) => `${commentOf(inner)}  ${excerptOf(inner)}`);
  return `${head} {\n${lines.join("\n")}\n}`;
}

function excerptOf({ excerptTokens = [] }: Member): string {
  return (
    excerptTokens
      .map(({ text }) => text)
      .join("")
      .replace(/^export (?:declare )?/, "")
      // A parameter that is taken apart has no name in the types.
      .replaceAll(/\binput(?=\??:)/g, "options")
      .trim()
  );
}

function commentOf({ docComment = "" }: Member): string {
  return docComment === ""
    ? ""
    : docComment
        .trimEnd()
        .replaceAll(/@throws\s*\n\s*\*\s*\n\s*\*\s*/g, "@throws ")
        .trimEnd()
        .replaceAll(/^\s*/gm, (_space, at) => (at === 0 ? "  " : "   ")) + "\n";
}

function docOf({ docComment = "" }: Member): { readonly text: string; readonly throws: string } {
  const plain = docComment
    .replace(/^\s*\/\*\*/, "")
    .replace(/\*\/\s*$/, "")
    .replaceAll(/^[ \t]*\* ?/gm, "")
    .trim();
  const [text = "", ...throws] = plain.split(/^@throws\s+(?:BroadsheetError )?/m);
  return { text: text.trim(), throws: throws.join(" ").replaceAll("\n", " ").trim() };
}

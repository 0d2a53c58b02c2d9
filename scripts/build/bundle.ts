import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, type PluginContext, rolldown } from "rolldown";
import { STAND_INS } from "../../src/email/mjml/render-mjml.ts";

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));

/** What a process or a thread begins with, or a program imports. Each keeps its name in src. */
const ENTRIES = [
  "cli/main",
  "index",
  "serve/io/store-worker",
  "issue/pictures/io/converter-process",
];

/**
 * What is installed beside Broadsheet: native code, what few newsletters need, and two packages whose security fixes users get
 * without a release of ours.
 */
const INSTALLED =
  /^(?:handlebars|nodemailer|sharp|playwright-core|@sparticuz\/chromium|axe-core|mailauth|imapflow|pg|pg-boss|ai|@ai-sdk\/[\w-]+)(?:\/|$)/;

/**
 * Bundles our code and all that it needs into a folder; the files that went in. What is loaded late stays a file of its
 * own, and so does what several of them need. Names stay, so that a stack trace can be read.
 */
export async function bundle(folder: string): Promise<readonly string[]> {
  const late = new LateFiles();
  const build = await rolldown({
    input: Object.fromEntries(ENTRIES.map((name) => [name, path.join(SRC, `${name}.ts`)])),
    platform: "node",
    external: INSTALLED,
    plugins: [requiredLate(late), leftOutOfMjml()],
    onLog(level, { message }) {
      if (level === "warn") throw new Error(message);
    },
  });
  const { output } = await build.write({
    dir: folder,
    format: "esm",
    // For each file in .js Node would look for the package.json that says how to read it.
    entryFileNames: ({ name }) => (ENTRIES.includes(name) ? "[name].js" : "chunks/[name].mjs"),
    chunkFileNames: "chunks/[name].mjs",
    assetFileNames: "chunks/[name][extname]",
    comments: false,
  });
  await build.close();
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  return [...modules, ...late.assets];
}

/** What our code requires where it first needs it, each a file that is required from there. */
class LateFiles {
  readonly assets: string[] = [];
  readonly #files = new Map<string, string>();
  readonly #references = new Map<string, string>();

  /** Makes a file of the package for what `file` exports, which is a module or JSON that is required as `name`. */
  add(file: string, name: string, context: PluginContext): void {
    if (this.#files.has(name)) return;
    this.#files.set(name, file);
    this.#references.set(name, emit(file, name, context));
    if (file.endsWith(".json")) this.assets.push(file);
  }

  fileOf(name: string): string {
    return this.#files.get(name) ?? "";
  }

  referenceOf(name: string): string {
    return this.#references.get(name) ?? "";
  }
}

const LATE = "\0late:";
/** The bundler reads a name with this ending as a module. */
const AS_MODULE = ".mjs";

function emit(file: string, required: string, context: PluginContext): string {
  const name = `late-${required.replaceAll(/\W+/g, "-")}`;
  // Node parses JSON faster than a program that says the same.
  if (file.endsWith(".json"))
    return context.emitFile({ type: "asset", name: `${name}.json`, source: readFileSync(file) });
  // The bundler writes this id into a comment of the package, so the id has no path of the builder's machine.
  return context.emitFile({ type: "chunk", id: `${LATE}${required}${AS_MODULE}`, name });
}

/** A bundler leaves such a `require` to Node, which wouldn't find the package. */
function requiredLate(late: LateFiles): Plugin {
  return {
    name: "required-late",
    transform(code, id) {
      if (!id.startsWith(SRC) || !REQUIRE.test(code)) return undefined;
      const changed = code.replaceAll(
        new RegExp(REQUIRE, "g"),
        (_all, how: string, required: string | undefined, resolved = "") => {
          const name = required ?? resolved;
          const from = how === "mjmlRequire" ? requireOfMjml : createRequire(id);
          // A package that is for `import` alone is resolved as one.
          const file = required ? from.resolve(name) : fileURLToPath(import.meta.resolve(name));
          late.add(file, name, this);
          return `requireLate(import.meta.url)("${LATE_MARK}${name}")`;
        },
      );
      return `import { createRequire as requireLate } from "node:module";\n${changed}`;
    },
    resolveId: (id) => (id.startsWith(LATE) ? id : undefined),
    load(id) {
      if (!id.startsWith(LATE)) return undefined;
      const file = JSON.stringify(late.fileOf(id.slice(LATE.length, -AS_MODULE.length)));
      return `const exported = require(${file});\nexport { exported as "module.exports" };\n`;
    },
    renderChunk(code, { fileName }) {
      return code.replaceAll(new RegExp(`"${LATE_MARK}([^"]+)"`, "g"), (_all, name: string) => {
        const file = this.getFileName(late.referenceOf(name));
        const relative = path.posix.relative(path.posix.dirname(fileName), file);
        return JSON.stringify(relative.startsWith(".") ? relative : `./${relative}`);
      });
    },
  };
}

const LATE_MARK = "late-file:";
const REQUIRE =
  /\b(createRequire\(import\.meta\.url\)|mjmlRequire)\(\s*(?:"([^"]+)"|fileURLToPath\(import\.meta\.resolve\("([^"]+)"\)\)),?\s*\)/;

const requireOfMjml = createRequire(
  createRequire(createRequire(import.meta.url).resolve("mjml")).resolve("mjml-core"),
);

/** As src/email/mjml/render-mjml.ts does it where the source runs. */
function leftOutOfMjml(): Plugin {
  return {
    name: "left-out-of-mjml",
    resolveId(id, importer) {
      const standIn = importer?.includes("/node_modules/mjml-core/") && STAND_INS.get(id);
      return standIn ? path.join(SRC, "email/mjml", standIn) : undefined;
    },
  };
}

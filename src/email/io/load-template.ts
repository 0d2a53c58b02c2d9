import { CacheFolder } from "../../platform/files/cache-folder.ts";
import { fileStamp, Kept } from "../../platform/kept.ts";
import { userCacheFolder } from "../../platform/files/only-ours.ts";
import type { MjmlCache } from "../render-email.ts";
import { readdir } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { BroadsheetError, nearest } from "../../errors.ts";
import { readLocalText } from "../../platform/files/local-file.ts";
import type { Environment } from "../../platform/environment.ts";
import { OWN_FOLDER } from "../../platform/own-files.ts";
import type { Template, TemplateFile } from "../email.ts";
import { parseTheme } from "../theme.ts";

const SHIPPED = fileURLToPath(new URL("templates/", OWN_FOLDER));

/**
 * Loads a template by name: from `dir` (a newsletter's own templates) if it is there, otherwise a shipped one. Partials are
 * shared. A template's own `partials/` and those of `dir` replace shared ones by name, and so does a `theme.json` in
 * either.
 * @throws BroadsheetError TEMPLATE_MISSING with the nearest name; TEMPLATE_INVALID for a bad theme.
 */
export async function loadTemplate(name: string, dir?: string): Promise<Template> {
  const roots = dir === undefined ? [SHIPPED] : [dir, SHIPPED];
  const root = await findRoot(name, roots);
  // Later folders have priority: shipped, then the newsletter's, then the template's own.
  const folders = [...roots.toReversed(), join(root, name)];
  const partials = await readPartials(folders);
  return {
    name,
    html: await readTemplateFile(join(root, name, "html.mjml.hbs"), root),
    text: await readTemplateFile(join(root, name, "text.txt.hbs"), root),
    partials: new Map(partials.map(({ name, file }) => [name, file])),
    theme: await readTheme(folders),
    isShipped: [root, ...partials.map(({ folder }) => folder)].every(isShipped),
  };
}

async function findRoot(name: string, roots: readonly string[]): Promise<string> {
  if (/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(name)) {
    for (const root of roots) {
      if ((await namesIn(join(root, name))).includes("html.mjml.hbs")) return root;
    }
  }
  const known = await namesOf(roots);
  const near = nearest(name, known);
  throw new BroadsheetError("TEMPLATE_MISSING", `there is no template "${name}"`, {
    fix: near ? `did you mean ${near}?` : `use one of ${known.join(", ")}`,
  });
}

/** Returns the names of the templates that a newsletter can use: the shipped ones and its own. */
export async function templateNames(dir: string): Promise<string[]> {
  return namesOf([dir, SHIPPED]);
}

async function namesOf(roots: readonly string[]): Promise<string[]> {
  return [...new Set((await Promise.all(roots.map(templatesIn))).flat())].sort();
}

async function templatesIn(root: string): Promise<string[]> {
  const names = await namesIn(root);
  const files = await Promise.all(names.map((name) => namesIn(join(root, name))));
  return names.filter((_name, index) => files[index]?.includes("html.mjml.hbs"));
}

/** Returns the names in a folder. Empty if the folder is missing. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

interface Partial {
  readonly name: string;
  readonly folder: string;
  readonly file: TemplateFile;
}

/** Reads the partials of all folders. The last one of a name counts. */
async function readPartials(folders: readonly string[]): Promise<Partial[]> {
  const partials: Partial[] = [];
  for (const folder of folders) {
    const files = (await namesIn(join(folder, "partials"))).filter((name) => name.endsWith(".hbs"));
    for (const file of files.sort()) {
      const name = file.replace(/(?:\.(?:mjml|txt))?\.hbs$/, "");
      const path = join(folder, "partials", file);
      partials.push({ name, folder, file: await readTemplateFile(path, folder) });
    }
  }
  return partials;
}

function isShipped(folder: string): boolean {
  return !relative(SHIPPED, folder).startsWith("..");
}

async function readTheme(folders: readonly string[]): Promise<Template["theme"]> {
  let theme: Template["theme"] | undefined;
  for (const folder of folders) {
    if (!(await namesIn(folder)).includes("theme.json")) continue;
    const { file, source } = await readTemplateFile(join(folder, "theme.json"), folder);
    theme = parseTheme(source, file, theme);
  }
  if (!theme) throw new Error("the shipped templates have no theme.json");
  return theme;
}

/** The preview renders an issue repeatedly. Shipped files are read once, others again when they change. */
const sources = new Kept<string>();

/** Reads a template file. Its name for people is `templates/…` if it is shipped. */
async function readTemplateFile(path: string, within: string): Promise<TemplateFile> {
  const file = isShipped(path) ? join("templates", relative(SHIPPED, path)) : relative("", path);
  try {
    const stamp = isShipped(path) ? "" : ((await fileStamp(path)) ?? "");
    const source = await sources.get(path, stamp, async () => readLocalText(path, { within }));
    return { file, source };
  } catch (cause) {
    if (cause instanceof BroadsheetError) throw cause;
    throw new BroadsheetError("TEMPLATE_MISSING", `the template has no ${basename(path)}`, {
      where: { file },
      fix: "a template folder holds html.mjml.hbs and text.txt.hbs; docs/templates.md describes them",
      cause,
    });
  }
}

/**
 * Opens the cache of MJML results, one file each in the user's cache folder. An entry that cannot be read or written is
 * ignored, and the folder may be deleted at any time.
 */
export function openMjmlCache(env: Environment = process.env): MjmlCache {
  const files = new CacheFolder(userCacheFolder("mjml", env));
  return {
    async get(key) {
      const html = (await files.read(`${key}.html`))?.toString("utf8");
      // A full disk may have cut a file short. It must not become an incomplete email.
      return html?.trimEnd().endsWith("</html>") ? html : undefined;
    },
    async set(key, html) {
      await files.write(`${key}.html`, html).catch(() => undefined);
    },
  };
}

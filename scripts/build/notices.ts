import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The package.json of a package that files are from. */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type: string };
  readonly author?: string | { readonly name: string };
  readonly homepage?: string;
  readonly folder: string;
}

/** What the authors of the packages that files are from ask to go along with their code. */
export function noticesOf(files: readonly string[]): string {
  return `${HEAD}${RULE}${licencesOf(files)}\n`;
}

/** The licences of the packages that files are from; empty where there are none. */
export function licencesOf(files: readonly string[]): string {
  const notices = new Map(packagesOf(files).map((one) => [titleOf(one), noticeOf(one)]));
  const parts = [...notices].sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([title, text]) => `${title}\n\n${text}`).join(RULE);
}

/** The packages that files are from, each version once. */
export function packagesOf(files: readonly string[]): readonly Package[] {
  const folders = new Set(files.flatMap((file) => folderOf(file) ?? []));
  const packages = new Map(
    [...folders].map(describe).map((one) => [`${one.name} ${one.version}`, one]),
  );
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const HEAD = `Broadsheet's dist/ has code of the packages below in it, each under its own licence.`;
const RULE = `\n\n${"-".repeat(80)}\n\n`;

/** The folder of a package. Some have copies of others in them, without their package.json: those count as theirs. */
function folderOf(file: string): string | undefined {
  const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
  if (folder === undefined || existsSync(path.join(folder, "package.json"))) return folder;
  return folderOf(folder);
}

function describe(folder: string): Package {
  const described: Package = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return { ...described, folder };
}

function titleOf({ name, version, license }: Package): string {
  const licence = typeof license === "object" ? license.type : license;
  return `${name} ${version}: ${licence ?? "no licence named"}`;
}

function noticeOf({ name, author, homepage, folder }: Package): string {
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  if (files.length > 0)
    return files.map((file) => readFileSync(path.join(folder, file), "utf8").trim()).join("\n\n");
  const by = typeof author === "object" ? author.name : author;
  const known = [by && `Copyright ${by}`, homepage ?? `https://www.npmjs.com/package/${name}`];
  return `${known.filter(Boolean).join("\n")}\nThe package has no file with its licence.`;
}

const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.]\w+)*$/i;

import { lstat, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { Source } from "../../article/article.ts";
import {
  decodeSource,
  MAX_ARTICLE_BYTES,
  pictureFix,
  sourceOf,
  standardMarkdown,
  tooLarge,
} from "../../article/decode-source.ts";
import { BroadsheetError, nearest } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readCapped, readLocalFile } from "../../platform/files/local-file.ts";
import type { Reporter } from "../../platform/reporter.ts";
import { shownUrl } from "../../platform/http/web-address.ts";

/** The name that stands for standard input. */
const STDIN = "-";

/**
 * What a folder is searched for; also what an editor may take for articles and is refused with what to do. A file named on
 * its own may have any ending.
 */
const ARTICLE =
  /\.(?:txt|md|markdown|html?|xml|rss|atom|json|csv|docx?|docm|pdf|eml|zip|opml|rst|adoc|asciidoc)$/i;
/** Files that may be mostly pictures. Their text is measured when they are opened. */
const DOCUMENT = /\.(?:docx|docm|pdf|eml|zip)$/i;
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
/** They are there for the articles: only those that no file beside them names are reported. */
const PICTURE = /\.(?:png|jpe?g|gif|webp|avif|svg|hei[cf]|tiff?)$/i;

/**
 * The files that some names stand for, and what was passed over in the folders among them. Names are
 * relative to the working directory where they lie in it, with `/` between folders.
 */
interface FoundFiles {
  readonly files: readonly string[];
  /** The folder that was searched; undefined for a file that was named. */
  readonly within?: string;
  /** Files that are no articles by their names. */
  readonly others: readonly string[];
  /** Folders with articles in them, which were not searched. */
  readonly folders: readonly string[];
  /** Pictures that no other file of the folder names. */
  readonly pictures: readonly string[];
}

/**
 * The files behind a file, a folder or `-`. A folder stands for the articles directly in it, in the
 * order of their names; what else is in it is in `others`, `folders` and `pictures`, dotfiles apart.
 * @throws BroadsheetError INPUT_MISSING, with the nearest name in that folder; INPUT_UNREADABLE.
 */
export async function findFiles(name: string, cwd: string): Promise<FoundFiles> {
  if (name === STDIN) return just(STDIN);
  if (isOnTheWeb(name)) return just(name);
  const file = path.resolve(cwd, name);
  const found = await stat(file).catch((cause: unknown) => missing(name, file, cause));
  const shown = shownAs(file, name, cwd);
  return found.isDirectory() ? findInFolder(file, shown) : just(shown);
}

type FoundKind = "files" | "others" | "folders" | "pictures";

function just(file: string): FoundFiles {
  return { files: [file], others: [], folders: [], pictures: [] };
}

/** A file, an address or standard input that an article is read from. */
export interface FoundFile {
  readonly name: string;
  /** The folder that the file was found in. Its content must lie there; that of a file that was named may lie anywhere. */
  readonly within?: string | undefined;
}

/**
 * One file, or standard input, as text.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_TOO_LARGE before it is read whole,
 * and what `decodeText` throws.
 */
export async function readSource({ name, within }: FoundFile, cwd: string): Promise<Source> {
  const source = await sourceOf(await readBytes(name, cwd, within), name);
  if (source.format === "export") return { ...source, files: await readPosts(source, cwd) };
  const folder = path.dirname(name);
  return standardMarkdown(source, async (note) => {
    const file = path.join(folder, /\.md$/i.test(note) ? note : `${note}.md`);
    const bytes = readBytes(file, cwd, path.resolve(cwd, folder));
    return bytes.then((read) => decodeSource(read, file)).catch(() => "");
  });
}

/** Whether a name is an address of the web. */
export function isOnTheWeb(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

/** The HTML of the posts that a Substack export lists, from the `posts` folder beside it. */
async function readPosts(source: Source, cwd: string): Promise<Map<string, string>> {
  const folder = path.join(path.dirname(source.location), "posts");
  const { filesOf } = await import("../../article/read-articles.ts");
  const posts = new Map<string, string>();
  for (const name of filesOf(source)) {
    const file = path.join(folder, name);
    const bytes = readBytes(file, cwd, path.resolve(cwd, folder));
    const html = await bytes.then((read) => decodeSource(read, file)).catch(() => undefined);
    if (html !== undefined) posts.set(name, html);
  }
  return posts;
}

/**
 * The bytes of one file, or of standard input.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_TOO_LARGE before it is read whole.
 */
export async function readBytes(shown: string, cwd: string, within?: string): Promise<Buffer> {
  const file = path.resolve(cwd, shown);
  const mostBytes = DOCUMENT.test(shown) ? MAX_DOCUMENT_BYTES : MAX_ARTICLE_BYTES;
  const bounds = {
    within,
    shown,
    mostBytes,
    tooLarge: (bytes: number) => tooLarge(shown, bytes, mostBytes),
  };
  const read =
    shown === STDIN ? readCapped(process.stdin, shown, bounds) : readLocalFile(file, bounds);
  return read.catch((cause: unknown) => missing(shown, file, cause));
}

async function findInFolder(folder: string, shown: string): Promise<FoundFiles> {
  const found: Record<FoundKind, string[]> = { files: [], others: [], folders: [], pictures: [] };
  for (const name of (await namesIn(folder, shown)).sort(naturalOrder)) {
    const kind = await kindOf(path.join(folder, name), name);
    if (kind) found[kind].push(path.posix.join(shown, name));
  }
  return { ...found, pictures: await unnamed(found, folder), within: folder };
}

/** The pictures that no text of their folder names: no article shows them, and no config has them as its logo. */
async function unnamed(
  { pictures, files, others }: Pick<FoundFiles, FoundKind>,
  folder: string,
): Promise<readonly string[]> {
  let left = pictures;
  for (const file of [...files, ...others].filter((name) => !DOCUMENT.test(name))) {
    if (left.length === 0) break;
    const bytes = readBytes(path.basename(file), folder, folder);
    const text = await bytes.then((read) => decodeSource(read, file).normalize()).catch(() => "");
    left = left.filter((picture) => {
      const name = path.posix.basename(picture).normalize();
      return !text.includes(name) && !text.includes(encodeURI(name));
    });
  }
  return left;
}

async function namesIn(folder: string, shown: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) =>
    Promise.reject(unreadable(shown, cause)),
  );
  return names.filter((name) => !name.startsWith("."));
}

/** What a name in a folder stands for; undefined where no note is needed. */
async function kindOf(file: string, name: string): Promise<FoundKind | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isDirectory()) {
    if (PICTURE.test(name)) return "pictures";
    return ARTICLE.test(name) ? "files" : "others";
  }
  const inside = await readdir(file).catch(() => []);
  return inside.some((name) => ARTICLE.test(name)) ? "folders" : undefined;
}

/** Relative inside the working directory, so that an issue doesn't depend on where the project lies. */
function shownAs(file: string, name: string, cwd: string): string {
  const inside = path.relative(cwd, file);
  const isInside = inside !== "" && !inside.startsWith("..") && !path.isAbsolute(inside);
  return (isInside ? inside : name).replaceAll(path.sep, "/");
}

async function missing(shown: string, file: string, cause: unknown): Promise<never> {
  if (cause instanceof BroadsheetError) throw cause;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code !== "ENOENT" && code !== "ENOTDIR") throw unreadable(shown, cause);
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => undefined);
  if (!names) {
    throw new BroadsheetError(
      "INPUT_MISSING",
      `there is no ${shown}, nor the folder it would be in`,
      {
        fix: "check the path",
        cause,
      },
    );
  }
  if (names.includes(path.basename(file))) {
    const isThere = await lstat(file).catch(() => undefined);
    const what = isThere ? "is a link that leads nowhere" : "has a name that is not in UTF-8";
    const fix = isThere ? "put a file where it leads, or take it away" : "give it another name";
    throw new BroadsheetError("INPUT_MISSING", `${shown} ${what}`, { fix, cause });
  }
  const near = nearest(path.basename(file), names);
  const beside = near && path.posix.join(path.posix.dirname(shown), near);
  throw new BroadsheetError("INPUT_MISSING", `there is no ${shown}`, {
    fix: beside ? `did you mean ${beside}?` : "check the path",
    cause,
  });
}

function unreadable(shown: string, cause: unknown): BroadsheetError {
  return fileError(cause, "INPUT_UNREADABLE", `${shown} can't be read`, {
    fix: "check what it is, and its permissions",
  });
}

/**
 * Compares names as people count: "2.md" before "10.md". By code point otherwise, so that an issue has
 * the same order on every machine, whatever its locale.
 */
export function naturalOrder(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (const [index, part] of left.entries()) {
    const difference = comparePart(part, right[index] ?? "");
    if (difference !== 0) return difference;
  }
  return left.length - right.length || comparePoints(a, b);
}

/** Runs of digits and runs of anything else, in turn. */
function parts(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function comparePart(a: string, b: string): number {
  const isCount = /^\d/.test(a) && /^\d/.test(b);
  if (!isCount) return comparePoints(a, b);
  const left = a.replace(/^0+/, "");
  const right = b.replace(/^0+/, "");
  return left.length - right.length || comparePoints(left, right);
}

function comparePoints(a: string, b: string): number {
  if (a === b) return 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The most names in a note. The others can be seen in the folder. */
const NAMED = 3;

/** The folder from which files are named, and the reporter of what is left out. */
export interface Surroundings {
  readonly cwd: string;
  readonly reporter: Reporter;
}

/**
 * The files behind one argument; what a folder holds beside articles is reported in a line.
 * @throws BroadsheetError CONTENT_NO_STORY for a folder without any, and what `findFiles` throws.
 */
export async function findArticles(
  name: string,
  { cwd, reporter }: Surroundings,
): Promise<FoundFile[]> {
  const { files, others, folders, pictures, within } = await findFiles(name, cwd);
  if (others.length > 0) reporter.note(othersNote(others));
  if (folders.length > 0) reporter.note(foldersNote(folders));
  if (pictures.length > 0) reporter.note(picturesNote(pictures));
  if (files.length > 0) return files.map((file) => ({ name: file, within }));
  throw new BroadsheetError("CONTENT_NO_STORY", `there is no article in ${name}`, {
    fix: "put a .txt or .md file there, or name one",
  });
}

function othersNote(others: readonly string[]): string {
  if (others.length === 1) return `Left out ${others[0]}: not an article by its name`;
  return `Left out ${others.length} files that are not articles: ${someOf(others)}`;
}

function foldersNote(folders: readonly string[]): string {
  if (folders.length === 1)
    return `Left out the folder ${folders[0]}: name it to read what is in it`;
  return `Left out ${folders.length} folders, which are read where they are named: ${someOf(folders)}`;
}

function picturesNote(pictures: readonly string[]): string {
  const [picture = ""] = pictures;
  if (pictures.length === 1)
    return `Left out ${picture}, a picture that no article names: ${pictureFix(picture)}`;
  return `Left out ${pictures.length} pictures that no article names: ${someOf(pictures)}`;
}

function someOf(names: readonly string[]): string {
  return names.slice(0, NAMED).join(", ") + (names.length > NAMED ? " …" : "");
}

/** A source as messages name it: an address may hold a key to a private feed. */
export function sourceName(name: string): string {
  const url = isOnTheWeb(name) ? URL.parse(name) : undefined;
  return url ? shownUrl(url) : name;
}

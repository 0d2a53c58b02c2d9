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
import { isArticleName, isDocumentName } from "../../article/sniff-format.ts";
import { BroadsheetError, nearest } from "../../errors.ts";
import { fileError } from "../../platform/file-error.ts";
import { readCapped, readLocalFile } from "../../platform/files/local-file.ts";
import type { Reporter } from "../../platform/reporter.ts";
import { shownUrl } from "../../platform/http/web-address.ts";

/** The name of standard input. */
const STDIN = "-";

/** The text of a document is measured when it is opened. */
const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
/** Pictures belong to articles. Only a picture that no file beside it names is reported. */
const PICTURE = /\.(?:png|jpe?g|gif|webp|avif|svg|hei[cf]|tiff?)$/i;

/**
 * The files of a name, and other files in its folder. A file in the working directory has a name relative to it. Folders are
 * separated by `/`.
 */
interface FoundFiles {
  readonly files: readonly string[];
  /** The folder that was searched. Undefined for a file that was named by itself. */
  readonly within?: string;
  /** Files that are not articles by their names. */
  readonly others: readonly string[];
  /** Folders with articles in them, which were not searched. */
  readonly folders: readonly string[];
  /** Pictures that no other file of the folder names. */
  readonly pictures: readonly string[];
}

/**
 * The files behind a file, a folder or `-`. A folder means the articles directly in it, in the order of their names. Its
 * other content is in `others`, `folders` and `pictures`. Dotfiles are ignored.
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

/** A file, an address or standard input with an article. */
export interface FoundFile {
  readonly name: string;
  /** The folder in which the file was found. A symbolic link must not lead out of it. Absent for a file that was named. */
  readonly within?: string | undefined;
}

/**
 * Reads one file, or standard input, as text.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE, CONTENT_TOO_LARGE before it is read whole; the errors of
 * `decodeText`.
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

/** Whether a name is a web address. */
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
  const mostBytes = isDocumentName(shown) ? MAX_DOCUMENT_BYTES : MAX_ARTICLE_BYTES;
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

/** The pictures that no text in their folder names, so that neither an article nor a config uses them. */
async function unnamed(
  { pictures, files, others }: Pick<FoundFiles, FoundKind>,
  folder: string,
): Promise<readonly string[]> {
  let left = pictures;
  for (const file of [...files, ...others].filter((name) => !isDocumentName(name))) {
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

/** The kind of a file in a folder. Undefined if it needs no note. */
async function kindOf(file: string, name: string): Promise<FoundKind | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isDirectory()) {
    if (PICTURE.test(name)) return "pictures";
    return isArticleName(name) ? "files" : "others";
  }
  const inside = await readdir(file).catch(() => []);
  return inside.some(isArticleName) ? "folders" : undefined;
}

/** A name relative to the working directory, if the file is in it. So an issue does not depend on the place of the project. */
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
      `there is no ${shown}, and its folder does not exist either`,
      {
        fix: "check the path",
        cause,
      },
    );
  }
  if (names.includes(path.basename(file))) {
    const isThere = await lstat(file).catch(() => undefined);
    const what = isThere ? "is a link that leads nowhere" : "has a name that is not in UTF-8";
    const fix = isThere ? "put a file at its target, or remove the link" : "give it another name";
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
 * Compares names with numbers by value: "2.md" comes before "10.md". Other characters are compared by code point, so that the
 * order does not depend on the locale.
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

/** Splits a name into runs of digits and runs of other characters. */
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

/** The most names in a note. */
const NAMED = 3;

/** The folder to which file names are relative, and the reporter for notes. */
export interface Surroundings {
  readonly cwd: string;
  readonly reporter: Reporter;
}

/**
 * The files behind one argument. The other content of a folder is reported in notes.
 * @throws BroadsheetError CONTENT_NO_STORY for a folder without articles; the errors of `findFiles`.
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
    fix: "put a text, a page or a document there (.md, .txt, .html, .docx, .pdf), or name another file or folder",
  });
}

function othersNote(others: readonly string[]): string {
  if (others.length === 1) return `Left out ${others[0]}: not an article by its name`;
  return `Left out ${others.length} files that are not articles: ${someOf(others)}`;
}

function foldersNote(folders: readonly string[]): string {
  if (folders.length === 1)
    return `Left out the folder ${folders[0]}: name it to read its articles`;
  return `Left out ${folders.length} folders; name them to read their articles: ${someOf(folders)}`;
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

/** The name of a source in messages. The part of an address that may be a key to a private feed is left out. */
export function sourceName(name: string): string {
  const url = isOnTheWeb(name) ? URL.parse(name) : undefined;
  return url ? shownUrl(url) : name;
}

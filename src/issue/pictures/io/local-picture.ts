import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { BroadsheetError } from "../../../errors.ts";
import { errnoReason } from "../../../platform/errno-reason.ts";
import { megabytes } from "./mail-fit.ts";

/** More than any camera writes. */
const MAX_FILE_BYTES = 60_000_000;

/**
 * The file that a picture's path, relative to its article, leads to, links followed.
 * @throws BroadsheetError INPUT_MISSING; CONTENT_UNSUPPORTED where it lies outside both the project and
 * the article's own folder.
 */
export async function findPicture(src: string, article: string, root: string): Promise<string> {
  const found = await realpath(resolve(dirname(article), src)).catch(() => undefined);
  if (found === undefined) {
    throw new BroadsheetError("INPUT_MISSING", `the picture ${src} is not there`, {
      fix: "put it beside the article, or take it out of the article",
    });
  }
  for (const folder of [root, dirname(article)]) {
    const inside = relative(await realpath(folder), found);
    if (!inside.startsWith("..") && !isAbsolute(inside)) return found;
  }
  throw new BroadsheetError("CONTENT_UNSUPPORTED", `the picture ${src} lies outside the project`, {
    fix: "copy it into the project's folder",
  });
}

/**
 * The bytes of such a file.
 * @throws BroadsheetError INPUT_UNREADABLE, CONTENT_TOO_LARGE over 60 MB before it is read.
 */
export async function readPicture(file: string, src: string): Promise<Buffer> {
  const found = await stat(file).catch((cause: unknown) => unreadable(src, cause));
  if (!found.isFile()) return unreadable(src);
  if (found.size <= MAX_FILE_BYTES)
    return readFile(file).catch((cause: unknown) => unreadable(src, cause));
  const [size, most] = [megabytes(found.size), megabytes(MAX_FILE_BYTES)];
  throw new BroadsheetError(
    "CONTENT_TOO_LARGE",
    `the picture ${src} has ${size}, and ${most} are the most that is read`,
    { fix: "save it 1200 px wide" },
  );
}

function unreadable(src: string, cause?: unknown): never {
  const reason = cause === undefined ? "it is no file" : errnoReason(cause);
  throw new BroadsheetError("INPUT_UNREADABLE", `the picture ${src} can't be read: ${reason}`, {
    fix: "check that it is a file you may read",
    cause,
  });
}

import { performance } from "node:perf_hooks";
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { BroadsheetError } from "../../errors.ts";
import { forceEnd } from "../end-process.ts";
import { isOnlyOurs } from "./only-ours.ts";

/** The folders in which a file may be, and the maximum number of bytes to read. */
export interface Bounds {
  /**
   * The file must be in one of these folders after symbolic links are followed. Undefined for a file that the user named on
   * the command line or in the config, which may be anywhere.
   */
  readonly within: string | readonly string[] | undefined;
  /** The name of the file in messages; its base name and its place by default. */
  readonly shown?: string;
  readonly mostBytes?: number;
  /** The error for a larger file. */
  readonly tooLarge?: (bytes: number) => BroadsheetError;
  /** Whether the file must belong to this user and be writable by no other. */
  readonly isPrivate?: boolean;
}

/** No file of an issue is larger. */
const MOST_BYTES = 64 * 1024 * 1024;
/** If a network disk does not answer, a read would wait for ever. */
const LONGEST_MS = 20_000;
const MOST_ATTEMPTS = 20;

/** O_NONBLOCK: opening a named pipe would wait for a writer otherwise. Windows has neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Opens a local file for reading. All local files that Broadsheet finds by itself are opened here. The caller closes it.
 * A folder can be opened, and the first read of it fails with EISDIR.
 * @throws BroadsheetError INPUT_UNREADABLE for a pipe, a socket or a device, for a file outside of `within`, and for a
 * disk that does not answer; CONTENT_TOO_LARGE. Errors of the file system are thrown unchanged.
 */
export async function openLocalFile(file: string, bounds: Bounds): Promise<FileHandle> {
  return inTime(openFit(file, bounds), file, bounds);
}

/** The bytes of a local file. @throws what `openLocalFile` throws. */
export async function readLocalFile(file: string, bounds: Bounds): Promise<Buffer> {
  const read = async () => {
    await using handle = await openFit(file, bounds);
    return await readCapped(handle.createReadStream({ autoClose: false }), file, bounds);
  };
  return inTime(read(), file, bounds);
}

/** The text of a local file in UTF-8. @throws what `openLocalFile` throws. */
export async function readLocalText(file: string, bounds: Bounds): Promise<string> {
  return (await readLocalFile(file, bounds)).toString("utf8");
}

/** All bytes of a stream. @throws BroadsheetError CONTENT_TOO_LARGE as soon as there are too many. */
export async function readCapped(
  stream: AsyncIterable<Uint8Array>,
  file: string,
  bounds: Bounds,
): Promise<Buffer> {
  const { mostBytes = MOST_BYTES } = bounds;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > mostBytes) throw oversize(size, file, bounds);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function openFit(
  file: string,
  bounds: Bounds,
  attempts = MOST_ATTEMPTS,
): Promise<FileHandle> {
  const handle = await open(file, FLAGS).catch((cause: NodeJS.ErrnoException) => {
    // A socket, and a device without a driver, fail with ENXIO (open(2)).
    throw cause.code === "ENXIO" ? notRegular("a socket or a device", file, bounds) : cause;
  });
  try {
    if (await isFit(handle, file, bounds)) return handle;
    if (attempts === 0) throw unfit("is replaced again and again", file, bounds);
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  // Another file has replaced it meanwhile.
  return openFit(file, bounds, attempts - 1);
}

/** Whether the path still leads to the open file. @throws BroadsheetError if the file must not be read. */
async function isFit(handle: FileHandle, file: string, bounds: Bounds): Promise<boolean> {
  const { within, mostBytes, isPrivate = false } = bounds;
  const found = await handle.stat({ bigint: true });
  if (!found.isFile() && !found.isDirectory())
    throw notRegular(found.isFIFO() ? "a pipe" : "a device", file, bounds);
  if (isPrivate && !isOnlyOurs(found))
    throw unfit("can be changed by another account", file, bounds);
  if (within !== undefined) {
    const real = await realpath(file);
    const { dev, ino } = await stat(real, { bigint: true });
    if (dev !== found.dev || ino !== found.ino) return false;
    const folders = [within].flat();
    const fix = "replace the link with the file itself, or remove the link";
    if (!(await isInside(real, folders)))
      throw unfit(`is a link that leads out of ${folders[0]}`, file, bounds, fix);
  }
  if (mostBytes !== undefined && found.size > mostBytes)
    throw oversize(Number(found.size), file, bounds);
  return true;
}

/** Whether a real path lies in one of these folders, which may be links themselves. */
export async function isInside(real: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const [first = ""] = path.relative(await realpath(folder), real).split(path.sep);
    if (first !== ".." && !path.isAbsolute(first)) return true;
  }
  return false;
}

/** The result of work with a disk. @throws BroadsheetError if the disk does not answer. */
async function inTime<Result>(
  work: Promise<Result>,
  file: string,
  bounds: Bounds,
): Promise<Result> {
  return withinIdleTime(work, LONGEST_MS, () => {
    // A thread still waits for the disk, and would keep the process from ending.
    forceEnd();
    const what = `was not read within ${LONGEST_MS / 1000} seconds`;
    return unfit(what, file, bounds, "check that its disk is connected");
  });
}

function notRegular(kind: string, file: string, bounds: Bounds): BroadsheetError {
  const isNamed = bounds.within === undefined;
  const named = "name a regular file; commands that read standard input take - for it";
  const fix = isNamed ? named : "replace it with a regular file, or remove it";
  return unfit(`is ${kind} and not a file`, file, bounds, fix);
}

function unfit(what: string, file: string, { shown }: Bounds, fix = "check what it is") {
  const where = shown === undefined ? { file } : undefined;
  const message = `${shown ?? path.basename(file)} ${what}`;
  return new BroadsheetError("INPUT_UNREADABLE", message, { where, fix });
}

function oversize(bytes: number, file: string, bounds: Bounds): BroadsheetError {
  const { mostBytes = MOST_BYTES, tooLarge, shown = path.basename(file) } = bounds;
  if (tooLarge) return tooLarge(bytes);
  const [size, most] = [bytes, mostBytes].map((length) => Math.ceil(length / 1024 / 1024));
  const what = `${shown} has ${size} MB, and the maximum is ${most} MB`;
  const fix = "make it smaller, or remove it";
  return new BroadsheetError("CONTENT_TOO_LARGE", what, { where: { file }, fix });
}

/** A timer may end a moment before its time. */
const SHORTEST_WAIT_MS = 50;

/**
 * The result of work with a time limit. Only idle time of the process counts: while it reads an article, it can't receive
 * the answer of a disk.
 * @throws the error of `late` if the work takes longer.
 */
export async function withinIdleTime<Result>(
  work: Promise<Result>,
  longestMs: number,
  late: () => Error,
): Promise<Result> {
  const ended = Promise.withResolvers<never>();
  const begun = idleMs();
  const end = (): void => {
    const left = longestMs - (idleMs() - begun);
    if (left > 0) timer = setTimeout(end, Math.max(left, SHORTEST_WAIT_MS));
    else ended.reject(late());
  };
  let timer = setTimeout(end, longestMs);
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function idleMs(): number {
  return performance.eventLoopUtilization().idle;
}

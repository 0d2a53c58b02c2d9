import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BroadsheetError } from "../../errors.ts";
import { fileError, inputError, isErrno, unlessMissing } from "../../platform/file-error.ts";
import { openLocalFile } from "../../platform/files/local-file.ts";
import { makeFolders, PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import { MOST_MAIL_BYTES } from "../received-mail.ts";
import type { RawMail } from "./take-in.ts";

/** Some mails of a mailbox, which are processed together. */
export interface MailPage {
  readonly mails: readonly RawMail[];
  /** Moves the mails with these indexes into the folder for processed mails. Absent if mails can't be moved. */
  readonly file?: (done: readonly number[]) => Promise<void>;
}

export const MAILS_ON_PAGE = 100;

/** The folder for processed mails. */
export const DONE = "Done";

/**
 * The mails in a folder of .eml files, in a Maildir, in an mbox or in one file, page by page. `isKnown` returns whether a
 * mail was read before and stays in the mailbox. It is not read again then.
 * @throws BroadsheetError INPUT_MISSING, INPUT_UNREADABLE; MAILBOX_BUSY if another program has locked an mbox.
 */
export async function* pagesIn(
  place: string,
  isKnown: (key: string) => Promise<boolean>,
): AsyncGenerator<MailPage> {
  const found = await stat(place).catch((cause: unknown) => {
    throw inputError(cause, place);
  });
  yield* found.isDirectory() ? pagesInFolder(place, isKnown) : pagesInFile(place);
}

async function* pagesInFolder(
  place: string,
  isKnown: (key: string) => Promise<boolean>,
): AsyncGenerator<MailPage> {
  const names = await readdir(place);
  const isMaildir = names.includes("cur") && names.includes("new");
  const moves: Move[] = isMaildir
    ? [...(await movesIn(place, "new")), ...(await movesIn(place, "cur"))]
    : named(names, /\.eml$/i).map((name): Move => ({ from: name, to: path.join(DONE, name) }));
  const fresh: Move[] = [];
  for (const move of moves)
    if (move.key === undefined || !(await isKnown(move.key))) fresh.push(move);
  for (let at = 0; at < fresh.length; at += MAILS_ON_PAGE)
    yield await pageOf(place, fresh.slice(at, at + MAILS_ON_PAGE));
}

/** The place of a mail in its folder, and the place to which it is moved. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly key?: string;
}

/**
 * A mail in `tmp` is not complete yet (https://cr.yp.to/proto/maildir.html). The part of a name before the colon identifies
 * the mail. The part after it contains flags.
 */
async function movesIn(maildir: string, folder: "new" | "cur"): Promise<Move[]> {
  const names = named(await readdir(path.join(maildir, folder)), /^[^.]/);
  return names.map((name) => ({
    from: path.join(folder, name),
    to: path.join(`.${DONE}`, folder, name),
    key: name.split(":", 1).join(""),
  }));
}

function named(names: readonly string[], pattern: RegExp): string[] {
  return names.filter((name) => pattern.test(name)).toSorted();
}

async function pageOf(root: string, moves: readonly Move[]): Promise<MailPage> {
  const found: (Move & RawMail)[] = [];
  for (const move of moves) {
    const file = path.join(root, move.from);
    // A mail program may have moved the mail meanwhile.
    const bytes = await unlessMissing(beginningOfFile(file, root)).catch(() => new Uint8Array());
    if (bytes) found.push({ ...move, bytes });
  }
  const file = async (done: readonly number[]) => {
    for (const at of done) if (found[at]) await moveAway(root, found[at]);
  };
  return { mails: found, file };
}

async function moveAway(root: string, { from, to, key }: Move): Promise<void> {
  const around = path.dirname(path.join(root, to));
  // A Maildir must have all three folders.
  const beside = key === undefined ? [] : ["tmp", "new", "cur"].map((name) => `../${name}`);
  try {
    for (const folder of [".", ...beside]) await makeFolders(path.join(around, folder));
    await unlessMissing(rename(path.join(root, from), await freeName(path.join(root, to))));
  } catch (cause) {
    throw fileError(cause, "OUTPUT_UNWRITABLE", "processed mails can't be moved", {
      where: { file: around },
      fix: "make the mailbox writable for you; reading the same mails again changes nothing",
    });
  }
}

/** The first free name. Many programs save each mail as message.eml, so a file with that name may exist. */
async function freeName(file: string, nth = 1): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  const free = nth === 1 ? file : path.join(dir, `${name}-${nth}${ext}`);
  return (await unlessMissing(stat(free))) ? freeName(file, nth + 1) : free;
}

/** The beginning of a mail in a file. */
export async function beginningOfFile(file: string, within?: string): Promise<Uint8Array> {
  await using handle = await openLocalFile(file, { within });
  return await beginningOf(handle.createReadStream({ autoClose: false }));
}

export async function beginningOf(chunks: AsyncIterable<unknown>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) continue;
    parts.push(chunk);
    length += chunk.length;
    if (length >= MOST_MAIL_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, MOST_MAIL_BYTES);
}

/** The mails of an mbox, or the single mail in a file. */
async function* pagesInFile(file: string): AsyncGenerator<MailPage> {
  const bytes = await beginningOfFile(file).catch((cause: unknown) => {
    throw inputError(cause, file);
  });
  if (Buffer.from(bytes.subarray(0, 5)).toString() !== "From ") {
    // An mbox without mails is empty.
    if (bytes.length > 0) yield { mails: [{ bytes }] };
    return;
  }
  const unlock = await lockMbox(`${file}.lock`);
  try {
    await using handle = await openLocalFile(file, { within: undefined });
    let mails: RawMail[] = [];
    for await (const mail of mailsInMbox(handle.createReadStream({ autoClose: false }))) {
      if (mails.push({ bytes: mail }) < MAILS_ON_PAGE) continue;
      yield { mails };
      mails = [];
    }
    yield { mails };
  } finally {
    await unlock();
  }
}

const TRIES = 25;
const PAUSE_MS = 200;
/** An older lock was left by a program that died. Postfix uses the same time (stale_lock_time). */
const STALE_MS = 500_000;

/** Locks an mbox like a mail program, by a file beside it. A read-only disk needs no lock, because no mail can arrive there. */
async function lockMbox(lock: string, tries = TRIES): Promise<() => Promise<void>> {
  try {
    await writeFile(lock, `${process.pid}\n`, { flag: "wx", mode: PRIVATE_FILE });
    return async () => rm(lock, { force: true });
  } catch (cause) {
    if (isErrno(cause, "EROFS")) return async () => undefined;
    if (!isErrno(cause, "EEXIST")) throw inputError(cause, lock);
  }
  const since = (await unlessMissing(stat(lock)))?.mtimeMs ?? 0;
  if (tries === 0)
    throw new BroadsheetError("MAILBOX_BUSY", "another program uses the mbox", {
      where: { file: lock },
      fix: "try again; remove that file if no mail program is running",
    });
  if (Date.now() - since > STALE_MS) await rm(lock, { force: true }).catch(() => undefined);
  else await sleep(PAUSE_MS);
  return lockMbox(lock, tries - 1);
}

/** In an mbox, a mail begins with such a line after an empty line (RFC 4155). */
const NEXT = /\r?\n\r?\n(?=From [^\n]*\b\w{3} \w{3} +\d{1,2} \d\d:\d\d[^\n]*\n)/;
const LONGEST_LINE = 1024;

/** The beginning of each mail of an mbox. */
export async function* mailsInMbox(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun = "";
  let rest = "";
  for await (const chunk of chunks) {
    rest += Buffer.from(chunk).toString("latin1");
    for (let next = NEXT.exec(rest); next; next = NEXT.exec(rest)) {
      yield mailIn(begun + rest.slice(0, next.index));
      begun = "";
      rest = rest.slice(next.index + next[0].length);
    }
    const whole = Math.max(0, rest.length - LONGEST_LINE);
    if (begun.length < MOST_MAIL_BYTES) begun += rest.slice(0, whole);
    rest = rest.slice(whole);
  }
  yield mailIn(begun + rest);
}

/** The mail without its From line. mboxo and mboxrd put ">" before similar lines in the text, which is removed. */
function mailIn(text: string): Uint8Array {
  const mail = text.replace(/^From [^\n]*\n/, "").slice(0, MOST_MAIL_BYTES);
  return Buffer.from(mail.replaceAll(/^>(?=>*From )/gm, ""), "latin1");
}

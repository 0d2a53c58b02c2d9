import { ISSUE_FILES } from "../preview/page-data.ts";
import type { IssueKey } from "../delivery/ledger.ts";
import type { Digest } from "../digest/digest.ts";
import type { Picture } from "../platform/picture.ts";
import { fileStamp } from "../platform/kept.ts";
import { applyOperations } from "../digest/operations/apply.ts";
import { historyOf } from "../digest/operations/history.ts";
import { isUndo, type NewLine, type Operation } from "../digest/operations/operation.ts";
import { editedDigest, EditsFile, type IssueEdits, lookAtEdits } from "../issue/io/edits-file.ts";
import { keptOf } from "../issue/io/keep-edits.ts";
import {
  digestOf,
  isPending,
  readBeside,
  readStored,
  type StoredFiles,
} from "../issue/io/outbox.ts";
import { keptContent, type StoredSettings } from "../issue/io/sending/load-issue.ts";
import type { CopySettings } from "../issue/io/sending/mail-route.ts";
import { assertNotFrozen, stateInStore } from "../delivery/io/ledger/look-at-issues.ts";
import { isFrozen, type IssueState } from "../delivery/life.ts";
import { withdrawnText } from "../issue/issue-to-send.ts";
import type { MeantSettings } from "../schedule/meant-issue.ts";
import { issueData } from "../preview/preview-page.ts";
import { markedHtml, publishEdited } from "../issue/io/render-again.ts";
import { editedTexts, StaleEdit } from "./page-changes.ts";
import { assertInPlace, type Sheet, Sheets, timeNow } from "./sheet.ts";
import { troubleOf } from "./trouble.ts";
import type { Watched } from "./watch-files.ts";
import path from "node:path";

/** The settings for finding issues, rendering them again and sending test copies. */
export type DeskSettings = StoredSettings &
  CopySettings &
  Pick<MeantSettings, "schedule"> &
  Pick<Watched, "folder"> & {
    /** The name of the newsletter. */
    readonly name: string;
  };

/**
 * The issues of an outbox that are open in a browser, each with a sheet. The files are authoritative: everything shown was
 * read from them, and each change is written before it is shown. Only one call may run at a time.
 */
export class OpenIssues {
  config: DeskSettings;
  readonly sheets = new Sheets();
  readonly #cwd: string;

  /** `cwd` is the folder to which file names in errors are relative. */
  constructor(config: DeskSettings, cwd: string) {
    this.config = config;
    this.#cwd = cwd;
  }

  /** Reads an issue from the outbox. If its digest was edited by hand, the issue is rendered first. */
  async read(name: string): Promise<Sheet> {
    const sheet = this.sheets.of(name);
    const stamp = await this.#stampOf(name);
    // Every write replaces the folder and so each of its files.
    const isKnown = sheet.data !== null && sheet.trouble === null && stamp === sheet.stamp;
    if (isKnown && stamp !== undefined) return sheet;
    try {
      const read = await readStored(this.config.outbox, name);
      const isStale = read.stored.isEdited || (await isPending(read.stored));
      if (isStale && !isFrozen(await this.stateOf(name))) {
        const { dir, digest } = read.stored;
        await this.#write(name, await editedDigest(dir, digest));
        return sheet;
      }
      const { stored, files } = isStale ? await this.#asPlanned(read) : read;
      if (!isStale) await this.#readEdits(name, sheet);
      const digest = digestOf(stored);
      Object.assign(sheet, { digest, data: issueData(digest, files), trouble: null, stamp });
    } catch (error) {
      sheet.trouble = await troubleOf(error, this.#cwd);
      sheet.stamp = stamp;
    }
    return sheet;
  }

  /** @throws BroadsheetError STORE_*, LEDGER_RESTORED. */
  async stateOf(name: string): Promise<IssueState> {
    return stateInStore(this.config.store, keyOf(name));
  }

  /** Whether its digest was written since it was read. */
  async isWritten(name: string): Promise<boolean> {
    return (await this.#stampOf(name)) !== this.sheets.of(name).stamp;
  }

  /**
   * Makes the changes of one step, which `changes` returns for the current digest. Returns whether articles were joined or
   * parted.
   * @throws StaleEdit if another page has changed the same field; BroadsheetError DIGEST_INVALID, and ISSUE_FROZEN if its
   * sending has begun.
   */
  async change(
    name: string,
    changes: (digest: Digest, operations: readonly Operation[]) => readonly NewLine[],
  ): Promise<boolean> {
    await assertNotFrozen(this.config, keyOf(name));
    const { digest: shown, trouble } = await this.read(name);
    if (trouble || !shown) throw new StaleEdit();
    let isRegrouped = false;
    await this.#write(name, shown, ({ base, operations }) => {
      const digest = base ? applyOperations(base, operations).digest : shown;
      const lines = changes(digest, operations);
      isRegrouped = lines.some((line) => regroups(line, operations));
      return lines;
    });
    return isRegrouped;
  }

  /** Stores pictures beside an issue, for operations that name them. */
  async keepPictures(name: string, pictures: readonly Picture[]): Promise<void> {
    const { outbox, issuesIn } = this.config;
    await using edits = await EditsFile.open(outbox, keyOf(name), issuesIn);
    for (const { name: file, content } of pictures) await edits.keep(file, content);
  }

  /** Renders an issue again with the current templates. */
  async renderAgain(name: string): Promise<void> {
    const dir = path.join(this.config.outbox, name);
    const text = (await readBeside(dir, ISSUE_FILES.digest)) ?? "";
    await this.#write(name, await editedDigest(dir, text));
    this.sheets.of(name).notice = "";
  }

  /** Returns the HTML of an issue with marks. Empty if the templates have changed since it was rendered, or cannot be read. */
  async marked(name: string): Promise<string> {
    const sheet = this.sheets.of(name);
    const { data, digest } = sheet;
    if (!data || !digest) return "";
    if (sheet.marked?.of === data.html) return sheet.marked.html;
    const html = await markedHtml(digest, data.html, this.config).catch(() => undefined);
    sheet.marked = { of: data.html, html: html ?? "" };
    return sheet.marked.html;
  }

  async #readEdits(name: string, sheet: Sheet): Promise<void> {
    const { operations, base, unread } = await lookAtEdits(this.config.outbox, keyOf(name));
    sheet.history = historyOf(operations);
    sheet.edited = editedTexts(operations);
    const isEdited = operations.length + unread.length > 0;
    sheet.kept = base && isEdited ? keptOf(applyOperations(base, operations), unread) : null;
  }

  /** Returns the content that its readers get, if digest.json was changed after sending began. */
  async #asPlanned({ stored, files }: StoredFiles): Promise<StoredFiles> {
    const kept = await keptContent(stored.slot, this.config, process.env);
    if (!kept) return { stored, files };
    const { digest } = kept;
    return {
      stored: { ...stored, digest },
      files: new Map([...files, [ISSUE_FILES.digest, Buffer.from(digest)]]),
    };
  }

  /** Renders the issue of a digest again, with further changes, and updates its sheet. */
  async #write(
    name: string,
    digest: Digest,
    changes?: (known: IssueEdits) => readonly NewLine[],
  ): Promise<void> {
    const { outbox, issuesIn } = this.config;
    assertInPlace(digest, name, path.join(outbox, name, ISSUE_FILES.digest));
    await using edits = await EditsFile.open(outbox, keyOf(name), issuesIn);
    const issue = await publishEdited(edits, this.config, { changes });
    const stamp = await this.#stampOf(name);
    // The lock excludes builds, but not a text editor that changes digest.json.
    const text = await readBeside(issue.folder, ISSUE_FILES.digest);
    const isAsWritten = !issue.isOutdated && text === issue.files.get(ISSUE_FILES.digest);
    const says = `${withdrawnText(keyOf(name).slot)}.`;
    Object.assign(this.sheets.of(name), {
      ...(issue.isDraftAgain && { stateNotice: { state: "draft", says } }),
      digest: issue.digest,
      data: issue.data,
      history: historyOf(issue.operations),
      edited: editedTexts(issue.operations),
      kept: issue.edits ?? null,
      trouble: null,
      stamp: isAsWritten ? stamp : undefined,
      done: timeNow(),
    } satisfies Partial<Sheet>);
  }

  async #stampOf(name: string): Promise<string | undefined> {
    return fileStamp(path.join(this.config.outbox, name, ISSUE_FILES.digest));
  }
}

function regroups(line: NewLine, operations: readonly Operation[]): boolean {
  if (!isUndo(line)) return line.op === "join" || line.op === "part";
  return operations.some((one) => line.undoes.includes(one.n) && regroups(one, operations));
}

function keyOf(name: string): IssueKey {
  const [newsletter = "", slot = ""] = name.split("/");
  return { newsletter, slot };
}

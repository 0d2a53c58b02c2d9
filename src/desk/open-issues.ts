import { ISSUE_FILES } from "../preview/page-data.ts";
import type { IssueKey } from "../delivery/ledger.ts";
import type { Digest } from "../digest/digest.ts";
import { parseDigest } from "../digest/digest-json.ts";
import { fileStamp } from "../platform/kept.ts";
import {
  digestOf,
  readBeside,
  type StoredDigest,
  readStored,
  type StoredFiles,
  picturesOf,
} from "../issue/io/outbox.ts";
import { publish } from "../issue/io/publish.ts";
import { keptContent, type StoredSettings } from "../issue/io/sending/load-issue.ts";
import type { CopySettings } from "../issue/io/sending/mail-route.ts";
import { assertNotFrozen, stateInStore } from "../delivery/io/ledger/look-at-issues.ts";
import { isFrozen, type IssueState } from "../delivery/life.ts";
import { withdrawnText } from "../issue/issue-to-send.ts";
import type { MeantSettings } from "../schedule/meant-issue.ts";
import { digestHash } from "../email/email.ts";
import { issueData } from "../preview/issue-data.ts";
import { renderDigest } from "../issue/io/render-again.ts";
import { type Snapshot, assertInPlace, doneIn, type Sheet, Sheets, toJson } from "./sheet.ts";
import { troubleOf } from "./trouble.ts";
import type { Watched } from "./watch-files.ts";
import path from "node:path";

/** The settings that issues are found, rendered again and sent as a test with. */
export type DeskSettings = StoredSettings &
  CopySettings &
  Pick<MeantSettings, "schedule"> &
  Pick<Watched, "folder"> & {
    /** Of the newsletter. */
    readonly name: string;
  };

/** An issue that another has changed since it was looked at. */
export class StaleEdit extends Error {}

/**
 * The issues of an outbox that are open in a browser, each on a sheet. The files are the truth: whatever is shown
 * was read from them, and each change is written before it is shown. One call at a time.
 */
export class OpenIssues {
  config: DeskSettings;
  readonly sheets = new Sheets();
  readonly #cwd: string;

  /** `cwd` is where file names in errors count from. */
  constructor(config: DeskSettings, cwd: string) {
    this.config = config;
    this.#cwd = cwd;
  }

  /** The issue as it lies in the outbox, rendered again first where its digest was edited by hand. */
  async read(name: string): Promise<Sheet> {
    const sheet = this.sheets.of(name);
    const stamp = await this.#stampOf(name);
    // Whatever is written replaces the folder, and with it each of its files.
    const isKnown = sheet.data !== null && sheet.trouble === null && stamp === sheet.stamp;
    if (isKnown && stamp !== undefined) return sheet;
    try {
      let read = await readStored(this.config.outbox, name);
      if (read.stored.isEdited) {
        read = isFrozen(this.stateOf(name))
          ? await this.#asPlanned(read)
          : await this.#takeUp(name, sheet, read);
      }
      const digest = digestOf(read.stored);
      sheet.data = issueData(digest, read.files);
      sheet.digest = digest;
      sheet.trouble = null;
      sheet.stamp = await this.#stampOf(name);
    } catch (error) {
      sheet.trouble = await troubleOf(error, this.#cwd);
      sheet.stamp = stamp;
    }
    return sheet;
  }

  /** @throws BroadsheetError STORE_*, LEDGER_RESTORED. */
  stateOf(name: string): IssueState {
    return stateInStore(this.config.store, keyOf(name));
  }

  /** Whether its digest was written since it was read. */
  async isWritten(name: string): Promise<boolean> {
    return (await this.#stampOf(name)) !== this.sheets.of(name).stamp;
  }

  /**
   * @throws StaleEdit where the digest is no longer the one with this hash; BroadsheetError ISSUE_FROZEN where its
   * sending has begun.
   */
  async change(
    name: string,
    hash: string,
    change: (sheet: Sheet, now: Snapshot, digest: Digest) => Snapshot | undefined,
  ): Promise<void> {
    assertNotFrozen(this.config, keyOf(name));
    const sheet = await this.read(name);
    const { stored } = await readStored(this.config.outbox, name);
    if (digestHash(stored.digest) !== hash || sheet.trouble) throw new StaleEdit();
    const now = await this.snapshot(stored);
    const forget = sheet.history.mark();
    try {
      const next = change(sheet, now, digestOf(stored));
      if (next) await this.#write(name, next);
    } catch (error) {
      forget();
      throw error;
    }
    await this.read(name);
  }

  /** Renders an issue again with the templates as they are now. */
  async renderAgain(name: string): Promise<void> {
    const { stored } = await readStored(this.config.outbox, name);
    await this.#write(name, await this.snapshot(stored));
    (await this.read(name)).notice = "";
  }

  /** What a change can be taken back to. */
  async snapshot(stored: StoredDigest): Promise<Snapshot> {
    const { digest, built, dir } = stored;
    return { digest, pictures: await picturesOf(digestOf(stored), dir), built };
  }

  /** Renders what an editor wrote into digest.json with another program, and keeps what was there before. */
  async #takeUp(name: string, sheet: Sheet, { stored }: StoredFiles): Promise<StoredFiles> {
    const now = await this.snapshot(stored);
    const before = sheet.digest;
    await this.#write(name, now);
    if (before) sheet.history.remember({ ...now, digest: toJson(before) });
    return readStored(this.config.outbox, name);
  }

  /** What its readers get, where digest.json was changed since its sending began. */
  async #asPlanned({ stored, files }: StoredFiles): Promise<StoredFiles> {
    const kept = await keptContent(stored.slot, this.config, process.env);
    if (!kept) return { stored, files };
    const { digest } = kept;
    return {
      stored: { ...stored, digest },
      files: new Map([...files, [ISSUE_FILES.digest, Buffer.from(digest)]]),
    };
  }

  async #write(name: string, { digest: text, pictures, built }: Snapshot): Promise<void> {
    const started = performance.now();
    const file = path.join(this.config.outbox, name, ISSUE_FILES.digest);
    const digest = parseDigest(text, file);
    assertInPlace(digest, name, file);
    const articlesText = await readBeside(path.dirname(file), ISSUE_FILES.articles);
    const issue = await renderDigest({ digest, pictures, built, articlesText }, this.config);
    const { isDraftAgain } = await publish(issue, this.config);
    const sheet = this.sheets.of(name);
    if (isDraftAgain)
      sheet.stateNotice = { state: "draft", says: `${withdrawnText(digest.issue.slot)}.` };
    sheet.done = doneIn(started);
  }

  async #stampOf(name: string): Promise<string | undefined> {
    return fileStamp(path.join(this.config.outbox, name, ISSUE_FILES.digest));
  }
}

function keyOf(name: string): IssueKey {
  const [newsletter = "", slot = ""] = name.split("/");
  return { newsletter, slot };
}

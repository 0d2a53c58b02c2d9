import path from "node:path";
import type { Config } from "../../config.ts";
import { type Digest, parseDigest } from "../../digest/digest.ts";
import { type Edit, editDigest } from "../../digest/edits/edit-digest.ts";
import { mergeEdits } from "../../digest/edits/merge-edits.ts";
import { BroadsheetError } from "../../errors.ts";
import { fileStamp } from "../../io/kept.ts";
import { writeIssue } from "../../io/outbox/outbox.ts";
import { type BuiltIssue, type Picture, type Rendering, renderIssue } from "../../pipeline.ts";
import { digestHash } from "../../render/stored-email.ts";
import { issueData } from "../issue-data.ts";
import type { IssueRow, Trouble } from "../page-data.ts";
import { picturesOf } from "../pictures-of.ts";
import { renderWith } from "../render-again.ts";
import { withPreview } from "../with-preview.ts";
import type { Snapshot } from "./history.ts";
import { IssueRows } from "./issue-rows.ts";
import { Sendings } from "./sendings.ts";
import {
  assertInPlace,
  doneIn,
  hashOf,
  KEPT_NOTICE,
  lostNotice,
  type Sheet,
  Sheets,
  toJson,
} from "./sheet.ts";
import { digestOf, readStored, type StoredFiles } from "./stored-files.ts";
import { troubleOf } from "./trouble.ts";

/** What makes issues, as the command line does it. */
export interface Builder {
  /** Where file names in errors count from. */
  readonly cwd: string;
  /** The config as it is now. */
  config(): Promise<Config>;
  /** The issue that the articles make now, not written. What was read before and has not changed is not read again. */
  make(config: Config): Promise<{ readonly built: BuiltIssue; readonly rendering: Rendering }>;
  /** What is on the web is to be read again. */
  forget(): void;
}

/** An issue that another has changed since it was looked at. */
export class StaleEdit extends Error {}

/**
 * The editor's desk: the issues of an outbox, the one that the articles make now among them. The files are
 * the truth: whatever is shown was read from them, and each change is written before it is shown. One thing
 * is done at a time.
 */
export class Desk {
  readonly #builder: Builder;
  readonly #rows = new IssueRows();
  readonly #sendings = new Sendings();
  readonly #sheets = new Sheets();
  readonly #changed: (name: string) => void;
  /** As they were built in this run, by issue: what edits are told from. */
  readonly #base = new Map<string, BuiltIssue>();
  #config: Config;
  #draft = "";
  #trouble: Trouble | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  /** `changed` hears the name of an issue that is to be shown anew, and "" where all are. */
  constructor(builder: Builder, config: Config, changed: (name: string) => void) {
    this.#builder = builder;
    this.#config = config;
    this.#changed = changed;
  }

  /** `<newsletter>/<slot>` of the issue that the articles make; "" before there is one. */
  get draft(): string {
    return this.#draft;
  }

  get config(): Config {
    return this.#config;
  }

  /** What fixtures take over from the newsletter: its name, colours and parts. */
  async likeness(): Promise<Pick<Digest, "publication" | "parts">> {
    const draft = this.#sheets.get(this.#draft)?.digest;
    return draft ?? { publication: { name: this.#config.name } };
  }

  /** The issues of the outbox, with what is known by now of their sending. */
  async list(): Promise<IssueRow[]> {
    const rows = await this.#rows.list(this.#config.outbox);
    return rows.map((row) => Object.assign({ sending: this.#sendings.of(row) }, row));
  }

  /** Why nothing is known of that. */
  get storeTrouble(): string {
    return this.#sendings.trouble;
  }

  /** Whether more is known of it than before. */
  async lookAtStore(): Promise<boolean> {
    return this.#sendings.look(this.#config.store);
  }

  /** The issue as it lies in the outbox, rendered again first where its digest was edited by hand. */
  async open(name: string): Promise<Sheet & { readonly buildTrouble: Trouble | null }> {
    const sheet = await this.#alone(async () => this.#load(name));
    return {
      ...sheet,
      buildTrouble: name === this.#draft || this.#draft === "" ? this.#trouble : null,
    };
  }

  /** Builds the issue that the articles make now. Edits that were made to it are made again. */
  async rebuild(isAsked = false): Promise<void> {
    await this.#alone(async () => {
      const started = performance.now();
      try {
        if (isAsked) this.#builder.forget();
        this.#config = await this.#builder.config();
        const { built, rendering } = await this.#builder.make(this.#config);
        const { newsletter, slot } = built.digest.issue;
        this.#draft = `${newsletter}/${slot}`;
        await this.#place(built, rendering, isAsked);
        this.#trouble = null;
        this.#sheets.of(this.#draft).done = doneIn(started);
        await this.#load(this.#draft);
      } catch (error) {
        this.#trouble = await troubleOf(error, this.#builder.cwd);
      }
    });
    this.#changed("");
  }

  /** @throws StaleEdit where the digest is no longer the one with this hash. */
  async edit(name: string, hash: string, edit: Edit): Promise<void> {
    await this.#change(name, hash, ({ history }, now, digest) => {
      const edited = editDigest(digest, edit);
      history.remember(now);
      return { ...now, digest: toJson(edited) };
    });
  }

  async step(step: "undo" | "redo", name: string, hash: string): Promise<void> {
    await this.#change(name, hash, ({ history }, now) => history[step](now));
  }

  /** Renders an issue again with the templates as they are now. */
  async renderAgain(name: string): Promise<void> {
    await this.#alone(async () => {
      const { stored } = await readStored(this.#config.outbox, name);
      await this.#write(name, {
        digest: stored.digest,
        built: stored.built,
        pictures: await this.#pictures(stored),
      });
      (await this.#load(name)).notice = "";
    });
    this.#changed(name);
  }

  /** Issues that are not built from articles any more are rendered anew only when somebody wants that. */
  templatesChanged(): void {
    for (const [name, sheet] of this.#sheets.all()) {
      if (name !== this.#draft)
        sheet.notice = "The templates have changed: R renders this issue with them.";
    }
  }

  /** Looks whether any of these was changed by hand. */
  async look(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      const sheet = this.#sheets.of(name);
      const stamp = await fileStamp(path.join(this.#config.outbox, name, "digest.json"));
      if (stamp === sheet.stamp) continue;
      const before = JSON.stringify([sheet.data?.hash, sheet.trouble]);
      await this.#alone(async () => this.#load(name));
      if (JSON.stringify([sheet.data?.hash, sheet.trouble]) !== before) this.#changed(name);
    }
  }

  async #change(
    name: string,
    hash: string,
    change: (sheet: Sheet, now: Snapshot, digest: Digest) => Snapshot | undefined,
  ): Promise<void> {
    await this.#alone(async () => {
      const sheet = await this.#load(name);
      const { stored } = await readStored(this.#config.outbox, name);
      if (digestHash(stored.digest) !== hash || sheet.trouble) throw new StaleEdit();
      const now = await this.#snapshot(stored);
      const forget = sheet.history.mark();
      try {
        const next = change(sheet, now, digestOf(stored));
        if (next) await this.#write(name, next);
      } catch (error) {
        forget();
        throw error;
      }
      await this.#load(name);
    });
    this.#changed(name);
  }

  async #load(name: string): Promise<Sheet> {
    const sheet = this.#sheets.of(name);
    const stamp = await fileStamp(path.join(this.#config.outbox, name, "digest.json"));
    // Whatever is written replaces the folder, and with it each of its files.
    const isKnown = sheet.data !== null && sheet.trouble === null && stamp === sheet.stamp;
    if (isKnown && stamp !== undefined) return sheet;
    try {
      let read = await readStored(this.#config.outbox, name);
      if (read.stored.isEdited) read = await this.#takeUp(name, sheet, read);
      const digest = digestOf(read.stored);
      sheet.data = issueData(digest, read.files);
      sheet.digest = digest;
      sheet.trouble = null;
      sheet.stamp = await fileStamp(path.join(read.stored.dir, "digest.json"));
    } catch (error) {
      sheet.trouble = await troubleOf(error, this.#builder.cwd);
      sheet.stamp = stamp;
    }
    return sheet;
  }

  /** Renders what an editor wrote into digest.json with another program, and keeps what was there before. */
  async #takeUp(name: string, sheet: Sheet, { stored }: StoredFiles): Promise<StoredFiles> {
    const pictures = await this.#pictures(stored);
    const before = sheet.digest;
    await this.#write(name, { digest: stored.digest, pictures, built: stored.built });
    if (before) sheet.history.remember({ digest: toJson(before), pictures, built: stored.built });
    return readStored(this.#config.outbox, name);
  }

  /** Puts what was built in its place, or an editor's changes with it. */
  async #place(fresh: BuiltIssue, rendering: Rendering, isAsked: boolean): Promise<void> {
    const sheet = this.#sheets.of(this.#draft);
    const bases = [this.#base.get(this.#draft), fresh];
    this.#base.set(this.#draft, fresh);
    sheet.notice = "";
    const stored = await this.#stored();
    if (!stored || stored.built === digestHash(stored.digest)) return this.#put(fresh, stored);
    const base = bases.find((built) => built && hashOf(built) === stored.built);
    if (base) {
      const versions = { built: base.digest, edited: digestOf(stored), rebuilt: fresh.digest };
      const { digest, lost } = mergeEdits(versions);
      if (lost.length > 0) sheet.notice = lostNotice(lost);
      return this.#put(await renderIssue(digest, { ...rendering, built: hashOf(fresh) }), stored);
    }
    if (!isAsked) {
      sheet.notice = KEPT_NOTICE;
      return;
    }
    sheet.history.remember(await this.#snapshot(stored));
    sheet.notice = "Built from the articles; undo brings your edits back.";
    await this.#put(fresh, stored);
  }

  async #put(issue: BuiltIssue, stored: StoredFiles["stored"] | undefined): Promise<void> {
    const isSame = stored?.digest === issue.files.get("digest.json");
    if (stored && !isSame) {
      const { history, digest } = this.#sheets.of(this.#draft);
      if (digest) history.remember(await this.#snapshot(stored));
    }
    await writeIssue(this.#config.outbox, issue.digest.issue, withPreview(issue).files);
  }

  async #write(name: string, { digest: text, pictures, built }: Snapshot): Promise<void> {
    const started = performance.now();
    const file = path.join(this.#config.outbox, name, "digest.json");
    const digest = parseDigest(text, file);
    assertInPlace(digest, name, file);
    const issue = await renderWith(digest, this.#config, { pictures, built });
    await writeIssue(this.#config.outbox, digest.issue, issue.files);
    this.#sheets.of(name).done = doneIn(started);
  }

  async #stored(): Promise<StoredFiles["stored"] | undefined> {
    try {
      return (await readStored(this.#config.outbox, this.#draft)).stored;
    } catch (error) {
      // Without an issue that is whole there is nothing of an editor's to lose.
      if (error instanceof BroadsheetError && error.code === "ISSUE_MISSING") return undefined;
      throw error;
    }
  }

  async #snapshot(stored: StoredFiles["stored"]): Promise<Snapshot> {
    return { digest: stored.digest, pictures: await this.#pictures(stored), built: stored.built };
  }

  async #pictures(stored: StoredFiles["stored"]): Promise<Picture[]> {
    return picturesOf(digestOf(stored), stored.dir);
  }

  /** Two changes at once would each be made to what the other had not changed yet. */
  async #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

import { ISSUE_FILES, type IssueRow, type Trouble } from "../preview/page-data.ts";
import type { Config } from "../config/config.ts";
import type { Digest } from "../digest/digest.ts";
import { type Edit, editDigest } from "../digest/edits.ts";
import { BroadsheetError } from "../errors.ts";
import type { FrozenSince } from "../delivery/io/ledger/look-at-issues.ts";
import { IssueRows, Sendings } from "./issue-rows.ts";
import { type DeskSettings, OpenIssues } from "./open-issues.ts";
import {
  type Sheet,
  toJson,
  doneIn,
  failuresNotice,
  FROZEN_NOTICE,
  lostNotice,
  PARTED_NOTICE,
} from "./sheet.ts";
import { finishIssue } from "../issue/build.ts";
import type { Build } from "../issue/open-build.ts";
import type { ComposedIssue } from "../issue/stages.ts";
import type { Failure } from "../platform/reporter.ts";
import { troubleOf } from "./trouble.ts";
import { issueBefore } from "../issue/io/outbox.ts";

/**
 * The editor's desk: the issues of an outbox, the one that the articles make now among them. One thing is done
 * at a time.
 */
export class Desk {
  readonly #issues: OpenIssues;
  readonly #draft: Draft;
  readonly #rows = new IssueRows();
  readonly #sendings = new Sendings();
  readonly #changed: (name: string) => void;
  #queue: Promise<unknown> = Promise.resolve();

  /** `changed` is called with the name of an issue that is to be shown anew, and with "" where all are. */
  constructor(builder: Builder, config: DeskSettings, changed: (name: string) => void) {
    this.#issues = new OpenIssues(config, builder.cwd);
    this.#draft = new Draft(builder, this.#issues);
    this.#changed = changed;
  }

  /** `<newsletter>/<slot>` of the issue that the articles make; "" before there is one. */
  get draft(): string {
    return this.#draft.name;
  }

  get config(): DeskSettings {
    return this.#issues.config;
  }

  /** What fixtures take over from the newsletter: its name, colours and parts. */
  async likeness(): Promise<Pick<Digest, "publication" | "parts">> {
    const draft = this.#issues.sheets.get(this.draft)?.digest;
    return draft ?? { publication: { name: this.config.name } };
  }

  /** The issues of the outbox, and how far their sending is. */
  async list(): Promise<IssueRow[]> {
    const rows = await this.#rows.list(this.config.outbox);
    return rows.map((row) => Object.assign({ sending: this.#sendings.of(row) }, row));
  }

  /** Why nothing is known of that. */
  get storeTrouble(): string {
    return this.#sendings.trouble;
  }

  /** Whether more is known of it than before. */
  async lookAtStore(): Promise<boolean> {
    return this.#sendings.look(this.config.store);
  }

  /** How far the sending of an issue is; "" where it hasn't begun, or isn't known, in which case no change is made. */
  frozenSince(name: string): FrozenSince | "" {
    try {
      return (name !== "" && this.#issues.frozenSince(name)) || "";
    } catch (error) {
      if (error instanceof BroadsheetError) return "";
      throw error;
    }
  }

  /** The issue as it lies in the outbox, rendered again first where its digest was edited by hand. */
  async open(name: string): Promise<Sheet & { readonly buildTrouble: Trouble | null }> {
    const sheet = await this.#alone(async () => this.#issues.read(name));
    const isDraft = name === this.draft || this.draft === "";
    return { ...sheet, buildTrouble: isDraft ? this.#draft.trouble : null };
  }

  /** Builds the issue that the articles make now. Edits that were made to it are made again. */
  async rebuild(isAsked = false): Promise<void> {
    await this.#alone(async () => this.#draft.build(isAsked));
    this.#changed("");
  }

  /** @throws StaleEdit where the digest is no longer the one with this hash. */
  async edit(name: string, hash: string, edit: Edit): Promise<void> {
    await this.#alone(async () => {
      await this.#issues.change(name, hash, ({ history }, now, digest) => {
        const edited = editDigest(digest, edit);
        history.remember(now);
        return { ...now, digest: toJson(edited) };
      });
      if (edit.kind === "part") await this.#tellParted(name);
    });
    this.#changed(name);
  }

  /** A story that was parted from another is in an article that no digest has: only a build reads it again. */
  async #tellParted(name: string): Promise<void> {
    const sheet = this.#issues.sheets.of(name);
    if (name !== this.draft) {
      sheet.notice = PARTED_NOTICE;
      return;
    }
    const asOneStep = sheet.history.mark();
    await this.#draft.build(false);
    asOneStep();
  }

  /** @throws StaleEdit where the digest is no longer the one with this hash. */
  async step(step: "undo" | "redo", name: string, hash: string): Promise<void> {
    await this.#alone(async () =>
      this.#issues.change(name, hash, ({ history }, now) => history[step](now)),
    );
    this.#changed(name);
  }

  /** Renders an issue again with the templates as they are now. */
  async renderAgain(name: string): Promise<void> {
    await this.#alone(async () => this.#issues.renderAgain(name));
    this.#changed(name);
  }

  /** Issues that are not built from articles any more are rendered anew only on request. */
  templatesChanged(): void {
    for (const [name, sheet] of this.#issues.sheets.all()) {
      if (name !== this.draft && !this.frozenSince(name))
        sheet.notice = "The templates have changed: R renders this issue with them.";
    }
  }

  /** Looks whether any of these was changed by hand. */
  async look(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      const sheet = this.#issues.sheets.of(name);
      if (!(await this.#issues.isWritten(name))) continue;
      const before = JSON.stringify([sheet.data?.hash, sheet.trouble]);
      await this.#alone(async () => this.#issues.read(name));
      if (JSON.stringify([sheet.data?.hash, sheet.trouble]) !== before) this.#changed(name);
    }
  }

  /** Two changes at once would each be made to what the other had not changed yet. */
  async #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** The issue that the articles make, which is built again and again, with an editor's changes to it. */
class Draft {
  /** `<newsletter>/<slot>`; "" before there is one. */
  name = "";
  /** Why it could not be built the last time. */
  trouble: Trouble | null = null;
  readonly #builder: Builder;
  readonly #issues: OpenIssues;

  constructor(builder: Builder, issues: OpenIssues) {
    this.#builder = builder;
    this.#issues = issues;
  }

  /** Builds it as the articles and the config are now; where it `isAsked` for, what is on the web is read again too. */
  async build(isAsked: boolean): Promise<void> {
    const started = performance.now();
    try {
      if (isAsked) this.#builder.forget();
      const config = await this.#builder.config();
      this.#issues.config = config;
      const drafted = await this.#builder.draft(config);
      const { newsletter, slot } = drafted.build.issue;
      this.name = `${newsletter}/${slot}`;
      await this.#finish(drafted, isAsked);
      this.trouble = null;
      this.#sheet.done = doneIn(started);
      await this.#issues.read(this.name);
    } catch (error) {
      this.trouble = await troubleOf(error, this.#builder.cwd);
    }
  }

  get #sheet() {
    return this.#issues.sheets.of(this.name);
  }

  /** Writes the issue with an editor's changes, unless its sending has begun. What it replaces can be brought back by undo. */
  async #finish({ composed, build }: Drafted, isAsked: boolean): Promise<void> {
    const sheet = this.#sheet;
    if (this.#issues.frozenSince(this.name)) {
      const notice = isAsked ? FROZEN_NOTICE : "";
      sheet.notice = withFailures(notice, composed.failures);
      return;
    }
    const before = await issueBefore(this.#issues.config, build.issue);
    const now = before && sheet.digest ? await this.#issues.snapshot(before) : undefined;
    const { edits, failures, files } = await finishIssue(composed, build);
    if (now && now.digest !== files.get(ISSUE_FILES.digest)) sheet.history.remember(now);
    const { lost = [] } = edits ?? {};
    sheet.notice = withFailures(lost.length > 0 ? lostNotice(lost) : "", failures);
  }
}

function withFailures(notice: string, failures: readonly Failure[]): string {
  return [notice, failuresNotice(failures)].filter(Boolean).join(" ");
}

/** An issue up to its digest, and the build that goes on with it. */
interface Drafted {
  readonly composed: ComposedIssue;
  readonly build: Build;
}

/** What makes issues, as the command line does it. */
export interface Builder {
  /** Where file names in errors count from. */
  readonly cwd: string;
  /** The config as it is now. */
  config(): Promise<Config>;
  /** The issue that the articles make now. What was read before and has not changed is not read again. */
  draft(config: Config): Promise<Drafted>;
  /** What is on the web is to be read again. */
  forget(): void;
}

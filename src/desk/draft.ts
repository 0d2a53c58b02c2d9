import { mergeEdits } from "../digest/edits/merge-edits.ts";
import { BroadsheetError } from "../errors.ts";
import { placeIssue } from "../issue/io/outbox/place-issue.ts";
import { type BuiltIssue, type Rendering, renderIssue, withPreview } from "../issue/issue-files.ts";
import { digestHash } from "../email/stored-email.ts";
import { type BuiltIssue, type Rendering, renderIssue } from "../issue/issue-files.ts";
import { digestHash } from "../email/email-json.ts";
import type { Trouble } from "../preview/page-data.ts";
import type { Builder } from "./builder.ts";
import type { OpenIssues } from "./open-issues.ts";
import { doneIn, failuresNotice, FROZEN_NOTICE, hashOf, KEPT_NOTICE, lostNotice } from "./sheet.ts";
import { digestOf, readStored, type StoredFiles } from "../issue/io/stored-files.ts";
import { troubleOf } from "./trouble.ts";

/** The issue that the articles make, which is built again and again, with an editor's changes to it. */
export class Draft {
  /** `<newsletter>/<slot>`; "" before there is one. */
  name = "";
  /** Why it could not be built the last time. */
  trouble: Trouble | null = null;
  readonly #builder: Builder;
  readonly #issues: OpenIssues;
  /** As they were built in this run, by issue: what edits are told from. */
  readonly #base = new Map<string, BuiltIssue>();

  constructor(builder: Builder, issues: OpenIssues) {
    this.#builder = builder;
    this.#issues = issues;
  }

  /** Builds it as the articles and the config are now. What `isAsked` for takes the place of an editor's. */
  async build(isAsked: boolean): Promise<void> {
    const started = performance.now();
    try {
      if (isAsked) this.#builder.forget();
      this.#issues.config = await this.#builder.config();
      const { built, rendering, failures } = await this.#builder.make(this.#issues.config);
      const { newsletter, slot } = built.digest.issue;
      this.name = `${newsletter}/${slot}`;
      await this.#place(built, rendering, isAsked);
      const sheet = this.#sheet;
      sheet.notice = [sheet.notice, failuresNotice(failures)].filter(Boolean).join(" ");
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

  /** Puts what was built in its place, or an editor's changes with it. */
  async #place(fresh: BuiltIssue, rendering: Rendering, isAsked: boolean): Promise<void> {
    const sheet = this.#sheet;
    if (this.#issues.frozenSince(this.name)) {
      sheet.notice = isAsked ? FROZEN_NOTICE : "";
      return;
    }
    const bases = [this.#base.get(this.name), fresh];
    this.#base.set(this.name, fresh);
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
    sheet.history.remember(await this.#issues.snapshot(stored));
    sheet.notice = "Built from the articles; undo brings your edits back.";
    await this.#put(fresh, stored);
  }

  async #put(issue: BuiltIssue, stored: StoredFiles["stored"] | undefined): Promise<void> {
    const isSame = stored?.digest === issue.files.get("digest.json");
    if (stored && !isSame) {
      const { history, digest } = this.#sheet;
      if (digest) history.remember(await this.#issues.snapshot(stored));
    }
    await placeIssue(this.#issues.config, issue.digest.issue, withPreview(issue).files);
  }

  async #stored(): Promise<StoredFiles["stored"] | undefined> {
    try {
      return (await readStored(this.#issues.config.outbox, this.name)).stored;
    } catch (error) {
      // Without an issue that is whole there is nothing of an editor's to lose.
      if (error instanceof BroadsheetError && error.code === "ISSUE_MISSING") return undefined;
      throw error;
    }
  }
}

import path from "node:path";
import type { IssueRow, Trouble } from "../preview/page-data.ts";
import type { Config } from "../config/config.ts";
import type { Digest } from "../digest/digest.ts";
import { historyOf } from "../digest/operations/history.ts";
import type { NewLine } from "../digest/operations/operation.ts";
import { checkedChanges } from "./page-changes.ts";
import { takesArticles } from "../delivery/life.ts";
import type { MeantBuild } from "../schedule/meant-issue.ts";
import { IssueRows, Standings } from "./issue-rows.ts";
import { Notices } from "./notices.ts";
import { OpenIssues } from "./open-issues.ts";
import { type Sheet, doneIn, keptNotice, PARTED_NOTICE } from "./sheet.ts";
import { finishIssue } from "../issue/build.ts";
import type { Build } from "../issue/open-build.ts";
import type { ComposedIssue } from "../issue/stages.ts";
import { troubleOf } from "./trouble.ts";

/**
 * The editor's desk: the issues of an outbox, the one that the articles make now among them. One thing is done
 * at a time.
 */
export class Desk {
  readonly #issues: OpenIssues;
  readonly #draft: Draft;
  readonly #rows = new IssueRows();
  readonly #standings = new Standings();
  readonly #notices = new Notices();
  readonly #changed: (name: string) => void;
  #queue: Promise<unknown> = Promise.resolve();

  /** `changed` is called with the name of an issue that is to be shown anew, and with "" where all are. */
  constructor(builder: Builder, config: Config, changed: (name: string) => void) {
    this.#issues = new OpenIssues(config, builder.cwd);
    this.#draft = new Draft(builder, this.#issues, config);
    this.#changed = changed;
  }

  /** `<newsletter>/<slot>` of the issue that the articles make; "" before there is one. */
  get draft(): string {
    return this.#draft.name;
  }

  get config(): Config {
    return this.#draft.config;
  }

  /** What fixtures take over from the newsletter: its name, colours and parts. */
  async likeness(): Promise<Pick<Digest, "publication" | "parts">> {
    const draft = this.#issues.sheets.get(this.draft)?.digest;
    return draft ?? { publication: { name: this.config.name } };
  }

  /** The issues of the outbox, and where they stand. */
  async list(): Promise<IssueRow[]> {
    return this.#standings.added(await this.#rows.list(this.config.outbox), this.config);
  }

  /** Why nothing is known of that. */
  get storeTrouble(): string {
    return this.#standings.trouble;
  }

  /** The notices about an issue, and all others, which are about the newsletter. */
  async noticesOf(name: string) {
    const [newsletter, slot = ""] = name.split("/");
    const { slug } = this.config;
    // Known since the last edit, and of each issue that is open.
    const sheet = this.#issues.sheets.of(name);
    const own = this.#notices.ofSheet(slot, sheet);
    const slots = [path.basename(this.draft), newsletter === slug ? slot : ""].filter(Boolean);
    const all = (await this.#notices.all(this.config, slots)).filter(
      ({ about }) => about.rule === undefined,
    );
    const { here = [], elsewhere = [] } = Object.groupBy(all, ({ about }) =>
      newsletter === slug && about.slot === slot ? "here" : "elsewhere",
    );
    // A page that can't show the issue says why in its place.
    const others = here.filter(
      ({ id }) =>
        !id.startsWith(`edit:${slot}:`) && !(sheet.trouble && id === `DIGEST_INVALID:${slot}`),
    );
    return { notices: [...own, ...others], otherNotices: elsewhere, newsletter: slug };
  }

  /** What there is to say of an issue, as far as it still holds. */
  noticeOf(name: string): string {
    const { notice, stateNotice, kept } = this.#issues.sheets.of(name);
    const isSo = stateNotice?.state === this.#standings.stateOf(name);
    const isParted = (kept?.waiting ?? []).length > 0;
    return [isSo && stateNotice?.says, notice, isParted && PARTED_NOTICE].filter(Boolean).join(" ");
  }

  /** Looks again where issues stand; whether that is other than it was. */
  async lookAtStore(isAtOnce = false): Promise<boolean> {
    const isOther = await this.#standings.look(this.config, isAtOnce);
    if (isOther) this.#notices.forget();
    return isOther;
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
    this.#notices.forget();
    await this.lookAtStore(true);
    this.#changed("");
  }

  /** @throws StaleEdit where another page has changed the same field. */
  async edit(name: string, changes: readonly NewLine[]): Promise<void> {
    await this.#change(name, (digest, operations) => checkedChanges(digest, changes, operations));
  }

  /** Takes the last step back, or does it again, whoever made it. */
  async step(step: "undo" | "redo", name: string): Promise<void> {
    await this.#change(name, (_digest, operations) => {
      const undoes = historyOf(operations)[step];
      return undoes ? [{ op: "undo", undoes }] : [];
    });
  }

  /** Stories that are joined or parted get the places and pictures that a build gives them, where this run builds them. */
  async #change(name: string, changes: Parameters<OpenIssues["change"]>[1]): Promise<void> {
    await this.#alone(async () => {
      const isRegrouped = await this.#issues.change(name, changes);
      if (isRegrouped && name === this.draft) await this.#draft.build(false);
    });
    this.#notices.forget();
    await this.#show(name);
  }

  /** Has an issue shown anew after a change, and all where that has changed a state. */
  async #show(name: string): Promise<void> {
    this.#changed((await this.lookAtStore(true)) ? "" : name);
  }

  /**
   * Makes an issue anew: the draft of what the articles and the web have now, another with the templates as they are now. An
   * issue that goes out as it is, or went out, stays, and the page says so. "" is the draft, too.
   */
  async renew(name: string): Promise<void> {
    const isDraft = name === "" || name === this.draft;
    const state = name === "" ? "draft" : this.#issues.stateOf(name);
    const isKept = takesArticles(state);
    if (isKept) this.#issues.sheets.of(name).stateNotice = keptNotice(name, state);
    if (isDraft) return this.rebuild(true);
    if (!isKept) await this.#alone(async () => this.#issues.renderAgain(name));
    this.#changed(name);
  }

  /** Issues that are not built from articles any more are rendered anew only on request. */
  templatesChanged(): void {
    for (const [name, sheet] of this.#issues.sheets.all()) {
      if (name !== this.draft && !takesArticles(this.#standings.stateOf(name) ?? "sent"))
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
      if (JSON.stringify([sheet.data?.hash, sheet.trouble]) !== before) await this.#show(name);
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
  config: Config;
  readonly #builder: Builder;
  readonly #issues: OpenIssues;

  constructor(builder: Builder, issues: OpenIssues, config: Config) {
    this.config = config;
    this.#builder = builder;
    this.#issues = issues;
  }

  /**
   * Builds it as the articles and the config are now; where it `isAsked` for, what is on the web is read again too. An issue
   * that goes out as it is, is only shown.
   */
  async build(isAsked: boolean): Promise<void> {
    const started = performance.now();
    try {
      if (isAsked) this.#builder.forget();
      const config = await this.#builder.config();
      this.config = config;
      this.#issues.config = config;
      const meant = await this.#builder.meant(config);
      const { slot, state } = meant.issue;
      const name = `${config.slug}/${slot}`;
      const isKept = takesArticles(state);
      const drafted = isKept ? undefined : await this.#builder.draft(config, meant);
      const isFirst = this.name !== name;
      this.name = name;
      if (drafted) await this.#finish(drafted);
      else if (!isFirst) this.#sheet.stateNotice = keptNotice(name, state);
      this.trouble = null;
      if (drafted) this.#sheet.done = doneIn(started);
      await this.#issues.read(this.name);
    } catch (error) {
      this.trouble = await troubleOf(error, this.#builder.cwd);
    }
  }

  get #sheet() {
    return this.#issues.sheets.of(this.name);
  }

  /** Writes the issue with an editor's changes, unless it has come to go out as it is meanwhile. */
  async #finish({ composed, build }: Drafted): Promise<void> {
    const sheet = this.#sheet;
    const state = () => this.#issues.stateOf(this.name);
    const built = await finishIssue(composed, build, () => !takesArticles(state()));
    sheet.stateNotice = built ? null : keptNotice(this.name, state());
    if (built) sheet.notice = "";
  }
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
  /** The issue that is edited now. */
  meant(config: Config): Promise<MeantBuild>;
  /**
   * That issue, of the articles as they are now. What was read before and has not changed is not read again.
   * @throws BroadsheetError USAGE where its state refuses it.
   */
  draft(config: Config, meant: MeantBuild): Promise<Drafted>;
  /** What is on the web is to be read again. */
  forget(): void;
}

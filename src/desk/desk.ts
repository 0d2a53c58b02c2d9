import { randomUUID } from "node:crypto";
import path from "node:path";
import type { IssueRow, Trouble } from "../preview/page-data.ts";
import type { Config } from "../config/config.ts";
import { type Digest, flatEntries, idOf } from "../digest/digest.ts";
import { historyOf } from "../digest/operations/history.ts";
import { isJson, type NewLine } from "../digest/operations/operation.ts";
import { checkedChanges } from "./page-changes.ts";
import { takesArticles } from "../delivery/life.ts";
import { assertBuildable, type MeantBuild, slotToBegin } from "../schedule/meant-issue.ts";
import { systemClock } from "../platform/clock.ts";
import { IssueRows, Standings } from "./issue-rows.ts";
import { noticeInPage, Notices } from "./notices.ts";
import { OpenIssues } from "./open-issues.ts";
import { type Sheet, timeNow, keptNotice, PARTED_NOTICE } from "./sheet.ts";
import { finishIssue } from "../issue/build.ts";
import { lookAtEdits } from "../issue/io/edits-file.ts";
import { type OwnPicture, picturesOfStory } from "../issue/io/own-pictures.ts";
import type { Build, BuildFlags } from "../issue/open-build.ts";
import { BroadsheetError } from "../errors.ts";
import type { ComposedIssue } from "../issue/stages.ts";
import { inPage, troubleOf } from "./trouble.ts";

/**
 * The editor's desk: the issues of an outbox, the one that the articles make now among them. One thing is done
 * at a time.
 */
export class Desk {
  readonly #builder: Builder;
  readonly #issues: OpenIssues;
  readonly #draft: Draft;
  readonly #rows = new IssueRows();
  readonly #standings = new Standings();
  readonly #notices = new Notices();
  readonly #changed: (name: string) => void;
  /** A name of this run, which no other has. */
  readonly run = randomUUID();
  #reads = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** `changed` is called with the name of an issue that is to be shown anew, and with "" where all are. */
  constructor(builder: Builder, config: Config, changed: (name: string) => void) {
    this.#builder = builder;
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

  /** Whether there is no newsletter yet: no config, and no articles were named. */
  get isNew(): boolean {
    return this.#draft.isNew;
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
    const notices = [...own, ...others].map(noticeInPage);
    return { notices, otherNotices: elsewhere.map(noticeInPage), newsletter: slug };
  }

  /** What there is to say of an issue, as far as it still holds. */
  noticeOf(name: string): string {
    const { notice, stateNotice, kept } = this.#issues.sheets.of(name);
    const isSo = stateNotice?.state === this.#standings.stateOf(name);
    const isParted = (kept?.waiting ?? []).length > 0;
    const all = [isSo && stateNotice?.says, notice, isParted && PARTED_NOTICE];
    return inPage(all.filter(Boolean).join(" "));
  }

  /** How many readers an issue goes to now; 0 where that isn't known. */
  get readers(): number {
    return this.#standings.readers;
  }

  /** Whether an issue is a draft, as far as is known. */
  isDraft(name: string): boolean {
    return (this.#standings.stateOf(name) ?? "draft") === "draft";
  }

  /** Has all pages show where the issues stand by now, and what there is to say about one of them. */
  async lifeChanged(about?: { readonly name: string; readonly says: string }): Promise<void> {
    if (about) this.#issues.sheets.of(about.name).notice = about.says;
    this.#notices.forget();
    // What a page says about a refusal is gone when it is drawn again.
    if ((await this.lookAtStore(true)) || about) this.#changed("");
  }

  /** Builds the issue of another slot, which gets the edits of a draft; the draft is merged into it. */
  async moveDraft(editsOf: string, slot: string): Promise<void> {
    if (editsOf !== slot) await this.#alone(async () => this.#draft.move({ editsOf, slot }));
  }

  /** Looks again where issues stand; whether that is other than it was. */
  async lookAtStore(isAtOnce = false): Promise<boolean> {
    const isOther = await this.#standings.look(this.config, isAtOnce);
    if (isOther) this.#notices.forget();
    return isOther;
  }

  /** The issue as it lies in the outbox, rendered again first where its digest was edited by hand. */
  async open(name: string): Promise<Sheet> {
    return this.#alone(async () => ({ ...(await this.#issues.read(name)) }));
  }

  /**
   * What a page shows of an issue: its sheet, and its HTML with its texts marked by story and field, see `OpenIssues.marked`.
   * Of two that were read, the later one has the higher number `read`.
   */
  async read(name: string) {
    return this.#alone(async () => {
      const sheet = await this.#issues.read(name);
      const html = await this.#issues.marked(name);
      const isDraft = name === this.draft || this.draft === "";
      const buildTrouble = isDraft ? this.#draft.trouble : null;
      return { ...sheet, html, buildTrouble, read: ++this.#reads };
    });
  }

  /** Builds the issue that the articles make now. Edits that were made to it are made again. */
  async rebuild(isAsked = false): Promise<void> {
    await this.#build(async () => this.#draft.build(isAsked));
  }

  /** Begins the issue after those that wait or are settled. @throws BroadsheetError as a build does, also where nothing is new. */
  async begin(): Promise<void> {
    await this.#build(async () => this.#draft.begin());
  }

  async #build(build: () => Promise<void>): Promise<void> {
    await this.#alone(build);
    await this.storeChanged();
  }

  /** Has all pages show what follows from the store by now: where issues stand, and what readers wait for. */
  async storeChanged(): Promise<void> {
    this.#notices.forget();
    await this.lookAtStore(true);
    this.#changed("");
  }

  /** @throws StaleEdit where another page has changed the same field. */
  async edit(name: string, changes: readonly NewLine[]): Promise<void> {
    await this.#change(name, (digest, operations) => checkedChanges(digest, changes, operations));
  }

  /** Keeps pictures beside an issue, so that a story can be given one of them. */
  async keep(name: string, pictures: readonly OwnPicture[]): Promise<void> {
    const files = pictures.map(({ picture }) => picture);
    await this.#alone(async () => this.#issues.keepPictures(name, files));
  }

  /** The pictures that a story of an issue may be given: those of its article, and the one that it has. */
  async picturesOf(name: string, id: string): Promise<OwnPicture[]> {
    const { digest } = await this.open(name);
    const [newsletter = "", slot = ""] = name.split("/");
    const { config } = this;
    const { base } = await lookAtEdits(config.outbox, { newsletter, slot });
    const find = (given: Digest | null | undefined) =>
      given && flatEntries(given).find((entry) => idOf(entry) === id);
    const [now] = find(digest)?.article.images ?? [];
    const entry = find(base) ?? find(digest);
    if (!digest || !entry) return [];
    const dir = path.join(config.outbox, name);
    const { flags } = this.#builder;
    const all = await picturesOfStory({ entry, now, dir }, digest, { config, flags });
    await this.keep(name, all);
    return all;
  }

  /**
   * Reads a story from a file or an address, and adds it to an issue. `isWanted` is asked once it is read: an editor may have
   * given it up.
   * @throws BroadsheetError USAGE for several stories, or one that is in the issue; and what reading throws.
   */
  async addStory(name: string, { from, id, title, isWanted }: Brought): Promise<void> {
    const { digest, pictures } = await this.#builder.story(this.config, from, path.basename(name));
    const [entry, ...others] = flatEntries(digest);
    if (!entry || !isWanted()) return;
    if (others.length > 0)
      throw new BroadsheetError("USAGE", `${others.length + 1} stories are there`, {
        fix: "give the address of one of them",
      });
    const article = { ...entry.article, ...(title !== "" && { title }) };
    const value: unknown = JSON.parse(JSON.stringify({ ...entry, id: id ?? idOf(entry), article }));
    const files = pictures.filter(({ name: file }) =>
      article.images.some(({ src }) => src === `images/${file}`),
    );
    await this.#alone(async () => this.#issues.keepPictures(name, files));
    await this.#change(name, (now) => {
      const isThere = flatEntries(now).some((one) => idOf(one) === (id ?? idOf(entry)));
      if (isThere)
        throw new BroadsheetError("USAGE", "this story is in the issue already", {
          fix: "look for it in the list of stories, also among the hidden ones",
        });
      if (!isJson(value)) return [];
      return [{ op: "add", id: id ?? idOf(entry), value, before: [] }];
    });
  }

  /** Takes the last step back, or does it again, no matter which page made it. */
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
    const state = name === "" ? "draft" : await this.#issues.stateOf(name);
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
      // A change that the desk is writing at this moment is announced by the desk itself.
      const isOther = await this.#alone(async () => {
        const before = JSON.stringify([sheet.data?.hash, sheet.trouble]);
        await this.#issues.read(name);
        return JSON.stringify([sheet.data?.hash, sheet.trouble]) !== before;
      });
      if (!isOther) continue;
      this.#notices.forget();
      await this.#show(name);
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
  isNew = false;
  /** The issue that the editor has chosen in place of the next one. */
  #chosen: Chosen | undefined;
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
  async build(isAsked: boolean, editsOf?: string): Promise<void> {
    try {
      if (isAsked) this.#builder.forget();
      await this.#make(editsOf);
    } catch (error) {
      this.trouble = await troubleOf(error, this.#builder.cwd);
    }
  }

  /** Builds the issue after those that wait or are settled, of what the sources have now. */
  async begin(): Promise<void> {
    const before = this.#chosen;
    this.#builder.forget();
    this.#chosen = { slot: await slotToBegin(this.config, systemClock), isNext: true };
    try {
      await this.#make();
    } catch (error) {
      this.#chosen = before;
      throw error;
    }
  }

  async #make(editsOf?: string): Promise<void> {
    this.isNew = await this.#builder.isNew();
    const config = await this.#builder.config();
    this.config = config;
    this.#issues.config = config;
    const meant = await this.#meant(config, editsOf);
    const { slot, state } = meant.issue;
    const name = `${config.slug}/${slot}`;
    const isKept = takesArticles(state);
    const drafted = isKept ? undefined : await this.#builder.draft(config, meant);
    const isFirst = this.name !== name;
    this.name = name;
    if (drafted) await this.#finish(drafted);
    else if (!isFirst) this.#sheet.stateNotice = keptNotice(name, state);
    this.trouble = null;
    if (drafted) this.#sheet.done = timeNow();
    await this.#issues.read(this.name);
  }

  /** @throws BroadsheetError USAGE for a slot that no draft can be built for. */
  async move({
    editsOf,
    slot,
  }: {
    readonly editsOf: string;
    readonly slot: string;
  }): Promise<void> {
    assertBuildable((await this.#builder.meant(this.config, { slot })).issue);
    this.#chosen = { slot };
    await this.build(false, editsOf);
  }

  /** A chosen issue counts as long as it is a draft. */
  async #meant(config: Config, editsOf?: string): Promise<MeantBuild> {
    if (this.#chosen === undefined) return this.#builder.meant(config);
    const meant = await this.#builder.meant(config, { ...this.#chosen, editsOf });
    if (meant.issue.state === "draft") return meant;
    this.#chosen = undefined;
    return this.#builder.meant(config);
  }

  get #sheet() {
    return this.#issues.sheets.of(this.name);
  }

  /** Writes the issue with an editor's changes, unless it has come to go out as it is meanwhile. */
  async #finish({ composed, build }: Drafted): Promise<void> {
    const sheet = this.#sheet;
    const state = async () => this.#issues.stateOf(this.name);
    const built = await finishIssue(composed, build, async () => !takesArticles(await state()));
    sheet.stateNotice = built ? null : keptNotice(this.name, await state());
    if (built) sheet.notice = "";
  }
}

/** A story that an editor brings. */
export interface Brought {
  /** The file or the address that it is read from. */
  readonly from: string;
  /** Its id, where the file is only there to read it from. */
  readonly id?: string;
  /** Its headline; empty for that of its text. */
  readonly title: string;
  readonly isWanted: () => boolean;
}

/** An issue up to its digest, and the build that goes on with it. */
interface Drafted {
  readonly composed: ComposedIssue;
  readonly build: Build;
}

/** A slot in place of the next one, the draft whose edits move there, and whether it follows issues that are settled. */
interface Chosen {
  readonly slot: string;
  readonly isNext?: boolean;
  readonly editsOf?: string | undefined;
}

/** What makes issues, as the command line does it. */
export interface Builder {
  /** Where file names in errors count from. */
  readonly cwd: string;
  /** The config as it is now. Without a config file it has the defaults. */
  config(): Promise<Config>;
  /** Whether there is no newsletter yet: no config, and no articles were named. */
  isNew(): Promise<boolean>;
  /** The issue that is edited now: of the slot that the editor chose, or else as the command line says. */
  meant(config: Config, chosen?: Chosen): Promise<MeantBuild>;
  /**
   * That issue, of the articles as they are now. What was read before and has not changed is not read again.
   * @throws BroadsheetError USAGE where its state refuses it.
   */
  draft(config: Config, meant: MeantBuild): Promise<Drafted>;
  /** What an issue would have if it were made of this file or address alone. */
  story(config: Config, from: string, slot: string): Promise<ComposedIssue>;
  readonly flags: BuildFlags;
  /** What is on the web is to be read again. */
  forget(): void;
}

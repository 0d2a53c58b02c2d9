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

/** The editor's desk: the issues of an outbox, including the draft that the current articles make. It runs one task at a time. */
export class Desk {
  readonly #builder: Builder;
  readonly #issues: OpenIssues;
  readonly #draft: Draft;
  readonly #rows = new IssueRows();
  readonly #standings = new Standings();
  readonly #notices = new Notices();
  readonly #changed: (name: string) => void;
  /** A unique id of this run. */
  readonly run = randomUUID();
  #reads = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** `changed` is called with the name of an issue that pages must load again, or with "" for all issues. */
  constructor(builder: Builder, config: Config, changed: (name: string) => void) {
    this.#builder = builder;
    this.#issues = new OpenIssues(config, builder.cwd);
    this.#draft = new Draft(builder, this.#issues, config);
    this.#changed = changed;
  }

  /** `<newsletter>/<slot>` of the draft; "" before there is one. */
  get draft(): string {
    return this.#draft.name;
  }

  get config(): Config {
    return this.#draft.config;
  }

  /** Whether there is no newsletter yet: no config exists, and no articles were named. */
  get isNew(): boolean {
    return this.#draft.isNew;
  }

  async list(): Promise<IssueRow[]> {
    return this.#standings.added(await this.#rows.list(this.config.outbox), this.config);
  }

  /** The reason why the states are unknown. */
  get storeTrouble(): string {
    return this.#standings.trouble;
  }

  /** Returns the notices about an issue, and all other notices of the newsletter. */
  async noticesOf(name: string) {
    const [newsletter, slot = ""] = name.split("/");
    const { slug } = this.config;
    // The notices of open issues are up to date since the last edit.
    const sheet = this.#issues.sheets.of(name);
    const own = this.#notices.ofSheet(slot, sheet);
    const slots = [path.basename(this.draft), newsletter === slug ? slot : ""].filter(Boolean);
    const all = (await this.#notices.all(this.config, slots)).filter(
      ({ about }) => about.rule === undefined,
    );
    const { here = [], elsewhere = [] } = Object.groupBy(all, ({ about }) =>
      newsletter === slug && about.slot === slot ? "here" : "elsewhere",
    );
    // A page that cannot show the issue shows the reason in its place.
    const others = here.filter(
      ({ id }) =>
        !id.startsWith(`edit:${slot}:`) && !(sheet.trouble && id === `DIGEST_INVALID:${slot}`),
    );
    const notices = [...own, ...others].map(noticeInPage);
    return { notices, otherNotices: elsewhere.map(noticeInPage), newsletter: slug };
  }

  /** Returns the messages about an issue that are still valid. */
  noticeOf(name: string): string {
    const { notice, stateNotice, kept } = this.#issues.sheets.of(name);
    const isSo = stateNotice?.state === this.#standings.stateOf(name);
    const isParted = (kept?.waiting ?? []).length > 0;
    const all = [isSo && stateNotice?.says, notice, isParted && PARTED_NOTICE];
    return inPage(all.filter(Boolean).join(" "));
  }

  /** The number of readers who would get an issue now; 0 if it is unknown. */
  get readers(): number {
    return this.#standings.readers;
  }

  /** Whether an issue is a draft, or its state is unknown. */
  isDraft(name: string): boolean {
    return (this.#standings.stateOf(name) ?? "draft") === "draft";
  }

  /** Updates the states in all pages, with an optional message about one issue. */
  async lifeChanged(about?: { readonly name: string; readonly says: string }): Promise<void> {
    if (about) this.#issues.sheets.of(about.name).notice = about.says;
    this.#notices.forget();
    // An update of the page removes the message about a refusal.
    if ((await this.lookAtStore(true)) || about) this.#changed("");
  }

  /** Builds the issue of another slot, which gets the edits of a draft. The draft itself is removed. */
  async moveDraft(editsOf: string, slot: string): Promise<void> {
    if (editsOf !== slot) await this.#alone(async () => this.#draft.move({ editsOf, slot }));
  }

  /** Reads the states again. Returns whether any has changed. */
  async lookAtStore(isAtOnce = false): Promise<boolean> {
    const isOther = await this.#standings.look(this.config, isAtOnce);
    if (isOther) this.#notices.forget();
    return isOther;
  }

  /** Reads an issue from the outbox. If its digest was edited by hand, the issue is rendered first. */
  async open(name: string): Promise<Sheet> {
    return this.#alone(async () => ({ ...(await this.#issues.read(name)) }));
  }

  /**
   * Returns the data for the page of an issue: its sheet, and its HTML with marks of story and field (see
   * `OpenIssues.marked`). A later result has a higher number `read`.
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

  /** Builds the draft from the current articles, and applies its edits again. */
  async rebuild(isAsked = false): Promise<void> {
    await this.#build(async () => this.#draft.build(isAsked));
  }

  /**
   * Begins the issue after those that wait or are settled. @throws BroadsheetError as a build does, also if there is
   * nothing new.
   */
  async begin(): Promise<void> {
    await this.#build(async () => this.#draft.begin());
  }

  async #build(build: () => Promise<void>): Promise<void> {
    await this.#alone(build);
    await this.storeChanged();
  }

  /** Updates all pages from the store: the states of issues, and the readers who wait for a decision. */
  async storeChanged(): Promise<void> {
    this.#notices.forget();
    await this.lookAtStore(true);
    this.#changed("");
  }

  /** @throws StaleEdit if another page has changed the same field. */
  async edit(name: string, changes: readonly NewLine[]): Promise<void> {
    await this.#change(name, (digest, operations) => checkedChanges(digest, changes, operations));
  }

  /** Stores pictures beside an issue, so that a story can use them. */
  async keep(name: string, pictures: readonly OwnPicture[]): Promise<void> {
    const files = pictures.map(({ picture }) => picture);
    await this.#alone(async () => this.#issues.keepPictures(name, files));
  }

  /** Returns the pictures that a story can have: those of its article, and its current one. */
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
   * Reads a story from a file or an address and adds it to an issue. `isWanted` is called after reading, because the editor
   * may have cancelled.
   * @throws BroadsheetError USAGE for several stories, or for one that is already in the issue; and the errors of reading.
   */
  async addStory(
    name: string,
    { from, id, title, isWanted, isPrivate = false }: Brought,
  ): Promise<void> {
    const { digest, pictures } = await this.#builder.story(this.config, from, {
      slot: path.basename(name),
      isPrivate,
    });
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
      const added: NewLine = { op: "add", id: id ?? idOf(entry), value, before: [] };
      // The template of one story has no room for a second one.
      const isBrief = now.template === "brief" && this.config.template === undefined;
      return isBrief ? [added, { op: "set", field: "template", value: "digest" }] : [added];
    });
  }

  /** Undoes the last step or redoes it, no matter which page made it. */
  async step(step: "undo" | "redo", name: string): Promise<void> {
    await this.#change(name, (_digest, operations) => {
      const undoes = historyOf(operations)[step];
      return undoes ? [{ op: "undo", undoes }] : [];
    });
  }

  /** Changes an issue. If stories of the draft were joined or parted, it is built again for new places and pictures. */
  async #change(name: string, changes: Parameters<OpenIssues["change"]>[1]): Promise<void> {
    await this.#alone(async () => {
      const isRegrouped = await this.#issues.change(name, changes);
      if (isRegrouped && name === this.draft) await this.#draft.build(false);
    });
    this.#notices.forget();
    await this.#show(name);
  }

  /** Updates the pages of an issue after a change, or all pages if its state has changed. */
  async #show(name: string): Promise<void> {
    this.#changed((await this.lookAtStore(true)) ? "" : name);
  }

  /**
   * Renews an issue on request: the draft from the current articles and web pages, another issue with the current
   * templates. An approved or sent issue stays as it is, and the page says so. "" means the draft too.
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

  /** Issues that are no longer built from articles are rendered again only on request. */
  templatesChanged(): void {
    for (const [name, sheet] of this.#issues.sheets.all()) {
      if (name !== this.draft && !takesArticles(this.#standings.stateOf(name) ?? "sent"))
        sheet.notice = "The templates have changed. Press R to render this issue with them.";
    }
  }

  /** Checks whether any of these issues was changed by hand. */
  async look(names: Iterable<string>): Promise<void> {
    for (const name of names) {
      const sheet = this.#issues.sheets.of(name);
      if (!(await this.#issues.isWritten(name))) continue;
      // A change that the desk is just writing is announced by the desk itself.
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

  /** Runs tasks one after the other. Two simultaneous changes would both start from the same old state. */
  async #alone<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** The draft, which is built repeatedly from the articles, with an editor's changes. */
class Draft {
  /** `<newsletter>/<slot>`; "" before there is one. */
  name = "";
  /** The error of the last build. */
  trouble: Trouble | null = null;
  config: Config;
  isNew = false;
  /** The issue that the editor has chosen instead of the next one. */
  #chosen: Chosen | undefined;
  readonly #builder: Builder;
  readonly #issues: OpenIssues;

  constructor(builder: Builder, issues: OpenIssues, config: Config) {
    this.config = config;
    this.#builder = builder;
    this.#issues = issues;
  }

  /**
   * Builds the draft from the current articles and config. If `isAsked`, web pages are read again too. An approved or sent
   * issue is only shown.
   */
  async build(isAsked: boolean, editsOf?: string): Promise<void> {
    try {
      if (isAsked) this.#builder.forget();
      await this.#make(editsOf);
    } catch (error) {
      this.trouble = await troubleOf(error, this.#builder.cwd);
    }
  }

  /** Builds the issue after those that wait or are settled, from the current sources. */
  async begin(): Promise<void> {
    const before = this.#chosen;
    this.#builder.forget();
    this.#chosen = { slot: await slotToBegin(this.config, systemClock), skipsTaken: true };
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
    // The page asks for the name first. An issue without it would stay in the outbox.
    if (this.isNew) return;
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

  /** @throws BroadsheetError USAGE for a slot for which no draft can be built. */
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

  /** The chosen issue counts while it is a draft. */
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

  /** Writes the issue with an editor's changes, unless it was approved or sent in the meantime. */
  async #finish({ composed, build }: Drafted): Promise<void> {
    const sheet = this.#sheet;
    const state = async () => this.#issues.stateOf(this.name);
    const built = await finishIssue(composed, build, async () => !takesArticles(await state()));
    sheet.stateNotice = built ? null : keptNotice(this.name, await state());
    if (built) sheet.notice = "";
  }
}

/** A story that an editor adds. */
export interface Brought {
  /** The file or address to read it from. */
  readonly from: string;
  /** Its id, if the file is only temporary. */
  readonly id?: string;
  /** Its headline; empty to use that of its text. */
  readonly title: string;
  readonly isWanted: () => boolean;
  /** Whether its server may be inside the network. */
  readonly isPrivate?: boolean;
}

/** An issue up to its digest, with the build that completes it. */
interface Drafted {
  readonly composed: ComposedIssue;
  readonly build: Build;
}

/** A slot instead of the next one, whether articles of earlier issues are left out, and the draft whose edits move there. */
interface Chosen {
  readonly slot: string;
  readonly skipsTaken?: boolean;
  readonly editsOf?: string | undefined;
}

/** The functions of the command line that build issues. */
export interface Builder {
  /** The folder to which file names in errors are relative. */
  readonly cwd: string;
  /** Loads the current config. Without a config file it has the defaults. */
  config(): Promise<Config>;
  /** Whether there is no newsletter yet: no config exists, and no articles were named. */
  isNew(): Promise<boolean>;
  /** Returns the issue to edit: the slot that the editor chose, or the one that the command line names. */
  meant(config: Config, chosen?: Chosen): Promise<MeantBuild>;
  /**
   * Makes the digest of that issue from the current articles, but does not render it. Unchanged inputs are not read again.
   * @throws BroadsheetError USAGE if its state does not allow it.
   */
  draft(config: Config, meant: MeantBuild): Promise<Drafted>;
  /** Builds an issue from one file or address alone. */
  story(
    config: Config,
    from: string,
    options: { readonly slot: string; readonly isPrivate: boolean },
  ): Promise<ComposedIssue>;
  readonly flags: BuildFlags;
  /** Makes the next build read web pages again. */
  forget(): void;
}

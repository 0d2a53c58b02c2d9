import type { Config } from "../config/config.ts";
import type { Digest } from "../digest/digest.ts";
import { type Edit, editDigest } from "../digest/edits/edit-digest.ts";
import { BroadsheetError } from "../errors.ts";
import type { FrozenSince } from "../delivery/io/ledger/frozen.ts";
import type { IssueRow, Trouble } from "../preview/page-data.ts";
import type { Builder } from "./builder.ts";
import { Draft } from "./draft.ts";
import { IssueRows } from "./issue-rows.ts";
import { OpenIssues } from "./open-issues.ts";
import { Sendings } from "./sendings.ts";
import { type Sheet, toJson } from "./sheet.ts";

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

  /** `changed` hears the name of an issue that is to be shown anew, and "" where all are. */
  constructor(builder: Builder, config: Config, changed: (name: string) => void) {
    this.#issues = new OpenIssues(config, builder.cwd);
    this.#draft = new Draft(builder, this.#issues);
    this.#changed = changed;
  }

  /** `<newsletter>/<slot>` of the issue that the articles make; "" before there is one. */
  get draft(): string {
    return this.#draft.name;
  }

  get config(): Config {
    return this.#issues.config;
  }

  /** What fixtures take over from the newsletter: its name, colours and parts. */
  async likeness(): Promise<Pick<Digest, "publication" | "parts">> {
    const draft = this.#issues.sheets.get(this.draft)?.digest;
    return draft ?? { publication: { name: this.config.name } };
  }

  /** The issues of the outbox, with what is known by now of their sending. */
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

  /** How far the sending of an issue is; "" where it hasn't begun, or that can't be told, and no change is made. */
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
    await this.#alone(async () =>
      this.#issues.change(name, hash, ({ history }, now, digest) => {
        const edited = editDigest(digest, edit);
        history.remember(now);
        return { ...now, digest: toJson(edited) };
      }),
    );
    this.#changed(name);
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

  /** Issues that are not built from articles any more are rendered anew only when somebody wants that. */
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

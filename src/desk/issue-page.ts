import type { PageData, Refusal, IssueData, Trouble } from "../preview/page-data.ts";
import type { Desk } from "./desk.ts";
import type { Events } from "./events.ts";
import type { Access } from "./require-key.ts";
import { FIXTURES, fixtureDigest } from "./fixtures.ts";
import { type Digest, flatEntries } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { issueData } from "../preview/issue-data.ts";
import { renderWith } from "../issue/io/render-again.ts";
import { troubleOf } from "./trouble.ts";
import { ownWords } from "../summary/own-words.ts";

export interface AppOptions {
  readonly desk: Desk;
  readonly events: Events;
  readonly cwd: string;
  readonly access: Access;
}

/** All that the page of an issue shows; of "", which is no issue, only why there is none yet. */
export async function issuePage(name: string, { desk, events }: AppOptions): Promise<PageData> {
  const { changes } = events;
  const sheet = await desk.open(name);
  const { data, digest, history, notice, done } = sheet;
  const trouble = sheet.buildTrouble ?? (name === "" ? null : sheet.trouble);
  return {
    mode: "server",
    issue: data,
    desk: {
      changes,
      path: `/${name}`,
      issues: await desk.list(),
      storeTrouble: desk.storeTrouble,
      fixtures: FIXTURES.map(({ name, title }) => ({ name, title })),
      trouble,
      cannotGo: sheet.trouble?.message ?? "",
      notice,
      done,
      frozen: desk.frozenSince(name),
      canEdit: data !== null && sheet.trouble === null,
      canUndo: history.canUndo,
      canRedo: history.canRedo,
      refusals: digest ? refusalsIn(digest) : [],
    },
  };
}

/** The page of a fixture, rendered with the newsletter's templates as they are now. Nothing of it is written. */
export async function fixturePage(
  name: string,
  { desk, events, cwd }: AppOptions,
): Promise<PageData> {
  const { changes } = events;
  const [issue, trouble] = await rendered(name, desk, cwd);
  return {
    mode: "server",
    issue,
    desk: {
      changes,
      path: `/~fixtures/${name}`,
      issues: await desk.list(),
      storeTrouble: desk.storeTrouble,
      fixtures: FIXTURES.map(({ name, title }) => ({ name, title })),
      trouble,
      cannotGo: "",
      notice: "",
      done: null,
      frozen: "",
      canEdit: false,
      canUndo: false,
      canRedo: false,
      refusals: [],
    },
  };
}

async function rendered(
  name: string,
  desk: AppOptions["desk"],
  cwd: string,
): Promise<[IssueData | null, Trouble | null]> {
  try {
    const fixture = FIXTURES.find((one) => one.name === name);
    if (!fixture) {
      throw new BroadsheetError("ISSUE_MISSING", `there is no fixture ${name}`, {
        fix: `there is ${FIXTURES.map((one) => one.name).join(", ")}`,
      });
    }
    const digest = fixtureDigest(fixture, await desk.likeness());
    const { files } = await renderWith(digest, desk.config, { pictures: [] });
    return [issueData(digest, files), null];
  } catch (error) {
    return [null, await troubleOf(error, cwd)];
  }
}

/**
 * The sentences of a digest that stand nowhere in their articles and that a model would not have got away
 * with either. An editor may say more than the article does, and should know it.
 */
function refusalsIn(digest: Digest): Refusal[] {
  return flatEntries(digest).flatMap(({ article, summary }, story) =>
    ownWords(article, summary).map(({ point, why }) => ({ story, point, why })),
  );
}

import { BroadsheetError } from "../errors.ts";
import { issueData } from "../preview/issue-data.ts";
import type { IssueData, PageData, Trouble } from "../preview/page-data.ts";
import { renderWith } from "../issue/io/render-again.ts";
import type { AppOptions } from "./issue-page.ts";
import { FIXTURES, fixtureDigest } from "./fixtures.ts";
import { troubleOf } from "./trouble.ts";

/** The page of a fixture, rendered with the newsletter's templates as they are now. Nothing of it is written. */
export async function fixturePage(
  name: string,
  { desk, events, cwd }: AppOptions,
): Promise<PageData> {
  const { told } = events;
  const [issue, trouble] = await rendered(name, desk, cwd);
  return {
    mode: "server",
    issue,
    desk: {
      told,
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

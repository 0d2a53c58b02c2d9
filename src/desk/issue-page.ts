import type { PageData } from "../preview/page-data.ts";
import type { Desk } from "./desk.ts";
import type { Events } from "./events.ts";
import type { Lock } from "./guard.ts";
import { FIXTURES } from "./fixtures.ts";
import { refusalsIn } from "./refusals.ts";

export interface AppOptions {
  readonly desk: Desk;
  readonly events: Events;
  readonly cwd: string;
  readonly lock: Lock;
}

/** All that the page of an issue shows; of "", which is no issue, only why there is none yet. */
export async function issuePage(name: string, { desk, events }: AppOptions): Promise<PageData> {
  const { told } = events;
  const sheet = await desk.open(name);
  const { data, digest, history, notice, done } = sheet;
  const trouble = sheet.buildTrouble ?? (name === "" ? null : sheet.trouble);
  return {
    mode: "server",
    issue: data,
    desk: {
      told,
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

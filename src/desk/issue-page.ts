import type { Context, Hono } from "hono";
import type * as z from "zod";
import { type LifeData, MOST, type PageData, type Refusal } from "../preview/page-data.ts";
import type { Desk } from "./desk.ts";
import type { ConfigChanges } from "../config/io/change-config.ts";
import type { Events } from "./events.ts";
import type { Access } from "./require-key.ts";
import { blockSource } from "../article/markdown/letter.ts";
import { letterBlocks } from "../digest/letter-blocks.ts";
import { type Digest, flatEntries } from "../digest/digest.ts";
import { ownWords } from "../summary/faithfulness/faithfulness.ts";

export interface AppOptions {
  readonly desk: Desk;
  readonly events: Events;
  readonly cwd: string;
  readonly access: Access;
  readonly config: ConfigChanges;
  readonly life: { dataFor(name: string): LifeData };
}

/**
 * Returns a function that adds a route for JSON from the page. A schema checks the JSON, and `answer` handles it.
 * @throws ZodError and SyntaxError in the route, for any other input.
 */
export function postRoutes(app: Hono) {
  return <Body>(
    path: string,
    schema: z.ZodType<Body>,
    answer: (body: Body, context: Context) => Promise<object>,
  ): void => {
    app.post(path, async (context) =>
      context.json(await answer(schema.parse(await context.req.json()), context)),
    );
  };
}

/** Returns the issue that the path of a request names. */
export function nameIn(context: Context): string {
  return `${context.req.param("newsletter")}/${context.req.param("slot")}`;
}

/** Returns the data for the page of an issue. For "", which is no issue, it only says why there is none yet. */
export async function issuePage(
  name: string,
  options: Pick<AppOptions, "desk" | "events" | "life">,
): Promise<PageData> {
  const { desk, events } = options;
  const { changes } = events;
  const sheet = await desk.read(name);
  const { data, digest, history, done, read, html } = sheet;
  const canEdit = data !== null && sheet.trouble === null;
  const trouble = sheet.buildTrouble ?? (name === "" ? null : sheet.trouble);
  const ofIssue = {
    changes,
    run: desk.run,
    read,
    path: `/${name}`,
    trouble,
    cannotGo: sheet.trouble?.message ?? "",
    done,
    notice: desk.noticeOf(name),
    canEdit,
    marked: canEdit ? html : "",
    letter: digest?.letter ? letterBlocks(digest.letter).map(blockSource) : [],
    edited: sheet.edited,
    canUndo: history.undo !== undefined,
    canRedo: history.redo !== undefined,
    refusals: digest ? refusalsIn(digest) : [],
    most: MOST,
  };
  return { mode: "server", issue: data, desk: { ...ofIssue, ...(await ofAll(name, options)) } };
}

/** Returns the data that change without a change of the issue. */
export async function ofAll(name: string, { desk, life }: Pick<AppOptions, "desk" | "life">) {
  const issues = await desk.list();
  return {
    isNew: desk.isNew,
    life: life.dataFor(name),
    issues,
    storeTrouble: desk.storeTrouble,
    ...(await desk.noticesOf(name)),
  };
}

/**
 * Returns the sentences of a digest that its articles do not clearly support. An editor may write more than the article
 * says, but should know it.
 */
function refusalsIn(digest: Digest): Refusal[] {
  return flatEntries(digest).flatMap(({ article, summary }, story) =>
    ownWords(article, summary).map(({ point, why }) => ({ story, point, why })),
  );
}

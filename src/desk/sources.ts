import type { Hono } from "hono";
import * as z from "zod";
import { BroadsheetError } from "../errors.ts";
import { findSource } from "../sources/article-reader.ts";
import { postRoutes } from "./issue-page.ts";

const lookSchema = z.strictObject({
  address: z.string().trim().min(1).max(2_000),
  isPrivate: z.boolean(),
});

/** Adds a route by which an editor sees what an address contains before it becomes a source. */
export function lookRoute(app: Hono, path: string, folder: () => Promise<string>): void {
  postRoutes(app)(path, lookSchema, async ({ address, isPrivate }) => {
    const looking = findSource(address, { folder: await folder(), isPrivate });
    return looking.catch((error: unknown) => Promise.reject(inWords(error)));
  });
}

/** Replaces the flag of the commands with the checkbox of the page. */
function inWords(error: unknown): unknown {
  if (!(error instanceof BroadsheetError) || !error.fix?.includes("--allow-private")) return error;
  return new BroadsheetError(error.code, error.message, {
    fix: "if it is your own, tick “It is inside my own network”",
  });
}

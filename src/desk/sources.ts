import type { Hono } from "hono";
import * as z from "zod";
import { findSource } from "../sources/article-reader.ts";
import { postRoutes } from "./issue-page.ts";

const lookSchema = z.strictObject({
  address: z.string().trim().min(1).max(2_000),
  isPrivate: z.boolean(),
});

/** Adds a route by which an editor sees what an address contains before it becomes a source. */
export function lookRoute(app: Hono, path: string, folder: () => Promise<string>): void {
  postRoutes(app)(path, lookSchema, async ({ address, isPrivate }) =>
    findSource(address, { folder: await folder(), isPrivate }),
  );
}

import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Hono } from "hono";
import * as z from "zod";
import type { Config } from "../config/config.ts";
import type { ConfigChange } from "../config/yaml-config.ts";
import { loadTemplate, templateNames } from "../email/io/load-template.ts";
import { themeFor } from "../email/theme.ts";
import { BroadsheetError } from "../errors.ts";
import { readLogo } from "../issue/pictures/io/read-logo.ts";
import { fileError } from "../platform/file-error.ts";
import { pictureTypeOf } from "../platform/picture.ts";
import { contrastOf } from "../platform/css/values.ts";
import type { LookData } from "../preview/page-data.ts";
import { type AppOptions, postRoutes } from "./issue-page.ts";

const changeSchema = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        path: z.tuple([z.string()], z.union([z.string(), z.int().nonnegative()])),
        value: z.unknown().optional(),
      }),
    )
    .min(1),
  hash: z.string(),
});

/** Adds the routes by which the page reads and changes the config. The watcher of the config file then builds the draft again. */
export function addLook(app: Hono, { desk, config }: AppOptions): void {
  const look = async (wrote: readonly string[] = []): Promise<LookData> => {
    const { file, ...written } = await config.read();
    const { templates } = desk.config;
    const shown = { file: path.basename(file), templates: await templateNames(templates), wrote };
    return { ...written, ...shown, contrast: await contrastIn(await config.parsed()) };
  };
  /** A newsletter with a new name keeps its issues and readers. */
  const keptSlug = async (changes: readonly ConfigChange[]): Promise<ConfigChange[]> => {
    const isRenamed = changes.some(({ path: [key] }) => key === "name");
    const { raw } = await config.read();
    return isRenamed && raw["slug"] === undefined
      ? [{ path: ["slug"], value: desk.config.slug }]
      : [];
  };
  app.get("/~config", async (context) => context.json(await look()));
  postRoutes(app)("/~config", changeSchema, async ({ changes, hash }) => {
    const all = [...changes, ...(await keptSlug(changes))];
    return look(await config.change(all, { hash, check: assertUsable }));
  });
  app.post("/~logo", async (context) => {
    const content = Buffer.from(await context.req.arrayBuffer());
    const file = await writeLogo(content, desk.config.folder);
    try {
      await config.change([{ path: ["logo", "src"], value: file }], { check: assertUsable });
    } catch (error) {
      await rm(path.join(desk.config.folder, file));
      throw error;
    }
    return context.json(await look());
  });
  for (const step of ["undo", "redo"] as const) {
    app.post(`/~config/${step}`, async (context) => {
      await config.step(step);
      return context.json(await look());
    });
  }
}

/**
 * Checks that an email can be made with the config. @throws BroadsheetError as `contrastIn` does, and for a logo that is
 * not a picture.
 */
async function assertUsable(config: Config): Promise<void> {
  await contrastIn(config);
  if (config.logo) await readLogo(config.logo, config);
}

/** Writes the file of a logo, without replacing another file. Returns its name. @throws BroadsheetError */
async function writeLogo(content: Buffer, folder: string): Promise<string> {
  const { ending } = pictureTypeOf(content) ?? {};
  if (ending === undefined)
    throw new BroadsheetError("CONTENT_UNSUPPORTED", "this file is not a picture", {
      fix: "choose a PNG, JPEG, GIF, WebP or SVG",
    });
  const name = `logo-${createHash("sha256").update(content).digest("hex").slice(0, 8)}${ending}`;
  await writeFile(path.join(folder, name), content).catch((cause: unknown) => {
    const fix = "choose a folder that you can write to";
    throw fileError(cause, "OUTPUT_UNWRITABLE", `${name} can't be written`, { fix });
  });
  return name;
}

/**
 * Returns the contrast of the accent with the paper of the template, light and dark.
 * @throws BroadsheetError TEMPLATE_MISSING; CONFIG_INVALID for an accent that cannot be read.
 */
export async function contrastIn(config: Config): Promise<LookData["contrast"]> {
  const { template = "digest", templates, language = "en", accent, accentDark, fonts } = config;
  const { theme } = await loadTemplate(template, templates);
  const own = {
    ...(accent && { accent }),
    ...(accentDark && { accentDark }),
    ...(fonts && { fonts }),
  };
  const { page, accent: shown } = themeFor(theme, language, own).colours;
  if (!page || !shown) return [];
  return (["light", "dark"] as const).map((scheme) => ({
    scheme,
    colour: shown[scheme],
    ratio: contrastOf(shown[scheme], page[scheme]),
  }));
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { hashId } from "../article/identity.ts";
import { BroadsheetError } from "../errors.ts";
import { type OwnPicture, uploadedPicture } from "../issue/io/own-pictures.ts";
import { oneLine } from "../platform/text.ts";
import { type ChosenPicture, MOST } from "../preview/page-data.ts";
import { isOnTheWeb } from "../sources/io/read-sources.ts";
import { type AppOptions, issuePage, nameIn, postRoutes } from "./issue-page.ts";

/** The paths to which the page uploads files. */
export const UPLOADS = /\/(?:picture|story)$/;

export const uploadLimit = bodyLimit({
  maxSize: MOST.fileMb * 1e6,
  onError: (context) => {
    const message = `the file has more than ${MOST.fileMb} MB`;
    return context.json({ trouble: { code: "CONTENT_TOO_LARGE", message } }, 413);
  },
});

const writtenSchema = z.strictObject({ title: z.string().max(1_000), text: z.string() });
const addressSchema = z.strictObject({
  address: z.string().max(4_000),
  /** Of a box that is ticked. */
  private: z.literal("on").optional(),
});
const storySchema = z.union([writtenSchema, addressSchema]);

export function addStories(app: Hono, options: AppOptions): void {
  const { desk } = options;
  const ofStory = z.strictObject({ id: z.string() });
  postRoutes(app)("/:newsletter/:slot/pictures", ofStory, async ({ id }, context) => {
    const pictures = await desk.picturesOf(nameIn(context), id);
    return { pictures: pictures.map(chosen) };
  });
  app.post("/:newsletter/:slot/picture", async (context) => {
    const name = nameIn(context);
    const content = Buffer.from(await context.req.arrayBuffer());
    const { digest } = await desk.open(name);
    if (!digest) return context.notFound();
    const picture = await uploadedPicture(content, fileName(context), digest, desk.config);
    await desk.keep(name, [picture]);
    return context.json({ pictures: [chosen(picture)] });
  });
  app.post("/:newsletter/:slot/story", async (context) => {
    const isWanted = () => !context.req.raw.signal.aborted;
    const isFile = context.req.query("file") !== undefined;
    const given = isFile ? undefined : storySchema.parse(await context.req.json());
    if (given && "address" in given) {
      const from = webAddress(given.address);
      const isPrivate = given.private !== undefined;
      await desk.addStory(nameIn(context), { from, title: "", isWanted, isPrivate });
    } else {
      const content = given?.text ?? Buffer.from(await context.req.arrayBuffer());
      const file = isFile ? fileName(context) : textName(String(content));
      const title = oneLine(given?.title ?? "");
      await fromFile(file, content, async (from) =>
        desk.addStory(nameIn(context), {
          from,
          id: hashId(`${title}${file}${String(content)}`),
          title,
          isWanted,
        }),
      );
    }
    return context.json(await issuePage(nameIn(context), options));
  });
}

function chosen({ image, picture: { contentType, content } }: OwnPicture): ChosenPicture {
  return { image, data: `data:${contentType};base64,${content.toString("base64")}` };
}

/** Returns the name of the uploaded file, without a folder. */
function fileName(context: Context): string {
  const name = path.basename((context.req.query("file") ?? "").replaceAll("\\", "/"));
  return /^[^.\0][^\0]{0,200}$/.test(name) ? name : "file";
}

/** Pasted HTML source is read as a page, so that its scripts are removed. */
function textName(text: string): string {
  return /^\s*<(?:!doctype|[a-z])/i.test(text) ? "pasted.html" : "pasted.md";
}

function webAddress(given: string): string {
  const address = given.trim();
  if (isOnTheWeb(address) && URL.canParse(address)) return address;
  throw new BroadsheetError("USAGE", "this is not a web address", {
    fix: "copy the whole address: it begins with https://",
  });
}

/** Reads a text like `build FILE`, from a temporary file. */
async function fromFile(
  name: string,
  content: string | Buffer,
  read: (file: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "broadsheet-"));
  try {
    const file = path.join(folder, name);
    await writeFile(file, content);
    await read(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

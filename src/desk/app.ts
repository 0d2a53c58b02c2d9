import * as z from "zod";
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import { editSchema } from "../digest/edits/edit-digest.ts";
import { BroadsheetError } from "../errors.ts";
import type { PageData } from "../preview/page-data.ts";
import { previewPage } from "../preview/preview-page.ts";
import type { Events } from "./events.ts";
import { requireKey } from "./require-key.ts";
import { fixturePage, type AppOptions, issuePage } from "./issue-page.ts";
import { StaleEdit } from "./open-issues.ts";
import { troubleOf } from "./trouble.ts";
import { parseRecipient } from "../subscribers/recipient.ts";
import { composeCopy, sendCopy } from "../issue/io/sending/send-copy.ts";
import { readIssue, digestOf } from "../issue/io/outbox/outbox.ts";
import { picturesOf } from "../issue/pictures/io/pictures-of.ts";
import type { Desk } from "./desk.ts";

/** As many bytes as a page may send at once; an edit is a line. */
const MOST_BYTES = 64 * 1024;
/** Proxies and browsers give up on what stays silent. */
const HEARTBEAT_MS = 15_000;

const changeSchema = z.strictObject({ hash: z.string(), edit: editSchema });
const stepSchema = z.strictObject({ hash: z.string() });
const testSchema = z.strictObject({ to: z.string().max(320) });

/** The preview as a web application: pages of issues, their data, and what an editor does to them. */
export function previewApp(options: AppOptions): Hono {
  const { desk, events, access } = options;
  const app = new Hono();
  app.use(safeHeaders, requireKey(access), bodyLimit({ maxSize: MOST_BYTES }));
  app.get("/", async (context) => {
    const [latest] = await desk.list();
    const name = desk.draft || (latest ? `${latest.newsletter}/${latest.slot}` : "");
    return name === ""
      ? page(context, await issuePage("", options))
      : context.redirect(encodeURI(`/${name}${new URL(context.req.url).search}`));
  });
  app.get("/~events", (context) => eventStream(context, events));
  app.get("/~issues", async (context) => {
    const { issue = "" } = context.req.query();
    const frozen = desk.frozenSince(issue);
    return context.json({ issues: await desk.list(), storeTrouble: desk.storeTrouble, frozen });
  });
  app.post("/~rebuild", async (context) => {
    const { issue = "" } = context.req.query();
    await (issue === "" || issue === desk.draft ? desk.rebuild(true) : desk.renderAgain(issue));
    return context.json({});
  });
  app.get("/~fixtures/:name", async (context) =>
    page(context, await fixturePage(context.req.param("name"), options)),
  );
  app.get("/~fixtures/:name/state", async (context) =>
    context.json(await fixturePage(context.req.param("name"), options)),
  );
  app.get("/:newsletter/:slot", async (context) =>
    page(context, await issuePage(nameIn(context), options)),
  );
  app.get("/:newsletter/:slot/state", async (context) =>
    context.json(await issuePage(nameIn(context), options)),
  );
  app.post("/:newsletter/:slot/edit", async (context) => {
    const { hash, edit } = changeSchema.parse(await context.req.json());
    await desk.edit(nameIn(context), hash, edit);
    return context.json(await issuePage(nameIn(context), options));
  });
  for (const step of ["undo", "redo"] as const) {
    app.post(`/:newsletter/:slot/${step}`, async (context) => {
      const { hash } = stepSchema.parse(await context.req.json());
      await desk.step(step, nameIn(context), hash);
      return context.json(await issuePage(nameIn(context), options));
    });
  }
  app.post("/:newsletter/:slot/test", async (context) => {
    const { to } = testSchema.parse(await context.req.json());
    return context.json({ answer: await sendTest(desk, nameIn(context), to) });
  });
  app.notFound((context) => context.text("There is no such page.\n", 404));
  app.onError(async (error, context) => failure(error, context, options));
  return app;
}

function nameIn(context: Context): string {
  return `${context.req.param("newsletter")}/${context.req.param("slot")}`;
}

function page(context: Context, data: PageData): Response {
  return context.html(
    previewPage(data),
    data.issue === null && data.desk?.trouble?.code === "ISSUE_MISSING" ? 404 : 200,
  );
}

async function failure(error: Error, context: Context, options: AppOptions): Promise<Response> {
  if (error instanceof StaleEdit)
    return context.json(await issuePage(nameIn(context), options), 409);
  if (error instanceof HTTPException) return error.getResponse();
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return context.text("This is not what the page sends.\n", 400);
  const status = error instanceof BroadsheetError ? 422 : 500;
  return context.json({ trouble: await troubleOf(error, options.cwd) }, status);
}

const safeHeaders = async (context: Context, next: () => Promise<void>): Promise<void> => {
  await next();
  context.header("Cache-Control", "no-store");
  context.header("X-Content-Type-Options", "nosniff");
  context.header("Referrer-Policy", "no-referrer");
  context.header("Cross-Origin-Resource-Policy", "same-origin");
  context.header("Cross-Origin-Opener-Policy", "same-origin");
  context.header("X-Frame-Options", "DENY");
};

function eventStream(context: Context, events: Events): Response {
  const { issue = "", changes = "" } = context.req.query();
  return streamSSE(context, async (stream) => {
    const gone = new Promise<void>((resolve) => stream.onAbort(resolve));
    const stop = events.listen(
      issue,
      Number(changes),
      (name) => void stream.writeSSE({ event: "changed", data: name }),
    );
    const beat = setInterval(() => void stream.writeSSE({ event: "beat", data: "" }), HEARTBEAT_MS);
    await stream.writeSSE({ event: "beat", data: "" });
    await gone;
    clearInterval(beat);
    stop();
  });
}

/**
 * Sends one copy, as `broadsheet send ISSUE --to ADDRESS` does; what the server answered.
 * @throws BroadsheetError USAGE for what is no address, SMTP_UNCONFIGURED, which says how that is mended, and
 * what `composeCopy` and `sendCopy` throw.
 */
async function sendTest(desk: Desk, name: string, to: string): Promise<string> {
  const recipient = parseRecipient(to);
  // Renders an issue that was edited by hand a moment ago.
  await desk.open(name);
  const { config } = desk;
  const stored = await readIssue(config.outbox, undefined, name);
  const digest = digestOf(stored);
  const pictures = await picturesOf(digest, stored.dir);
  const issue = { digest, email: stored.email, pictures, folder: stored.dir };
  const copy = await composeCopy(issue, recipient, config);
  return sendCopy(copy);
}

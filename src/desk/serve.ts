import * as z from "zod";
import { BroadsheetError } from "../errors.ts";
import { loadRenderer } from "../email/render-email.ts";
import { listen } from "../platform/http/listener.ts";
import type { Config } from "../config/config.ts";
import { ConfigChanges } from "../config/io/change-config.ts";
import { type Builder, Desk } from "./desk.ts";
import { Events } from "./events.ts";
import { addLife, Life } from "./life.ts";
import { keptKey, newKey } from "./kept-key.ts";
import { watchFiles, type Watched } from "./watch-files.ts";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { streamSSE } from "hono/streaming";
import { changesSchema, StaleEdit } from "./page-changes.ts";
import type { PageData } from "../preview/page-data.ts";
import { previewPage } from "../preview/preview-page.ts";
import { requireKey, rootOf } from "./require-key.ts";
import { type AppOptions, issuePage, nameIn, ofAll, postRoutes } from "./issue-page.ts";
import { addFirstRun } from "./first-run.ts";
import { addLook } from "./look.ts";
import { addReaders, LIST_PATH } from "./readers.ts";
import { addSender } from "./sender.ts";
import { lookRoute } from "./sources.ts";
import { addStories, uploadLimit, UPLOADS } from "./stories.ts";
import { troubleOf } from "./trouble.ts";
import { parseRecipient } from "../subscribers/recipient.ts";
import { composeCopy, sendCopy } from "../issue/io/sending/mail-route.ts";
import { readIssue, digestOf, picturesOf } from "../issue/io/outbox.ts";

export interface Served {
  /** The address of the draft, with the key. */
  readonly url: string;
  /** Resolves when a browser has opened that address. */
  readonly entered: Promise<void>;
  /** The slots of the issues that are being sent. */
  sending(): readonly string[];
  /** Stops sending, after the messages in flight have their answers. */
  close(): Promise<void>;
}

interface ServeOptions {
  readonly builder: Builder;
  /** The config until the first build loads it again. */
  readonly config: Config;
  /** 0 for any free port. */
  readonly port: number;
  /** The newsletter's folder or config, absolute. With a fixed port the desk keeps its key. */
  readonly newsletter: string;
  /** Files and folders to watch beside the config, absolute, for the current config. */
  readonly articles: (config: Config) => readonly string[];
  /** The config file, if it does not have one of the usual names. */
  readonly configFile?: string | undefined;
}

/**
 * Serves the desk on 127.0.0.1 and keeps it up to date. The page shows the error of a failed build, also of the first one.
 * @throws BroadsheetError USAGE if the port is taken, CONFIG_…, and the errors of `keptKey`.
 */
export async function servePreview({
  builder,
  config: first,
  port,
  newsletter,
  articles,
  configFile,
}: ServeOptions): Promise<Served> {
  const events = new Events();
  const desk = new Desk(builder, first, (name) => events.announce(name));
  const kept = port === 0 ? undefined : await keptKey(newsletter, port);
  const key = kept?.key ?? newKey();
  const { promise: entered, resolve: onEntered } = Promise.withResolvers<void>();
  let bound = port;
  const access = { key, port: () => bound, onEntered };
  const { cwd } = builder;
  const config = new ConfigChanges({ cwd, file: configFile, env: process.env });
  const life = new Life({ desk, cwd, config });
  const app = previewApp({ desk, events, cwd, access, config, life }, life);
  const fix = "leave --port out to take any that is free";
  const listener = await listen(app, { host: "127.0.0.1", port, fix });
  bound = listener.port;
  await desk.rebuild();
  const watching = await watch({ desk, events, articles: () => articles(desk.config), configFile });
  // Loads the renderer in advance, so that the next change of a template is shown quickly.
  setTimeout(() => void loadRenderer(), 100).unref();
  return {
    url: `http://127.0.0.1:${bound}${rootOf(key)}/`,
    entered,
    sending: () => life.sending,
    close: async () => {
      await watching.close();
      await life.stop();
      await listener.close();
      await kept?.release();
    },
  };
}

interface WatchOptions extends Pick<Watched, "articles" | "configFile"> {
  readonly desk: Desk;
  readonly events: Events;
}

/**
 * An issue's folder is replaced as a whole, so no file in it can be watched for long. The few issues that are open in a
 * browser are polled instead.
 */
const LOOK_MS = 100;

/** The event for a change of the list of issues only. No issue has this name. */
const ISSUES_EVENT = "~issues";

/** Builds again when articles, config or templates change, and polls the open issues. */
async function watch({
  desk,
  events,
  ...watched
}: WatchOptions): Promise<{ close(): Promise<void> }> {
  const { folder, templates } = desk.config;
  const watcher = await watchFiles({ ...watched, folder, templates }, async (hasTemplates) => {
    if (hasTemplates) desk.templatesChanged();
    await desk.rebuild();
  });
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look(desk, events).finally(() => (isLooking = false));
  }, LOOK_MS);
  return {
    close: async () => {
      clearInterval(timer);
      await watcher.close();
    },
  };
}

async function look(desk: Desk, events: Events): Promise<void> {
  await desk.look(events.watched);
  if (events.watched.size > 0 && (await desk.lookAtStore())) events.announce(ISSUES_EVENT);
}

/** The maximum size of a request: a very long letter, and the one that it replaces. */
const MOST_BYTES = 1024 * 1024;
const LARGEST_PICTURE = 10_000_000;
/** Proxies and browsers close silent connections. */
const HEARTBEAT_MS = 15_000;

const editSchema = z.strictObject({ changes: changesSchema });
const testSchema = z.strictObject({ to: z.string().max(320) });

/** The preview as a web application: the pages of issues, their data, and the editor's actions. */
function previewApp(options: AppOptions, life: Life): Hono {
  const { desk, events, access } = options;
  const root = rootOf(access.key);
  const whole = new Hono({ strict: false });
  whole.use(safeHeaders, requireKey(access), bounded);
  const app = whole.basePath(root);
  app.get("/", async (context) => {
    const [latest] = await desk.list();
    const name = desk.draft || (latest ? `${latest.newsletter}/${latest.slot}` : "");
    return name === ""
      ? page(context, await issuePage("", options))
      : context.redirect(encodeURI(`${root}/${name}${new URL(context.req.url).search}`));
  });
  app.get("/~events", (context) => eventStream(context, events));
  app.get("/~issues", async (context) => {
    const { issue = "" } = context.req.query();
    const { changes } = events;
    const all = await ofAll(issue, options);
    return context.json({ ...all, changes, notice: desk.noticeOf(issue) });
  });
  app.post("/~rebuild", async (context) => {
    const { issue = "" } = context.req.query();
    await desk.renew(issue);
    return context.json({});
  });
  app.get("/:newsletter/:slot", async (context) =>
    page(context, await issuePage(nameIn(context), options)),
  );
  app.get("/:newsletter/:slot/state", async (context) =>
    context.json(await issuePage(nameIn(context), options)),
  );
  const post = postRoutes(app);
  post("/:newsletter/:slot/edit", editSchema, async ({ changes }, context) => {
    await desk.edit(nameIn(context), changes);
    return issuePage(nameIn(context), options);
  });
  for (const step of ["undo", "redo"] as const) {
    app.post(`/:newsletter/:slot/${step}`, async (context) => {
      await desk.step(step, nameIn(context));
      return context.json(await issuePage(nameIn(context), options));
    });
  }
  post("/:newsletter/:slot/test", testSchema, async ({ to }, context) => ({
    answer: await sendTest(desk, nameIn(context), to),
  }));
  addStories(app, options);
  addLook(app, options);
  addFirstRun(app, options);
  lookRoute(app, "/~sources/look", async () => desk.config.folder);
  addReaders(app, options);
  addSender(app, options);
  addLife(app, options, life);
  whole.notFound((context) => context.text("There is no such page.\n", 404));
  whole.onError(async (error, context) => failure(error, context, options));
  return whole;
}

/** A list of readers has its own limit, because it is never completely in memory. */
const bounded: MiddlewareHandler = async (context, next) => {
  const { path } = context.req;
  if (path.endsWith(LIST_PATH)) return next();
  if (UPLOADS.test(path)) return uploadLimit(context, next);
  return bodyLimit({ maxSize: path.endsWith("/~logo") ? LARGEST_PICTURE : MOST_BYTES })(
    context,
    next,
  );
};

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
    return context.text("This is not a request of the page.\n", 400);
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
 * Sends one copy, like `broadsheet send ISSUE --to ADDRESS`. Returns the server's answer.
 * @throws BroadsheetError USAGE for a text that is not an address, SMTP_UNCONFIGURED with the fix, and the errors of
 * `composeCopy` and `sendCopy`.
 */
async function sendTest(desk: Desk, name: string, to: string): Promise<string> {
  const recipient = parseRecipient(to);
  // Renders an issue that has just been edited by hand.
  await desk.open(name);
  const { config } = desk;
  const stored = await readIssue(config.outbox, undefined, name);
  const digest = digestOf(stored);
  const pictures = await picturesOf(digest, stored.dir);
  const issue = { digest, email: stored.email, pictures, folder: stored.dir };
  const copy = await composeCopy(issue, recipient, config);
  return sendCopy(copy);
}

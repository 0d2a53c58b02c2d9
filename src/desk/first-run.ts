import { randomBytes } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Hono } from "hono";
import * as z from "zod";
import { isArticleName } from "../article/sniff-format.ts";
import { parseConfig } from "../config/config.ts";
import { changeEnvironment } from "../config/io/change-config.ts";
import { environmentFor } from "../config/io/load-config.ts";
import { newsletterFiles } from "../config/new-newsletter.ts";
import { changeYaml } from "../config/yaml-config.ts";
import { connectAndLogin } from "../delivery/io/smtp/smtp-connect.ts";
import { parseSmtpUrl, policyOf } from "../delivery/io/smtp/smtp-server.ts";
import { DEFAULT_SMTP } from "../delivery/settings.ts";
import { BroadsheetError } from "../errors.ts";
import { draftIssue, read } from "../issue/build.ts";
import { issueFiles } from "../issue/io/publish.ts";
import { renderDigest } from "../issue/io/render-again.ts";
import { Memory, openBuild } from "../issue/open-build.ts";
import { fileError, unlessMissing } from "../platform/file-error.ts";
import { readLocalText } from "../platform/files/local-file.ts";
import { makeFolders } from "../platform/files/make-folders.ts";
import { writeSynced } from "../platform/files/swap-folder.ts";
import { writeNewFiles } from "../platform/files/write-new-files.ts";
import { SILENT } from "../platform/reporter.ts";
import type { FirstDraft, FirstFiles } from "../preview/page-data.ts";
import { issueData } from "../preview/preview-page.ts";
import { type AppOptions, postRoutes } from "./issue-page.ts";
import { contrastIn } from "./look.ts";
import { smtpUrl } from "./sender.ts";
import { lookRoute } from "./sources.ts";
import { troubleOf } from "./trouble.ts";

const line = z.string().max(2_000);
const source = z.strictObject({ from: line.min(1), allowPrivate: z.boolean() });

/** The answers of the page about a new newsletter. Texts are empty without an answer. */
const answersSchema = z.strictObject({
  name: line,
  tagline: line,
  from: line,
  postalAddress: line,
  template: line,
  accent: line,
  sources: z.array(source).max(50),
  /** The text of an article. */
  article: z.string().max(50_000),
  hasSamples: z.boolean(),
});
type Answers = z.output<typeof answersSchema>;

const serverSchema = z.strictObject({ host: line, user: line, password: line });
const allSchema = z.strictObject({ answers: answersSchema, server: serverSchema });

/** The answers that are settings with one value. */
const KEYS = ["name", "tagline", "from", "postalAddress", "template", "accent"] as const;

/**
 * Adds the routes by which the page sets up a newsletter. The draft is made in a temporary folder. The answers are kept in
 * the state folder until the newsletter exists, except the login of the mail server.
 */
export function addFirstRun(app: Hono, { desk, cwd }: AppOptions): void {
  const kept = path.join(cwd, ".broadsheet", "first-run.json");
  const memory = new Memory();
  let folder: Promise<string> | undefined;
  const scratch = async () => (folder ??= mkdtemp(path.join(tmpdir(), "broadsheet-first-")));
  app.get("/~first-run", async (context) => {
    const answers = await readLocalText(kept, { within: cwd })
      .then(JSON.parse, () => undefined)
      .catch(() => undefined);
    return context.json({ answers: answersSchema.safeParse(answers).data });
  });
  const post = postRoutes(app);
  post("/~first-run/draft", answersSchema, async (answers) => {
    await keep(answers, kept);
    const draft = await draftOf(answers, await scratch(), memory);
    return { ...draft, inContent: await countInContent(cwd) } satisfies FirstDraft;
  });
  lookRoute(app, "/~first-run/source", scratch);
  post("/~first-run/server", serverSchema, async (server) => ({
    says: await tryServer(urlOf(server) ?? ""),
  }));
  post("/~first-run", allSchema, async ({ answers, server }) => {
    const wrote = await begin(answers, urlOf(server), cwd);
    await rm(kept, { force: true });
    await rm(await scratch(), { recursive: true, force: true });
    folder = undefined;
    await desk.rebuild();
    return { wrote, path: `/${desk.draft}` } satisfies FirstFiles;
  });
}

/** Keeps the answers for the next start of the desk. @throws BroadsheetError OUTPUT_UNWRITABLE. */
async function keep(answers: Answers, file: string): Promise<void> {
  try {
    await makeFolders(path.dirname(file));
    await writeSynced(file, JSON.stringify(answers), "w");
  } catch (cause) {
    const fix = "start the desk in a folder that you can write to";
    throw fileError(cause, "OUTPUT_UNWRITABLE", "nothing can be written in this folder", { fix });
  }
}

/** The number of articles in the folder `content`. Its folders and other files are not read. */
async function countInContent(cwd: string): Promise<number> {
  const names = (await unlessMissing(readdir(path.join(cwd, "content")))) ?? [];
  return names.filter((name) => !name.startsWith(".") && isArticleName(name)).length;
}

/** Returns the answers as settings of a config, and the rejected ones with the reasons. */
async function settingsIn(answers: Answers, file: string) {
  const raw: Record<string, unknown> = { name: "Your newsletter" };
  const refused: Record<string, string> = {};
  for (const key of KEYS) {
    const value = answers[key].trim();
    if (value === "") continue;
    try {
      await contrastIn(parseConfig({ [key]: value }, {}, file));
      raw[key] = value;
    } catch (error) {
      if (!(error instanceof BroadsheetError)) throw error;
      refused[key] = [error.message.replace(/^"\w+" /, "It "), error.fix].join("; ");
    }
  }
  const texts = textsOf(answers);
  const sources = answers.sources.map((one) => (one.allowPrivate ? one : one.from));
  const isInContent = texts.size > 0 || (await countInContent(path.dirname(file))) > 0;
  const all = [...(isInContent ? ["content"] : []), ...sources];
  return { raw: { ...raw, ...(sources.length > 0 && { sources: all }) }, refused, texts };
}

/** Returns the files of articles by name. */
function textsOf({ article, hasSamples }: Answers): Map<string, string> {
  const given = newsletterFiles({ name: "", timeZone: "UTC" });
  const samples = [...given].filter(([name]) => name.startsWith("content/") && hasSamples);
  const own = article.trim() === "" ? [] : [["content/first-article.txt", article] as const];
  return new Map([...own, ...samples]);
}

const PLACEHOLDER = `Your first story

The stories of your sources come here as soon as you have added one.

Each story has the headline of its article, a summary in the article's own words and the article's picture. Every word of it can be changed before the issue is sent.
`;

/** Builds the first issue from the current answers. None of it is sent or kept. */
async function draftOf(
  answers: Answers,
  folder: string,
  memory: Memory,
): Promise<Omit<FirstDraft, "inContent">> {
  const file = path.join(folder, "broadsheet.yaml");
  await rm(path.join(folder, "content"), { recursive: true, force: true });
  const { raw, refused, texts } = await settingsIn(answers, file);
  const isEmpty = texts.size === 0 && answers.sources.length === 0;
  const placeholder = [["content/first.txt", PLACEHOLDER]] as const;
  await mkdir(path.join(folder, "content"));
  for (const [name, text] of isEmpty ? placeholder : texts)
    await writeFile(path.join(folder, name), text);
  const config = parseConfig(raw, {}, file);
  const contrast = await contrastIn(config);
  try {
    const options = { flags: {}, cwd: folder, reporter: SILENT, memory, target: undefined };
    const build = await openBuild(config, options);
    const { digest, pictures } = await draftIssue(async () => read([], config, options), build);
    const files = issueFiles(await renderDigest({ digest, pictures }, config));
    return { refused, contrast, issue: issueData(digest, files) };
  } catch (error) {
    return { refused, contrast, issue: null, trouble: await troubleOf(error, folder) };
  }
}

/** Returns SMTP_URL for the answers about the server. Undefined without an answer. */
function urlOf({ host, user, password }: z.output<typeof serverSchema>): string | undefined {
  const given = host.trim();
  if (given === "") return undefined;
  if (given.includes("://")) return given;
  const [, name = "", port = "465"] = /^(.*?)(?::(\d+))?$/.exec(given) ?? [];
  return smtpUrl({ host: name, port, isImplicitTls: port === "465", user, password });
}

/** The timeouts are short, because a person waits. */
const TIMEOUTS = { connectMs: 8_000, greetingMs: 8_000, replyMs: 8_000, sendMs: 20_000 };

/** Logs in without sending. @throws BroadsheetError as `parseSmtpUrl` and `connectAndLogin` do. */
async function tryServer(url: string): Promise<string> {
  const server = parseSmtpUrl(url);
  const policy = policyOf({ ...DEFAULT_SMTP, timeouts: TIMEOUTS });
  const { socket } = await connectAndLogin(server, policy);
  socket.destroy();
  return `${server.host} lets you in.`;
}

/** Writes the files of the newsletter. Returns the lines of the config, and the names of the other settings and files. */
async function begin(
  answers: Answers,
  smtpUrl: string | undefined,
  cwd: string,
): Promise<string[]> {
  const file = path.join(cwd, "broadsheet.yaml");
  if (smtpUrl !== undefined) parseSmtpUrl(smtpUrl);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const { raw, texts } = await settingsIn(answers, file);
  const name = answers.name.trim() || "Your newsletter";
  const base = newsletterFiles({ name, timeZone });
  const config = Object.entries({ tagline: undefined, postalAddress: undefined, ...raw }).reduce(
    (text, [key, value]) => changeYaml(text, { path: [key], value }),
    base.get("broadsheet.yaml") ?? "",
  );
  const hasIgnored = await unlessMissing(access(path.join(cwd, ".gitignore")).then(() => true));
  const ignored = hasIgnored ? [] : [[".gitignore", base.get(".gitignore") ?? ""] as const];
  const { BROADSHEET_SECRET: known } = await environmentFor(file, {});
  const secret = known ?? randomBytes(32).toString("base64url");
  const values = { ...(smtpUrl && { SMTP_URL: smtpUrl }), BROADSHEET_SECRET: secret };
  const files = new Map([["broadsheet.yaml", config], ...ignored, ...texts]);
  await changeEnvironment(cwd, values);
  await writeNewFiles(cwd, files, "this folder");
  const lines = config.split("\n").filter((one) => /^\s*[^#\s]/.test(one));
  const others = [...files.keys()].filter((one) => one !== "broadsheet.yaml");
  return [...lines, ...Object.keys(values).map((one) => `${one}=…`), ...others];
}

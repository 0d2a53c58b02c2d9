/**
 * Records what every command prints, leaves with and writes, over small newsletters of all kinds, so that a change
 * of the code that is to change nothing else can be held against it:
 *
 *   node scripts/record-commands.ts before/ && … && node scripts/record-commands.ts after/ && diff -r before after
 *
 * What differs from run to run (folders, ports, moments, durations) is written as its kind. A folder of the project
 * can be given as a second argument, to record another checkout with the same newsletters.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { SMTPServer } from "smtp-server";
import { NEWSLETTERS, type Newsletter } from "./recorded-newsletters.ts";

const [out, checkout = fileURLToPath(new URL("..", import.meta.url))] = process.argv.slice(2);
if (out === undefined) {
  console.error("usage: node scripts/record-commands.ts FOLDER [CHECKOUT]");
  process.exit(64);
}
const MAIN = path.join(path.resolve(checkout), "src/cli/main.ts");
const HELP = [
  [],
  ..."init build render check preview screenshot send subscribers status explain reconcile retry doctor extract summarize run approve hold skip schedule template"
    .split(" ")
    .map((command) => [command]),
  ..."import list export add remove suppress unsubscribe bounce erase accept-secret"
    .split(" ")
    .map((command) => ["subscribers", command]),
  ..."explain cron systemd".split(" ").map((command) => ["schedule", command]),
  ["template", "new"],
].map((command) => command.concat("--help"));

const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  onRcptTo: ({ address }, _session, done) =>
    done(
      address.startsWith("gone")
        ? refusal(550, "5.1.1 no such user here")
        : address.startsWith("later")
          ? refusal(451, "4.2.1 try again later")
          : undefined,
    ),
  onData: (stream, _session, done) => void stream.resume().on("end", () => done()),
});
server.listen(0, "127.0.0.1");
await new Promise((resolve) => server.server.once("listening", resolve));
const address = server.server.address();
const port = typeof address === "object" && address ? address.port : 0;

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

await rm(out, { recursive: true, force: true });
await record({ name: "help", files: {}, commands: HELP });
const waiting = [...NEWSLETTERS];
await Promise.all([work(), work()]);
await new Promise<void>((resolve) => server.close(() => resolve()));

async function work(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) await record(next);
}

/** The sample's config is one or the other, by the age of the checkout. */
function isThere(part: string): boolean {
  return existsSync(path.join(checkout, part));
}

async function record({ name, files, commands, sample }: Newsletter): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "recorded-"));
  const target = path.join(path.resolve(out ?? ""), name);
  await mkdir(target, { recursive: true });
  if (sample)
    for (const part of ["content", "broadsheet.config.ts", "broadsheet.yaml"].filter(isThere))
      await cp(path.join(checkout, part), path.join(folder, part), { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  for (const [at, args] of commands.entries()) {
    const heard = await run(args, folder);
    const label = `${String(at + 1).padStart(2, "0")} ${args.join(" ")}`
      .replace(/[^\w.@=-]+/g, "-")
      .slice(0, 80);
    await writeFile(path.join(target, `${label}.txt`), plain(heard, folder));
  }
  await keepFiles(folder, target);
  await rm(folder, { recursive: true });
}

async function run(args: readonly string[], cwd: string): Promise<string> {
  const env = {
    // Programs that a machine may have, such as SpamAssassin, would be in the recording.
    PATH: path.dirname(process.execPath),
    HOME: cwd,
    LANG: "en_GB.UTF-8",
    TZ: "UTC",
    XDG_STATE_HOME: path.join(cwd, "state"),
    XDG_CACHE_HOME: path.join(tmpdir(), "recorded-cache"),
    BROADSHEET_SECRET: "a secret that only these recordings know",
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    NO_COLOR: "1",
  };
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return `$ broadsheet ${args.join(" ")}\nexit ${String(code)}\n--- stdout\n${said.stdout}--- stderr\n${said.stderr}`;
}

/** What differs from run to run, as its kind. */
function plain(text: string, folder: string): string {
  const today = new Date().toISOString().slice(0, 10);
  return text
    .replaceAll(folder, "<folder>")
    .replaceAll(path.basename(folder), "<folder>")
    .replaceAll(checkout, "<checkout>/")
    .replaceAll(`127.0.0.1:${port}`, "127.0.0.1:<port>")
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g, "<moment>")
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g, "<minute>")
    .replaceAll(today, "<today>")
    .replace(/\b\d+(?:\.\d+)? m?s\b/g, "<time>")
    .replace(/\b\d+(?:\.\d+)?[ \u00a0]?[GT]B are free/g, "<space> are free")
    .replace(/v\d+\.\d+\.\d+/g, "<version>");
}

/** The outbox as it stands in the end; what isn't text by its hash. */
async function keepFiles(folder: string, target: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const inside = path.relative(folder, file);
    if (!entry.isFile() || /^state|\.db|^content|\.cache|preview-stamp/.test(inside)) continue;
    const bytes = await readFile(file);
    const isText =
      /\.(?:html|txt|eml|json|csv|hbs|ts)$/.test(inside) && !inside.endsWith("preview.html");
    const kept = isText
      ? plain(bytes.toString(), folder)
      : `${
          bytes.length === 0
            ? "empty"
            : "sha256 " +
              createHash("sha256")
                .update(inside.endsWith("preview.html") ? plain(bytes.toString(), folder) : bytes)
                .digest("hex")
        }\n`;
    const to = path.join(target, "files", inside.replaceAll(today(), "today"));
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, kept);
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

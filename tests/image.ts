import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Run } from "./cli/broadsheet.ts";
import { newFolder } from "./temporary.ts";

const PROJECT = path.resolve(".");

/** What an image's base has, taken from this machine: its programs, and the Node.js of this project. */
const BASE = ["/usr", "/etc"].flatMap((folder) => ["--ro-bind", folder, folder]);
const NODE = ["--ro-bind", path.dirname(process.execPath), "/node"];

interface Image {
  /** What is under `/` besides the base. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  /** What is mounted while it is made, and is no part of it. */
  readonly mounts: readonly string[];
}

/** What takes the place of a step: every run of the tests begins with `npm ci`, see .ci/run. */
const DONE_BEFORE: Readonly<Record<string, readonly string[]>> = {
  "npm ci": ["--ro-bind", path.join(PROJECT, "node_modules"), "/source/node_modules"],
};

/** Takes the steps of the Dockerfile without a container engine, each in bubblewrap. Returns the last image. */
export async function buildImage(): Promise<Image> {
  const stages = new Map<string, Image>();
  let [name, image] = ["", await baseImage()];
  for (const [keyword, words] of steps()) {
    if (keyword === "FROM") {
      name = / AS (\S+)$/.exec(words)?.[1] ?? "";
      image = await baseImage();
    } else image = { ...image, ...take(keyword, words, { image, stages }) };
    stages.set(name, image);
  }
  return image;
}

/** The instructions of the Dockerfile: a keyword and its arguments. */
function steps(): (readonly [string, string])[] {
  const file = readFileSync("Dockerfile", "utf8").replaceAll(/^#.*\n/gm, "");
  return [...file.replaceAll(/\\\n\s*/g, "").matchAll(/^([A-Z]+) (.+)$/gm)].map(
    ([, keyword = "", rest = ""]) => [keyword, rest],
  );
}

async function baseImage(): Promise<Image> {
  const root = await newFolder();
  chmodSync(root, 0o755);
  for (const name of ["usr", "etc", "node", "proc", "dev", "root"])
    mkdirSync(path.join(root, name));
  mkdirSync(path.join(root, "tmp"));
  chmodSync(path.join(root, "tmp"), 0o1777);
  for (const name of ["bin", "sbin", "lib", "lib64"])
    symlinkSync(`usr/${name}`, path.join(root, name));
  const env = { PATH: "/node:/usr/local/bin:/usr/bin:/bin", HOME: "/root" };
  return { root, env, cwd: "/", user: "0", entrypoint: [], mounts: [] };
}

interface Building {
  readonly image: Image;
  readonly stages: ReadonlyMap<string, Image>;
}

/** What an instruction changes of an image. */
function take(keyword: string, words: string, { image, stages }: Building): Partial<Image> {
  switch (keyword) {
    case "WORKDIR":
      mkdirSync(path.join(image.root, words), { recursive: true });
      return { cwd: words };
    case "ARG":
    case "ENV":
      return { env: { ...image.env, ...settings(words, image.env) } };
    case "COPY":
      copy(words.split(" "), { image, stages });
      return {};
    case "RUN":
      return runStep(words, image);
    case "USER":
      return { user: words };
    case "ENTRYPOINT":
      return { entrypoint: JSON.parse(words) };
    case "CMD":
      return {};
    default:
      throw new Error(`no test takes the step ${keyword}`);
  }
}

function settings(words: string, env: Image["env"]): Record<string, string> {
  const filled = (value: string) => value.replaceAll(/\$(\w+)/g, (_, name) => env[name] ?? "");
  return Object.fromEntries(
    [...words.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      filled(value),
    ]),
  );
}

function copy(words: readonly string[], { image: { root, cwd }, stages }: Building): void {
  const [stage, names] = words[0]?.startsWith("--from=")
    ? [stages.get(words[0].slice("--from=".length)), words.slice(1, -1)]
    : [undefined, words.slice(0, -1)];
  const to = path.join(root, path.resolve(cwd, words.at(-1) ?? ""));
  const options = { recursive: true, verbatimSymlinks: true };
  if (stage) return cpSync(path.join(stage.root, ...names), to, options);
  const ignored = new Set(globSync(dockerIgnore(), { cwd: PROJECT }));
  for (const name of globSync(
    names.map((one) => (one === "." ? "*" : one)),
    { cwd: PROJECT },
  ))
    if (!ignored.has(name)) cpSync(path.join(PROJECT, name), path.join(to, name), options);
}

/** The patterns of .dockerignore. All of them mean names in the project's own folder. */
function dockerIgnore(): string[] {
  return readFileSync(".dockerignore", "utf8").trim().split("\n");
}

function runStep(command: string, image: Image): Partial<Image> {
  const given = DONE_BEFORE[command];
  if (given) {
    mkdirSync(path.join(image.root, given.at(-1) ?? ""), { recursive: true });
    return { mounts: [...image.mounts, ...given] };
  }
  const cache = ["--bind", path.join(homedir(), ".npm"), "/root/.npm"];
  mkdirSync(path.join(image.root, "root/.npm"), { recursive: true });
  const around = ["--cap-add", "ALL", "--bind", image.root, "/", ...BASE, ...NODE, ...cache];
  const env = { ...image.env, npm_config_prefer_offline: "true" };
  execFileSync(
    "bwrap",
    [...around, ...image.mounts, ...KERNEL, ...inside(image.cwd, env), "sh", "-euc", command],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  return {};
}

const KERNEL = ["--proc", "/proc", "--dev", "/dev"];

function inside(cwd: string, env: Readonly<Record<string, string>>): string[] {
  const set = Object.entries(env).flatMap(([name, value]) => ["--setenv", name, value]);
  return ["--die-with-parent", "--chdir", cwd, "--clearenv", ...set];
}

interface Surroundings {
  /** Mounted at /newsletter, read-only. */
  readonly newsletter: string;
  /** Mounted at /tmp: the only folder that can be written. */
  readonly tmp: string;
  /** Takes the place of /etc/hosts. */
  readonly hosts: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A command in a container. */
interface Container {
  /** Sends a signal to the command. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly ended: Promise<Run>;
  /** Waits until it has printed this, or has ended. */
  readonly until: (said: string) => Promise<void>;
}

/** Runs a command in a container of an image, as the image's own account and with a read-only root. */
export function startContainer(
  image: Image,
  command: readonly string[],
  { newsletter, tmp, hosts, env }: Surroundings,
): Container {
  const [uid = "", gid = ""] = image.user.split(":");
  const account = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  const own = ["--bind", tmp, "/tmp", "--ro-bind", newsletter, "/newsletter"];
  const mounts = ["--ro-bind", image.root, "/", ...BASE, ...NODE, ...KERNEL, ...own];
  const network = ["--ro-bind", hosts, "/etc/hosts"];
  const around = [...mounts, ...network, ...inside(image.cwd, { ...image.env, ...env })];
  const all = [...around, "--info-fd", "3", ...image.entrypoint, ...command];
  const child = spawn("setpriv", [...account, "bwrap", ...all], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const [, out, err, info] = child.stdio;
  if (!out || !err || !(info instanceof Readable)) throw new Error("bwrap has not all pipes");
  // bwrap does not pass signals on.
  const about = text(info).then((json): { "child-pid": number } => JSON.parse(json));
  const output = { stdout: "", stderr: "" };
  out.setEncoding("utf8").on("data", (part: string) => (output.stdout += part));
  err.setEncoding("utf8").on("data", (part: string) => (output.stderr += part));
  const ended = once(child, "close").then(([code]) => ({ code, ...output }));
  return {
    ended,
    kill: async (signal) => void process.kill((await about)["child-pid"], signal),
    until: async (said) => {
      while (!`${output.stdout}${output.stderr}`.includes(said) && child.exitCode === null)
        await Promise.race([once(out, "data"), once(err, "data"), ended]);
    },
  };
}

import { execFile, execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import sparticuz from "@sparticuz/chromium";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { SYSTEM_CHROMIUM } from "../../src/platform/launch-browser.ts";
import { SECRET } from "../cli/mailing-project.ts";
import { blocksOf } from "../journey.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { emptyDatabase } from "../stores.ts";
import { newFolder } from "../temporary.ts";

/* It takes minutes: each run of a workflow begins with a clean clone and `npm ci`. */

const LONGEST_MS = 300_000;

/** The repository of a newsletter that was made by the commands of docs/hosting.md. */
let repository: string;
/** The home of its author, and of its runner. */
let home: string;
/** The URL of the database that keeps all state. */
let database: string;

beforeAll(async () => {
  home = await newFolder();
  repository = await newFolder();
  // Every run of the tests begins with `npm ci`: see .ci/run.
  type(`npm pack --silent --pack-destination ${repository}`, path.resolve("."));
  type("git init --quiet && npm install ./broadsheet-*.tgz", repository);
  type("git config user.name Ada && git config user.email ada@quay.example", repository);
  const blocks = blocksOf(readFileSync("docs/hosting.md", "utf8"));
  type(blocks.find(({ info }) => info === "sh github")?.text ?? "false", repository);
  database = await emptyDatabase();
  writeFileSync(path.join(repository, ".env"), `DATABASE_URL=${database}\n`);
  type("npx broadsheet db migrate", repository);
  type("npx broadsheet subscribers add ada@quay.example", repository);
}, LONGEST_MS);

/** The environment of somebody whose home folder is empty. npm keeps its settings and its cache. */
function environment(): NodeJS.ProcessEnv {
  return {
    npm_config_userconfig: path.join(homedir(), ".npmrc"),
    npm_config_cache: path.join(homedir(), ".npm"),
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    ...process.env,
    HOME: home,
  };
}

/** Types commands into a shell. */
function type(commands: string, cwd: string): void {
  execFileSync("sh", ["-euc", commands], {
    cwd,
    env: environment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
}

const workflowSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      env: z.record(z.string(), z.string()),
      steps: z.array(
        z.object({
          uses: z.string().optional(),
          run: z.string().optional(),
          with: z.object({ path: z.string().optional() }).optional(),
        }),
      ),
    }),
  ),
});

/** What an action does that the test has done, or looks at: by its name without the version. */
const ACTIONS: Readonly<Record<string, (clone: string, made: string) => void>> = {
  "actions/checkout": (clone) => expect(existsSync(path.join(clone, ".git"))).toBe(true),
  "actions/setup-node": () => expect(process.version).toMatch(/^v24\./),
  "actions/cache": () => undefined,
  "actions/upload-artifact": (clone, made) =>
    expect(globSync("*.png", { cwd: path.join(clone, made) }).length).toBeGreaterThan(10),
};

/** Takes the steps of a workflow in a new clone, as a runner does. `values` are those of the expressions in it. */
async function takeSteps(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  const clone = mkdtempSync(path.join(home, "clone-"));
  type(`git clone --quiet ${repository} ${clone}`, home);
  const file = path.join(clone, ".github/workflows", `newsletter-${name}.yml`);
  const { jobs } = workflowSchema.parse(parse(readFileSync(file, "utf8")));
  const [job = { env: {}, steps: [] }] = Object.values(jobs);
  const given = Object.entries(job.env).map(([key, text]) => [
    key,
    text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression) => values[expression] ?? ""),
  ]);
  const env = { ...environment(), ...Object.fromEntries(given), ...(await ofThisMachine()) };
  let said = "";
  for (const { uses, run, with: { path: made = "" } = {} } of job.steps) {
    if (uses !== undefined) ACTIONS[uses.replace(/@v\d+$/, "")]?.(clone, made);
    if (run === undefined) continue;
    const { stdout } = await promisify(execFile)("bash", ["-ec", run], { cwd: clone, env });
    said += stdout;
  }
  return said;
}

/** What is elsewhere on a runner of GitHub. */
async function ofThisMachine(): Promise<{ CHROMIUM_PATH: string }> {
  const own = process.env["CHROMIUM_PATH"];
  const system = existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined;
  return { CHROMIUM_PATH: own ?? system ?? (await sparticuz.executablePath()) };
}

test(
  "every step for a pull request runs in a clean clone, and there are screenshots",
  async () => {
    const said = await takeSteps("check", {});
    expect(said).toContain("in screenshots");
    expect(said).not.toContain("takes a browser");
  },
  LONGEST_MS,
);

test(
  "every step of a run on time does, and the issue reaches the reader",
  async () => {
    const server = await startSmtpServer();
    const secrets = {
      "secrets.DATABASE_URL": database,
      "secrets.SMTP_URL": `smtp://127.0.0.1:${server.port}`,
      "secrets.BROADSHEET_SECRET": SECRET,
    };
    expect(await takeSteps("run", secrets)).toContain("nothing is due until");
    await takeSteps("run", { ...secrets, "inputs.now && '--now' || ''": "--now" });
    expect(server.received.map(({ to }) => to.join())).toEqual(["ada@quay.example"]);
  },
  LONGEST_MS,
);

test("without a database no run begins", async () => {
  await expect(takeSteps("run", {})).rejects.toMatchObject({
    code: 78,
    stdout: expect.stringContaining("Set the secret DATABASE_URL"),
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { ENVIRONMENT, MAIN } from "./cli/broadsheet.ts";
import { feedOf, Paper, told } from "./sources/collect/paper.ts";
import { ALONE } from "./cli/spawn-broadsheet.ts";
import { startSmtpServer } from "./smtp-server.ts";

const FEED = "https://paper.example/feed.xml";
const SMTP = "smtps://user:password@smtp.example.org:465";

/** A block of the guide: a file with its name, or commands. */
interface Block {
  readonly info: string;
  readonly text: string;
}

const GUIDE = await readFile("docs/guide.md", "utf8");
const BLOCKS = [...GUIDE.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm)].map(
  ([, info = "", text = ""]): Block => ({ info, text }),
);

/** A loopback feed stands for the guide's, and `npx broadsheet` is this project's command line. */
const NPX = `#!/bin/sh
shift
case "$1" in
  build | extract | run) set -- "$@" --allow-private ;;
  preview) set -- "$@" --allow-private --no-open ;;
esac
exec "${process.execPath}" ${ALONE} "${MAIN}" "$@"
`;

test("every command of the guide does what it says, one after the other", async () => {
  const paper = new Paper();
  const base = await paper.open();
  const smtp = await startSmtpServer();
  const home = await mkdtemp(path.join(tmpdir(), "broadsheet-guide-"));
  const journey = new Journey(home, (text) =>
    text.replaceAll(FEED, `${base}/feed.xml`).replace(SMTP, `smtp://127.0.0.1:${smtp.port}`),
  );
  try {
    const date = new Date().toISOString();
    paper.pages.set("/feed.xml", feedOf([1, 2, 3].map((number) => told(number, { date }))));
    await writeFile(path.join(home, "npx"), NPX);
    await chmod(path.join(home, "npx"), 0o755);
    for (const { info, text } of BLOCKS.slice(1)) await journey.take(info, text);
    const read = smtp.received.map(({ to }) => to.join());
    // The copy, the issue, and the one of the schedule.
    const readers = ["ada@reader.example", "bram@reader.example"];
    expect(read.slice(0, 1)).toEqual(["you@letter.example"]);
    expect(read.slice(1, 3).toSorted()).toEqual(readers);
    expect(read.slice(3).toSorted()).toEqual(readers);
    expect(String(smtp.received[1]?.raw)).toContain("The boats are back");
    expect(journey.said).toContain(told(1).title);
    expect(journey.said).toContain("1 to look at first");
    expect(journey.said).toContain("post@letter.example is only an example");
  } finally {
    await paper.close();
    await rm(home, { recursive: true });
  }
}, 300_000);

/** A shell that goes on where the block before has left it. */
class Journey {
  readonly #home: string;
  readonly #ours: (text: string) => string;
  #cwd: string;
  /** All that was printed. */
  said = "";

  constructor(home: string, ours: (text: string) => string) {
    this.#home = home;
    this.#cwd = home;
    this.#ours = ours;
  }

  async take(info: string, text: string): Promise<void> {
    const [, name] = info.split(/ (.*)/);
    if (name === "run") expect(await this.#ends(text)).toEqual({ code: 0, text });
    else if (name === "may fail") await this.#ends(text);
    else if (name === "stays") await this.#stays(text);
    else if (name !== undefined) await writeFile(path.join(this.#cwd, name), this.#ours(text));
  }

  async #ends(text: string): Promise<{ code: number | null; text: string }> {
    const shell = this.#start(`set -e\n${this.#ours(text)}\npwd > "$HOME/where"`);
    const code = await new Promise<number | null>((resolve) => shell.once("close", resolve));
    if (code === 0) this.#cwd = (await readFile(path.join(this.#home, "where"), "utf8")).trim();
    return { code, text: code === 0 ? text : this.said.slice(-2000) };
  }

  /** Until it has shown a page. */
  async #stays(text: string): Promise<void> {
    const shell = this.#start(`exec ${this.#ours(text)}`);
    const address = await new Promise<string>((resolve) =>
      shell.stdout?.on("data", () => {
        const [found] =
          /http:\/\/127\.0\.0\.1:\S+/.exec(this.said.slice(this.said.indexOf("Preview"))) ?? [];
        if (found !== undefined) resolve(found);
      }),
    );
    expect((await fetch(address)).status).toBe(200);
    shell.kill("SIGINT");
    await new Promise((resolve) => shell.once("close", resolve));
  }

  #start(script: string): ChildProcess {
    const env = {
      ...ENVIRONMENT,
      PATH: `${this.#home}:${process.env["PATH"]}`,
      HOME: this.#home,
      // What other tests have rendered is not rendered again.
      XDG_CACHE_HOME: process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"),
    };
    const shell = spawn("/bin/sh", ["-c", script], { cwd: this.#cwd, env });
    shell.stdout.setEncoding("utf8").prependListener("data", (said: string) => (this.said += said));
    shell.stderr.setEncoding("utf8").on("data", (said: string) => (this.said += said));
    return shell;
  }
}

test("the guide installs it as the README does", async () => {
  expect(await readFile("README.md", "utf8")).toContain(`${BLOCKS[0]?.text.trim()}\n`);
});

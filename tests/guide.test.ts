import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { broadsheet } from "./cli/broadsheet.ts";
import { startPreview } from "./desk/server.ts";
import { feedOf, Paper, told } from "./sources/collect/paper.ts";
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

/** A loopback feed stands for the guide's, which a command reads where it is told that it may. */
const FETCHING = new Set(["build", "extract", "run", "preview"]);

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

/** Whoever follows the guide, in the folder that its last command has led to. */
class Journey {
  readonly #env: Readonly<Record<string, string>>;
  readonly #ours: (text: string) => string;
  #cwd: string;
  /** All that was printed. */
  said = "";

  constructor(home: string, ours: (text: string) => string) {
    // What other tests have rendered is not rendered again.
    const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
    this.#env = { HOME: home, XDG_CACHE_HOME: cache };
    this.#cwd = home;
    this.#ours = ours;
  }

  async take(info: string, text: string): Promise<void> {
    const [, name] = info.split(/ (.*)/);
    const lines = this.#ours(text).trimEnd().split("\n");
    if (name === "stays") await this.#stays(lines[0] ?? "");
    else if (name === "run" || name === "may fail")
      for (const line of lines)
        expect([line, await this.#type(line)]).toEqual([
          line,
          name === "run" ? 0 : expect.any(Number),
        ]);
    else if (name !== undefined) await writeFile(path.join(this.#cwd, name), this.#ours(text));
  }

  /** What the command leaves with. */
  async #type(line: string): Promise<number | null> {
    const [program, ...args] = wordsOf(line);
    if (program === "cd") this.#cwd = path.join(this.#cwd, args[0] ?? "");
    else if (program === "npx") {
      const { code, ...output } = await broadsheet(argumentsOf(args), {
        cwd: this.#cwd,
        env: this.#env,
      });
      this.said += output.stdout + output.stderr;
      return code;
    } else execFileSync(program ?? "", args, { cwd: this.#cwd });
    return 0;
  }

  /** Until it has shown a page. */
  async #stays(line: string): Promise<void> {
    const args = argumentsOf(wordsOf(line).slice(1));
    const preview = await startPreview(this.#cwd, args.slice(1));
    expect((await fetch(preview.url)).status).toBe(200);
    await preview.stop();
  }
}

/** A line as a shell takes it apart. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** Those of our command behind `npx broadsheet`. */
function argumentsOf([, command = "", ...rest]: readonly string[]): string[] {
  return [command, ...rest, ...(FETCHING.has(command) ? ["--allow-private"] : [])];
}

test("the guide installs it as the README does", async () => {
  expect(await readFile("README.md", "utf8")).toContain(`${BLOCKS[0]?.text.trim()}\n`);
});

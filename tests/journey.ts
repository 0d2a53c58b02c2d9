import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { broadsheet } from "./cli/broadsheet.ts";
import { startPreview } from "./desk/server.ts";
import { feedOf, Paper, told } from "./sources/collect/paper.ts";
import { startSmtpServer, type TestServer } from "./smtp-server.ts";

/** A fenced block of a page. */
export interface Block {
  /** All that follows the fence: a language, and what a test does with the block. */
  readonly info: string;
  readonly text: string;
}

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```([^\n]*)\n([^]*?)^```$/gm)].map(([, info = "", text = ""]) => ({
    info,
    text,
  }));
}

/** The commands that read the feed of a page, which is on a loopback address here. */
const FETCHING = new Set(["build", "extract", "run", "preview"]);

/** A reader who types what the blocks of a page say, in one folder and in the order of the page. */
export class Journey {
  readonly smtp: TestServer;
  readonly #paper: Paper;
  readonly #base: string;
  readonly #env: Readonly<Record<string, string>>;
  #cwd: string;
  /** Everything that the commands printed. */
  said = "";

  private constructor(home: string, [paper, base]: [Paper, string], smtp: TestServer) {
    // What other tests have rendered is not rendered again.
    const cache = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
    const state = path.join(home, ".local/state");
    this.#env = { HOME: home, XDG_CACHE_HOME: cache, XDG_STATE_HOME: state };
    this.#cwd = home;
    this.#paper = paper;
    this.#base = base;
    this.smtp = smtp;
  }

  /** Starts in an empty folder, with a feed and a mail server that stand for those of the page. */
  static async from(home: string): Promise<Journey> {
    const paper = new Paper();
    const base = await paper.open();
    const date = new Date().toISOString();
    paper.pages.set("/feed.xml", feedOf([1, 2, 3].map((number) => told(number, { date }))));
    return new Journey(home, [paper, base], await startSmtpServer());
  }

  async close(): Promise<void> {
    await this.#paper.close();
  }

  /** The text of a page with the feed and the mail server of this test. */
  ours(text: string): string {
    return text
      .replaceAll("https://paper.example/feed.xml", `${this.#base}/feed.xml`)
      .replaceAll(
        /smtps:\/\/user:password@smtp\.example\.org(?::465)?/g,
        `smtp://127.0.0.1:${this.smtp.port}`,
      );
  }

  /** Types the commands of a block, or writes its file. A block that it can't take is an error. */
  async take({ info, text }: Block): Promise<void> {
    const [language = "", what = ""] = info.split(/ (.*)/);
    const lines = this.ours(text).trimEnd().split("\n");
    if (language !== "sh" && what !== "")
      await writeFile(path.join(this.#cwd, what), this.ours(text));
    else if (what === "stays") await this.#stays(lines[0] ?? "");
    else if (/^(?:run\b|may fail$)/.test(what))
      for (const line of lines) await this.#typed(line, what === "may fail");
    else throw new Error(`no test runs the block "${info}":\n${text}`);
  }

  async #typed(line: string, mayFail: boolean): Promise<void> {
    const code = await this.#type(line);
    if (code !== 0 && !mayFail) throw new Error(`${line}\nleft with ${code}:\n${this.said}`);
  }

  /** Returns the exit code of the command. */
  async #type(line: string): Promise<number | null> {
    const words = wordsOf(line);
    const command = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
    const set = words.slice(0, command).map((word) => word.split(/=(.*)/).slice(0, 2));
    const [program = "", ...args] = words.slice(command);
    if (program !== "npx") {
      execFileSync(program, args, { cwd: this.#cwd });
      return 0;
    }
    const env = { ...this.#env, ...Object.fromEntries(set) };
    const { code, ...output } = await broadsheet(argumentsOf(args), { cwd: this.#cwd, env });
    this.said += output.stdout + output.stderr;
    return code;
  }

  /** Ends the preview once it has shown a page. */
  async #stays(line: string): Promise<void> {
    const args = argumentsOf(wordsOf(line).slice(1));
    const preview = await startPreview(this.#cwd, args.slice(1));
    const { status } = await fetch(preview.url);
    await preview.stop();
    if (status !== 200) throw new Error(`${line}\nanswered ${status}`);
  }
}

/** The words of a line as a shell reads them, without its comment. */
function wordsOf(line: string): string[] {
  const command = line.replace(/\s#.*$/, "");
  return [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** The arguments of our command behind `npx broadsheet`. */
function argumentsOf([, command = "", ...rest]: readonly string[]): string[] {
  return [command, ...rest, ...(FETCHING.has(command) ? ["--allow-private"] : [])];
}

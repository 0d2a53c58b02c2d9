import { type ChildProcess, fork } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import path from "node:path";
import type { Converted, Encoded, Fit, OnlySeen, Unconverted } from "./convert-picture.ts";
import { startingFile } from "../../../platform/own-files.ts";

/** A picture to decode, and the source whose time budget it uses. */
export interface Undecoded extends Encoded {
  /** The server or the article file that shows the picture. */
  readonly source: string;
}

export interface ConvertRequest extends Encoded {
  readonly fit?: Fit | undefined;
}

export type Conversion =
  | Converted
  | OnlySeen
  | Unconverted
  | { readonly kind: "tooSlow"; readonly longestMs: number }
  /** The picture was not tried, because these pictures of the same source were too slow. */
  | { readonly kind: "givenUp"; readonly slow: readonly string[] };

interface Limits {
  /** The maximum time for a picture. For the first picture it includes the start of the process. */
  readonly longestMs: number;
  /** Each slow picture halves the time for the next ones, down to this minimum. */
  readonly shortestMs: number;
}

/** A picture of 100 million pixels takes two seconds. One that takes ten times as long is an attack. */
const DEFAULT_LIMITS = { longestMs: 20_000, shortestMs: 3_000 };
/** After this many slow pictures in total, no more pictures of their sources are decoded. */
const MOST_SLOW = 3;

/**
 * Converts pictures in a separate process, which starts with the first picture. Decoders are written in C and process
 * untrusted input: an SVG of a few kilobytes can keep one busy for hours, and neither a thread nor sharp's own time limit can
 * stop it. The caller closes it.
 */
export class Converter {
  readonly #limits: Limits;
  readonly #slow = new Map<string, readonly string[]>();
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** Converts a picture for mail. Pictures are decoded one after the other. */
  async convert(picture: Undecoded, fit?: Fit): Promise<Conversion> {
    const turn = this.#last.then(() => this.#convertNow(picture, fit));
    this.#last = turn;
    return turn;
  }

  /** Kills the process and its current work. */
  readonly close = (): void => {
    process.off("exit", this.close);
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  };

  readonly [Symbol.dispose] = this.close;

  /** A busy decoder does not notice that its parent process has ended. */
  #start(): ChildProcess {
    process.once("exit", this.close);
    return startProcess();
  }

  async #convertNow({ content, type, name, source }: Undecoded, fit?: Fit): Promise<Conversion> {
    const slow = this.#slow.get(source) ?? [];
    const total = [...this.#slow.values()].flat().length;
    if (slow.length > 0 && total >= MOST_SLOW) return { kind: "givenUp", slow };
    const longestMs = Math.max(this.#limits.longestMs / 2 ** total, this.#limits.shortestMs);
    const child = (this.#child ??= this.#start());
    const answer = await answerOf(child, { content, type, name, fit }, longestMs);
    if (typeof answer !== "string") return answer;
    this.close();
    if (answer === "unreadable") return { kind: answer };
    this.#slow.set(source, [...slow, name]);
    return { kind: answer, longestMs };
  }
}

/** The answer of the process: "tooSlow" after the time limit, "unreadable" if the process dies. */
async function answerOf(
  child: ChildProcess,
  request: ConvertRequest,
  longestMs: number,
): Promise<Converted | OnlySeen | Unconverted | "tooSlow" | "unreadable"> {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof answerOf>>>();
  const onEnd = (): void => resolve("unreadable");
  const timer = setTimeout(() => resolve("tooSlow"), longestMs);
  child.once("message", resolve).once("exit", onEnd).once("error", onEnd);
  child.send(request, (error) => error && onEnd());
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.off("message", resolve).off("exit", onEnd).off("error", onEnd);
  }
}

function startProcess(): ChildProcess {
  const file = startingFile("issue/pictures/io/converter-process");
  const own = { execArgv: withoutEnvFiles(process.execArgv), env: decoderEnvironment() };
  const child = fork(file, [], { serialization: "advanced", stdio: "ignore", ...own });
  child.on("error", () => undefined);
  return child;
}

/** Filters the options of Node. An option that names an env file is removed, because that file contains secrets. */
function withoutEnvFiles(options: readonly string[]): string[] {
  return options.filter(
    (option, at) =>
      !/^--env-file(?:-if-exists)?(?:=|$)/.test(option) &&
      !/^--env-file(?:-if-exists)?$/.test(options[at - 1] ?? ""),
  );
}

/** The variables for libvips, librsvg and fontconfig, and for finding their libraries and fonts. */
const NEEDED = [
  ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"],
  ["TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "LC_CTYPE"],
  ["FONTCONFIG_FILE", "FONTCONFIG_PATH", "FONTCONFIG_SYSROOT"],
  ["HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"],
].flat();

/** The environment of the process. It contains no secrets, in case an attacker gains control of a decoder. */
function decoderEnvironment(): NodeJS.ProcessEnv {
  const compiled = getCompileCacheDir();
  return {
    ...Object.fromEntries(NEEDED.map((name) => [name, process.env[name]])),
    // Node adds its own version to this path.
    NODE_COMPILE_CACHE: compiled && path.dirname(compiled),
  };
}

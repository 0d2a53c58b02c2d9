import { type ChildProcess, fork } from "node:child_process";
import type { Converted, Fit, Unconverted } from "./convert-picture.ts";
import type { PictureType } from "../../../article/picture-type.ts";
import { startingFile } from "../../../platform/own-files.ts";

export interface ConvertRequest {
  readonly content: Buffer;
  readonly type: PictureType["name"];
  readonly fit?: Fit | undefined;
}

export type Conversion = Converted | Unconverted | { readonly kind: "tooSlow" };

interface Limits {
  /** For each picture, with the start of the process for the first. */
  readonly longestMs: number;
}

/** A picture of 100 million pixels takes two seconds; what takes ten times that was made to. */
const LONGEST_MS = 20_000;
/** Then no more are tried: they are sent on purpose. */
const MOST_LOST = 3;

/**
 * Converts pictures in a process of their own, started with the first one. Decoders are written in C
 * and their input by strangers: an SVG of a few kilobytes can keep one busy for hours, and neither a
 * thread nor sharp's own time limit can end that. The caller closes it.
 */
export class Converter {
  readonly #limits: Limits;
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #lost = 0;

  constructor(limits: Limits = { longestMs: LONGEST_MS }) {
    this.#limits = limits;
  }

  /** The picture as a mail may carry it, when those before it are done. */
  async convert(content: Buffer, type: PictureType["name"], fit?: Fit): Promise<Conversion> {
    const turn = this.#last.then(() => this.#convertNow({ content, type, fit }));
    this.#last = turn;
    return turn;
  }

  /** Ends what is under way. */
  readonly close = (): void => {
    process.off("exit", this.close);
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  };

  /** A decoder that is busy does not notice that the process that started it has ended. */
  #start(): ChildProcess {
    process.once("exit", this.close);
    return startProcess();
  }

  async #convertNow(request: ConvertRequest): Promise<Conversion> {
    if (this.#lost >= MOST_LOST) return { kind: "tooSlow" };
    const child = (this.#child ??= this.#start());
    const answer = await answerOf(child, request, this.#limits.longestMs);
    if (typeof answer !== "string") return answer;
    this.#lost++;
    this.close();
    return { kind: answer };
  }
}

/** The process's answer; or what it did instead: it took too long, or the picture was the end of it. */
async function answerOf(
  child: ChildProcess,
  request: ConvertRequest,
  longestMs: number,
): Promise<Converted | Unconverted | "tooSlow" | "unreadable"> {
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
  const child = fork(file, [], { serialization: "advanced", stdio: "ignore", env: harmless() });
  child.on("error", () => undefined);
  return child;
}

/** The environment without passwords: an attacker who takes a decoder over finds none. */
function harmless(): NodeJS.ProcessEnv {
  const needed =
    /^(?:PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|LANG|LC_\w+|(?:XDG|FONTCONFIG|NODE)_\w+)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}

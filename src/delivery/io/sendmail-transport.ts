import {
  assertBegun,
  type Receipt,
  type Transport,
  DeliveryError,
  InFlight,
  type DeliveryFacts,
} from "../transport.ts";
import type { Message } from "../compile-message.ts";
import { DEFAULT_SMTP } from "../settings.ts";
import { tmpdir } from "node:os";
import type { ErrorCode } from "../../errors.ts";
import { struckOut } from "./smtp/smtp-failure.ts";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, open, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PRIVATE_FILE } from "../../platform/files/make-folders.ts";
import { attempt } from "../../platform/attempt.ts";

export interface SendmailOptions {
  /** At most so many at a time. */
  readonly processes: number;
  /** How long one message may take. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A transport that gives each message to a local program with sendmail's command line, as all mail servers for Unix
 * have it: `-i -f SENDER -- RECIPIENT`, the message on stdin, an exit code of sysexits(3). A program that ends in
 * another way may or may not have accepted the message.
 */
export class SendmailTransport implements Transport {
  readonly name = "sendmail";
  readonly #program: string;
  readonly #timeoutMs: number;
  readonly #inFlight = new InFlight();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** `program`: the path of the program. */
  constructor(
    program: string,
    { processes, timeoutMs = DEFAULT_SMTP.timeouts.sendMs }: SendmailOptions,
  ) {
    this.#program = program;
    this.#free = processes;
    this.#timeoutMs = timeoutMs;
  }

  async send(message: Message, begin?: () => Promise<boolean>): Promise<Receipt> {
    return this.#inFlight.add(this.#inTurn(message, begin));
  }

  async close(): Promise<void> {
    await this.#inFlight.end();
  }

  async #inTurn(message: Message, begin?: () => Promise<boolean>): Promise<Receipt> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await assertBegun(begin);
      return await this.#handOver(message);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  async #handOver(message: Message): Promise<Receipt> {
    const ending = await this.#run(message);
    if (ending.code !== 0) throw sendmailFailure(this.#program, ending);
    return { response: `taken by ${this.#program}` };
  }

  async #run(message: Message): Promise<Ending> {
    try {
      return await runSendmail(this.#program, message, this.#timeoutMs);
    } catch (error) {
      // Anything else is an error in Broadsheet.
      if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
      const { code, syscall } = error;
      throw notStarted(this.#program, { code: String(code), syscall: String(syscall) });
    }
  }
}

interface Account {
  readonly code: ErrorCode;
  readonly fix: string;
  readonly facts: Omit<DeliveryFacts, "said">;
}

/** The program didn't take the message, since there is no such recipient. */
const UNKNOWN: Account = {
  code: "SMTP_REFUSED",
  fix: "check the address",
  facts: { stage: "recipient", reply: { code: 550, status: "5.1.1" } },
};
/** Some programs mean the recipient's host or the message by this code, others mean our relay. */
const REFUSED: Account = {
  code: "SMTP_REFUSED",
  fix: "look into the mail log; where it wasn't the address, broadsheet retry ISSUE sends again",
  facts: { stage: "message", reply: { code: 554 }, isPerhapsOurs: true },
};
const LATER: Account = {
  code: "SMTP_DEFERRED",
  fix: "send again in some minutes",
  facts: { stage: "sender", reply: { code: 451 } },
};
const MISUSED: Account = {
  code: "SMTP_REFUSED",
  fix: "see that it sends a mail from the command line, or name another one as sendmail in the config",
  facts: { stage: "sender", reply: { code: 554 } },
};
const IN_DOUBT: Account = {
  code: "SMTP_UNCERTAIN",
  fix: "look whether it arrived before you send it again",
  facts: { stage: "message" },
};

/**
 * The codes of sysexits(3) that aren't about this machine's setup. 75 isn't among them: from Postfix it means that
 * nothing was taken, and from Sendmail that the message is in the queue and goes out later.
 */
const BY_CODE: Readonly<Record<number, Account>> = {
  65: REFUSED,
  67: UNKNOWN,
  68: REFUSED,
  69: REFUSED,
  71: LATER,
  74: LATER,
};

/** Why a message was not taken, or may not have been. */
function sendmailFailure(program: string, ending: Ending): DeliveryError {
  const { code: exit, isTimeout } = ending;
  const { code, fix, facts } = accountOf(exit);
  const words = struckOut(ending.words, []);
  const said = `${program} ${howItEnded(ending)}${words && `: ${words}`}`;
  return new DeliveryError(code, said, { fix, facts: { ...facts, said, isTimeout } });
}

const EX_TEMPFAIL = 75;

function accountOf(exit: number | null): Account {
  if (exit === null || exit === EX_TEMPFAIL || exit < 64 || exit > 78) return IN_DOUBT;
  return BY_CODE[exit] ?? MISUSED;
}

function howItEnded({ code, signal, isTimeout }: Ending): string {
  if (isTimeout) return "was ended, as it didn't end by itself";
  return code === null ? `was killed (${signal})` : `ended with ${code}`;
}

/** Codes of a system that has no room for a file or a process now. */
const FULL = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EDQUOT"]);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it isn't there",
  ENOTDIR: "it isn't there",
  EACCES: "no account may run it here",
  ENOEXEC: "it is no program",
};

/** An error of a system call. */
interface SystemFault {
  readonly code: string;
  /** "spawn …" where the program couldn't be started. */
  readonly syscall: string;
}

/** The error for a message that the program wasn't given. */
function notStarted(program: string, { code, syscall }: SystemFault): DeliveryError {
  if (FULL.has(code)) {
    return unsent("SMTP_UNREACHABLE", {
      said: `no message can be given to ${program} now (${code})`,
      fix: "make room on this machine and in its folder for temporary files, then send again; nothing was sent",
    });
  }
  if (!syscall.startsWith("spawn")) {
    return unsent("SMTP_UNCONFIGURED", {
      said: `no message can be given to ${program}: there is no writing to ${tmpdir()} (${code})`,
      fix: "name a folder for temporary files in TMPDIR, then send again; nothing was sent",
    });
  }
  return unsent("SMTP_UNCONFIGURED", {
    said: `${program} can't be run: ${REASONS[code] ?? code}`,
    fix: "install a mail server, or name its program as sendmail in the config",
  });
}

function unsent(
  code: ErrorCode,
  { said, fix }: { readonly said: string; readonly fix: string },
): DeliveryError {
  return new DeliveryError(code, said, { fix, facts: { stage: "connection", said } });
}

/** How the program that was given a message ended. */
interface Ending {
  /** Its exit code; null where it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it was killed here because it took too long. */
  readonly isTimeout: boolean;
  /** The beginning of what it printed. */
  readonly words: string;
}

const MOST_WORDS = 2_000;

/**
 * Gives a message to a local sendmail, and waits until it has ended.
 * @throws the system's error where the program can't be started, so that it was given nothing.
 */
async function runSendmail(
  program: string,
  { envelope: { from, to }, raw }: Message,
  timeoutMs: number,
): Promise<Ending> {
  // A pipe would end if this process died, and the part in it by then would be taken for the whole message.
  const input = await namelessFile(withUnixLineEnds(raw));
  const output = await namelessFile("");
  try {
    const child = spawn(program, ["-i", "-f", from, "--", to], {
      // The program may leave a process behind that goes on to deliver, and would keep a pipe open.
      stdio: [input.fd, output.fd, output.fd],
      env: withoutSecrets(),
      // Ctrl-C in a terminal is for this process, which lets the program finish.
      detached: true,
    });
    const ending = await endingOf(child, timeoutMs);
    // The program has ended: a failure here must not look as if it hadn't been started.
    return { ...ending, words: await beginningOf(output).catch(() => "") };
  } finally {
    await Promise.all([input.close(), output.close()]);
  }
}

async function endingOf(child: ChildProcess, timeoutMs: number): Promise<Omit<Ending, "words">> {
  let isTimeout = false;
  const timer = setTimeout(() => {
    isTimeout = true;
    killGroup(child);
  }, timeoutMs);
  try {
    await once(child, "exit");
    return { code: child.exitCode, signal: child.signalCode, isTimeout };
  } finally {
    clearTimeout(timer);
  }
}

/** Kills the program and all processes that it started: it leads a process group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  // It may just have ended.
  attempt(() => process.kill(-pid, "SIGKILL"));
}

/** An open file without a name, which is gone when it is closed. */
async function namelessFile(content: Buffer | string): Promise<FileHandle> {
  const name = path.join(tmpdir(), `broadsheet-${randomUUID()}`);
  try {
    await writeFile(name, content, { flag: "wx", mode: PRIVATE_FILE });
    return await open(name, "r+");
  } finally {
    await rm(name, { force: true });
  }
}

async function beginningOf(output: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await output.read(Buffer.alloc(MOST_WORDS), 0, MOST_WORDS, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

/** Local programs expect LF; the mail server makes it CRLF again. */
function withUnixLineEnds(raw: Buffer): Buffer {
  return Buffer.from(raw.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

/** The environment without our secrets: the program has settings of its own to log in with. */
function withoutSecrets(): NodeJS.ProcessEnv {
  const ours = /^(?:BROADSHEET|SMTP)_|_API_KEY$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

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
import { Places } from "../../platform/places.ts";

export interface SendmailOptions {
  /** The most processes at one time. */
  readonly processes: number;
  /** The longest time for one message. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A transport that gives each message to a local program with the command line of sendmail. All mail servers for Unix have
 * such a program: `-i -f SENDER -- RECIPIENT`, the message on stdin, an exit code of sysexits(3). If the program ends in
 * another way, the message is in doubt.
 */
export class SendmailTransport implements Transport {
  readonly name = "sendmail";
  readonly #program: string;
  readonly #timeoutMs: number;
  readonly #inFlight = new InFlight();
  readonly #places: Places;

  /** `program`: the path of the program. */
  constructor(
    program: string,
    { processes, timeoutMs = DEFAULT_SMTP.timeouts.sendMs }: SendmailOptions,
  ) {
    this.#program = program;
    this.#places = new Places(processes);
    this.#timeoutMs = timeoutMs;
  }

  async send(message: Message, begin?: () => Promise<boolean>): Promise<Receipt> {
    const handOver = async () => {
      await assertBegun(begin);
      return this.#handOver(message);
    };
    return this.#inFlight.add(this.#places.run(handOver));
  }

  async close(): Promise<void> {
    await this.#inFlight.end();
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
      // Other errors are faults in Broadsheet.
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

/** The program refused the message because the recipient does not exist. */
const UNKNOWN: Account = {
  code: "SMTP_REFUSED",
  fix: "check the address",
  facts: { stage: "recipient", reply: { code: 550, status: "5.1.1" } },
};
/** Some programs use these codes for the recipient's host or the message, others for our relay. */
const REFUSED: Account = {
  code: "SMTP_REFUSED",
  fix: "look into the mail log; if the address was not the reason, broadsheet retry ISSUE sends again",
  facts: { stage: "message", reply: { code: 554 }, isPerhapsOurs: true },
};
const LATER: Account = {
  code: "SMTP_DEFERRED",
  fix: "send again in some minutes",
  facts: { stage: "sender", reply: { code: 451 } },
};
const MISUSED: Account = {
  code: "SMTP_REFUSED",
  fix: "check that it sends a mail from the command line, or name another program as sendmail in the config",
  facts: { stage: "sender", reply: { code: 554 } },
};
const IN_DOUBT: Account = {
  code: "SMTP_UNCERTAIN",
  fix: "check whether it arrived before you send it again",
  facts: { stage: "message" },
};

/**
 * The codes of sysexits(3) that are not about the setup of this machine. 75 is missing: Postfix ends with 75 if it did not
 * accept the message, but Sendmail does so if the message is in its queue.
 */
const BY_CODE: Readonly<Record<number, Account>> = {
  65: REFUSED,
  67: UNKNOWN,
  68: REFUSED,
  69: REFUSED,
  71: LATER,
  74: LATER,
};

/** The failure of a message that was refused or is in doubt. */
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
  if (isTimeout) return "took too long and was stopped";
  return code === null ? `was killed (${signal})` : `ended with ${code}`;
}

/** Codes of a system without room for another file or process now. */
const FULL = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EDQUOT"]);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "it does not exist",
  EACCES: "permission denied",
  ENOEXEC: "it is not a program",
};

/** An error of a system call. */
interface SystemFault {
  readonly code: string;
  /** "spawn …" if the program couldn't be started. */
  readonly syscall: string;
}

/** The error for a message that was not given to the program. */
function notStarted(program: string, { code, syscall }: SystemFault): DeliveryError {
  if (FULL.has(code)) {
    return unsent("SMTP_UNREACHABLE", {
      said: `no message can be given to ${program} now (${code})`,
      fix: "make room on this machine and in its folder for temporary files, then send again; nothing was sent",
    });
  }
  if (!syscall.startsWith("spawn")) {
    return unsent("SMTP_UNCONFIGURED", {
      said: `no message can be given to ${program}: ${tmpdir()} can't be written to (${code})`,
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

/** How the program ended. */
interface Ending {
  /** The exit code. Null if the program was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether we killed it because it took too long. */
  readonly isTimeout: boolean;
  /** The beginning of its output. */
  readonly words: string;
}

const MOST_WORDS = 2_000;

/**
 * Gives a message to a local sendmail, and waits until it has ended.
 * @throws the system's error if the program can't be started. The message was not given to it then.
 */
async function runSendmail(
  program: string,
  { envelope: { from, to }, raw }: Message,
  timeoutMs: number,
): Promise<Ending> {
  // If this process died, a pipe would end, and the program would take the part so far for the whole message.
  const input = await namelessFile(withUnixLineEnds(raw));
  const output = await namelessFile("");
  try {
    const child = spawn(program, ["-i", "-f", from, "--", to], {
      // The program may leave a process behind that delivers later. Such a process would keep a pipe open.
      stdio: [input.fd, output.fd, output.fd],
      env: withoutSecrets(),
      // Ctrl-C in a terminal must not reach the program. This process lets it finish.
      detached: true,
    });
    const ending = await endingOf(child, timeoutMs);
    // The program has ended. A failure of this reading must not look as if it hadn't been started.
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

/** Kills the program and all processes that it started. The program leads a process group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  // The group may just have ended.
  attempt(() => process.kill(-pid, "SIGKILL"));
}

/** An open file without a name. The system deletes it when it is closed. */
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

/** Local programs expect LF. The mail server makes it CRLF again. */
function withUnixLineEnds(raw: Buffer): Buffer {
  return Buffer.from(raw.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

/** The environment without our secrets. The program logs in with its own settings. */
function withoutSecrets(): NodeJS.ProcessEnv {
  const ours = /^(?:BROADSHEET|SMTP)_|_API_KEY$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

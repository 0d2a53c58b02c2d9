import type { Message } from "../../message.ts";
import {
  type Receipt,
  type Transport,
  DeliveryError,
  type DeliveryFacts,
} from "../../transport.ts";
import { TIMEOUTS } from "../smtp/smtp-policy.ts";
import { type Ending, runSendmail } from "./run-sendmail.ts";
import { tmpdir } from "node:os";
import type { ErrorCode } from "../../../errors.ts";
import { struckOut } from "../smtp/struck-out.ts";

export interface SendmailOptions {
  /** At most so many at a time. */
  readonly processes: number;
  /** How long one may take. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A transport that gives each message to a local program with sendmail's command line, as all mail servers for Unix
 * have it: `-i -f SENDER -- RECIPIENT`, the message on stdin, an exit code of sysexits(3). Who ends in another way
 * may have taken the message or not.
 */
export class SendmailTransport implements Transport {
  readonly name = "sendmail";
  readonly #program: string;
  readonly #timeoutMs: number;
  readonly #underway = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  /** `program`: its path. */
  constructor(program: string, { processes, timeoutMs = TIMEOUTS.sendMs }: SendmailOptions) {
    this.#program = program;
    this.#free = processes;
    this.#timeoutMs = timeoutMs;
  }

  async send(message: Message): Promise<Receipt> {
    const sending = this.#inTurn(message);
    const settled = sending.catch(() => undefined).finally(() => this.#underway.delete(settled));
    this.#underway.add(settled);
    return sending;
  }

  async close(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  async #inTurn(message: Message): Promise<Receipt> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
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
      // Anything else is a mistake of ours.
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

/** It says that it has nothing of the message, and what is wrong with whom. */
const NOBODY: Account = {
  code: "SMTP_REFUSED",
  fix: "check the address",
  facts: { stage: "recipient", reply: { code: 550, status: "5.1.1" } },
};
/** With one program it is the recipient's host or message, with the next one our relay. */
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
 * sysexits(3), as far as it isn't our machine's own fault. 75 isn't among them: with Postfix it says that nothing was
 * taken, and with Sendmail that the message is in the queue and goes out later.
 */
const BY_CODE: Readonly<Record<number, Account>> = {
  65: REFUSED,
  67: NOBODY,
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

/** Codes of a system that has no room now. */
const FULL = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EDQUOT"]);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "it isn't there",
  ENOTDIR: "it isn't there",
  EACCES: "nobody may run it here",
  ENOEXEC: "it is no program",
};

/** A fault that the system tells of. */
interface SystemFault {
  readonly code: string;
  /** "spawn …" where it is of the program. */
  readonly syscall: string;
}

/** Nothing was given to anybody. */
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

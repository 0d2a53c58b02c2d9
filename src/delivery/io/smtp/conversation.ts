import type { Socket } from "node:net";
import type { Message } from "../../compile-message.ts";
import { domainOf } from "../../../subscribers/recipient.ts";
import type { SmtpFailure } from "./smtp-failure.ts";

/** A reply of a server (RFC 5321 §4.2), with its lines in one text. */
interface ServerReply {
  /** The three digits. 0 if there are none, which is no valid reply. */
  readonly code: number;
  readonly text: string;
}

/** The longest silence between pipelined commands, before the server is known to support PIPELINING correctly. */
const LONGEST_STALL_MS = 5_000;
/** The limit is the time limit for replies divided by this, if that is shorter. */
const SHARE_OF_STALL = 4;

/** The end of a message whose last line is complete (RFC 5321 §4.1.1.4). */
const END = Buffer.from(".\r\n");

/** The longest reply in bytes. A server that sends more does not speak SMTP. */
const LONGEST_BYTES = 1024 * 1024;

/** Parses replies. `read` takes the next bytes, and returns the replies that are complete. */
class ReplyReader {
  #rest = "";
  #lines: string[] = [];
  #size = 0;

  /** Whether a reply exceeds the limit. */
  get isEndless(): boolean {
    return this.#size + this.#rest.length > LONGEST_BYTES;
  }

  read(chunk: Buffer): ServerReply[] {
    const replies: ServerReply[] = [];
    // Each byte becomes a character, because a UTF-8 sequence may be split over two chunks.
    const lines = (this.#rest + chunk.toString("latin1")).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "" && this.#lines.length === 0) continue;
      this.#lines.push(line);
      this.#size += line.length;
      if (/^\d+-/.test(line)) continue;
      replies.push(this.#whole(line));
    }
    return replies;
  }

  #whole(last: string): ServerReply {
    const text = decoded(this.#lines.join("\n"));
    this.#lines = [];
    this.#size = 0;
    return { code: /^\d{3}(?: |$)/.test(last) ? Number(last.slice(0, 3)) : 0, text };
  }
}

/** Decodes valid UTF-8. Otherwise each byte is a character of Latin-1. */
function decoded(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes;
  const text = Buffer.from(bytes, "latin1").toString();
  return text.includes("\uFFFD") ? bytes : text;
}

interface ConversationOptions {
  /** Whether commands may be sent without waiting for the replies before them (RFC 2920). */
  readonly isPipelining: boolean;
  /** The parameters of MAIL FROM for a message. */
  readonly parametersFor: (message: Message) => string;
  /** The longest silence. */
  readonly replyMs: number;
  /** The longest time for one message. */
  readonly sendMs: number;
  /** Whether the server has answered pipelined commands before. */
  readonly isPipeliningProven: boolean;
  /** Called when the server has answered pipelined commands. */
  readonly onPipeliningProven: () => void;
  /** Called when a message begins. The envelope of the next message can be sent in the same write. */
  readonly onRoom: () => void;
}

/** A message for the server, with its callbacks. */
export interface Handover {
  readonly message: Message;
  /** Asked before the first byte of the message. If the answer is no, the connection ends before that byte. */
  readonly begin?: (() => Promise<boolean>) | undefined;
  /** Called when the server has accepted the message, with the text of its reply. */
  readonly onAccepted: (response: string) => void;
  readonly onFailed: (failure: SmtpFailure, hasBegun: boolean) => void;
}

/** The code of a failure: the server doesn't answer pipelined commands. No byte of the message was sent. */
export const STALLED = "ESTALLED";

interface Entry extends Handover {
  isSaid: boolean;
  /** Whether its envelope was sent behind another message, without waiting. */
  isBehind: boolean;
  hasBegun: boolean;
  /** The refusal of MAIL or RCPT. */
  refusal?: SmtpFailure;
}

type Command = "MAIL FROM" | "RCPT TO" | "DATA" | "RSET";

/** A reply that is still to come. `empty`: the reply to the empty message that ends DATA after a refused envelope. */
interface Expected {
  readonly entry: Entry;
  readonly to: Command | "message" | "empty";
}

/**
 * Sends messages over one connection, one after the other (RFC 5321 §3.3). If the server offers PIPELINING, the envelope of
 * the next message goes out with the message before it (RFC 2920 §3.1). Each message then takes one round trip and one
 * write. Of two messages in flight, only the first can have begun.
 *
 * Some servers offer PIPELINING, but lose the commands that follow another one. Until the server has answered an envelope
 * behind a message, a short silence between commands therefore ends the connection.
 */
export class Conversation {
  readonly #socket: Socket;
  readonly #options: ConversationOptions;
  readonly #reader = new ReplyReader();
  readonly #entries: Entry[] = [];
  readonly #expected: Expected[] = [];
  /** The parts of the write that is being prepared. */
  #gathered: Buffer[] | undefined;
  #needsReset = false;
  #isOver = false;
  #isCalledOff = false;
  #isProven: boolean;
  #timer: NodeJS.Timeout | undefined;
  #stallTimer: NodeJS.Timeout | undefined;

  /** `socket` is encrypted and logged in, and has no other listener. */
  constructor(socket: Socket, options: ConversationOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#isProven = options.isPipeliningProven || !options.isPipelining;
    socket.setTimeout(options.replyMs);
    socket.on("timeout", () => this.#endIfSilent("ETIMEDOUT"));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      this.#end(failure(error.code ?? "ESOCKET")),
    );
    socket.on("end", () => this.#end(failure("ECONNECTION")));
    socket.on("close", () => this.#end(failure("ECONNECTION")));
    socket.on("data", (chunk: Buffer) => this.#hear(chunk));
    socket.resume();
  }

  get isOpen(): boolean {
    return !this.#isOver;
  }

  /** Whether another message can be sent: one at a time, and with PIPELINING a second one behind a message that has begun. */
  get hasRoom(): boolean {
    const [first, second] = this.#entries;
    if (this.#isOver || second) return false;
    return !first || (this.#options.isPipelining && first.hasBegun);
  }

  /** Sends a message. While another message is in flight, only its envelope is sent. */
  send(handover: Handover): void {
    this.#entries.push({ ...handover, isSaid: false, isBehind: false, hasBegun: false });
    if (this.#entries.length === 1) this.#startTimer();
    this.#goOn();
  }

  /** Rejects the messages that have not begun, and begins no other message. A message that has begun gets its reply. */
  callOff(): void {
    this.#isCalledOff = true;
    if (this.#entries[0]?.hasBegun === false) return this.#end(failure("ECONNECTION"));
    for (const { onFailed } of this.#entries.splice(1)) onFailed(failure("ECONNECTION"), false);
  }

  /** Sends QUIT, and waits at most `waitMs` for the server to close. It may only be called when nothing is in flight. */
  async quit(waitMs: number): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    const closed = new Promise<void>((resolve) => this.#socket.once("close", () => resolve()));
    const timer = setTimeout(() => this.#socket.destroy(), waitMs);
    this.#socket.end("QUIT\r\n");
    await closed;
    clearTimeout(timer);
  }

  /** Sends the commands that may be sent now. */
  #goOn(): void {
    const [first, second] = this.#entries;
    if (first && !first.isSaid) this.#say(first);
    // Before the first message begins, the envelope of the second would come between its envelope and its text.
    else if (second && !second.isSaid && first?.hasBegun) {
      second.isBehind = true;
      this.#say(second);
    }
  }

  #say(entry: Entry): void {
    entry.isSaid = true;
    const envelope = Buffer.from(this.#envelope(entry));
    if (this.#gathered) this.#gathered.push(envelope);
    else this.#socket.write(envelope);
    if (!entry.isBehind) this.#watchForStall();
  }

  /** Limits the silence while the next replies are to commands before a message. */
  #watchForStall(): void {
    if (this.#isProven) return;
    clearTimeout(this.#stallTimer);
    const { replyMs } = this.#options;
    const patienceMs = Math.min(LONGEST_STALL_MS, replyMs / SHARE_OF_STALL);
    this.#stallTimer = setTimeout(() => this.#endIfSilent(STALLED), patienceMs);
  }

  /** The commands that may be sent at once. Their replies are expected from now on. */
  #envelope(entry: Entry): string {
    const reset = this.#needsReset ? [this.#command("RSET", entry)] : [];
    this.#needsReset = false;
    const all = ["MAIL FROM", "RCPT TO", "DATA"] as const;
    if (!this.#options.isPipelining) return reset[0] ?? this.#command("MAIL FROM", entry);
    return [...reset, ...all.map((command) => this.#command(command, entry))].join("");
  }

  #command(command: Command, entry: Entry): string {
    this.#expected.push({ entry, to: command });
    const { from, to } = entry.message.envelope;
    if (command === "RCPT TO") return `RCPT TO:<${to}>\r\n`;
    if (command !== "MAIL FROM") return `${command}\r\n`;
    return `MAIL FROM:<${from}>${this.#options.parametersFor(entry.message)}\r\n`;
  }

  #hear(chunk: Buffer): void {
    for (const reply of this.#reader.read(chunk)) {
      if (this.#isOver) return;
      this.#answer(reply);
    }
    if (this.#reader.isEndless) this.#end(failure("EPROTOCOL"));
  }

  /** Called with the reply to DATA, which is the last reply to an envelope. */
  #noteAnswered({ isBehind }: Entry): void {
    if (this.#isProven) return;
    clearTimeout(this.#stallTimer);
    this.#isProven = isBehind;
    if (isBehind) this.#options.onPipeliningProven();
  }

  #answer(reply: ServerReply): void {
    const expected = this.#expected.shift();
    if (!expected) return this.#end(failure(reply.code === 421 ? "ECONNECTION" : "EPROTOCOL"));
    const { entry, to } = expected;
    if (!this.#isSense(reply, to)) return this.#end(failure("EPROTOCOL", { reply }));
    // After 421 the server closes the connection, whatever the command was (RFC 5321 §3.8).
    if (reply.code === 421) {
      this.#settle(entry, refusalOf(to, reply));
      return this.#end(failure("ECONNECTION"));
    }
    if (to === "RSET") return this.#afterReset(entry, reply);
    if (to === "MAIL FROM" || to === "RCPT TO") return this.#afterEnvelope(entry, to, reply);
    if (to === "DATA") return this.#afterData(entry, reply);
    if (to === "empty") return this.#settle(entry, entry.refusal);
    return isYes(reply)
      ? this.#settle(entry, reply.text)
      : this.#settle(entry, refusalOf(to, reply));
  }

  /** Whether a reply can answer the command. After a reply that can't, no further reply can be matched to its command. */
  #isSense({ code }: ServerReply, to: Expected["to"]): boolean {
    if (code >= 400 && code < 600) return true;
    // Some servers reply 250 instead of 354. With PIPELINING, 250 may be the reply to another command.
    const isGo = code >= 300 && code < 400;
    const isYes = code >= 200 && code < 300;
    return to === "DATA" ? isGo || (isYes && !this.#options.isPipelining) : isYes;
  }

  #afterReset(entry: Entry, reply: ServerReply): void {
    if (!isYes(reply)) return this.#end(failure("ECONNECTION"));
    if (!this.#options.isPipelining) this.#socket.write(this.#command("MAIL FROM", entry));
  }

  #afterEnvelope(entry: Entry, to: "MAIL FROM" | "RCPT TO", reply: ServerReply): void {
    if (!isYes(reply)) entry.refusal ??= refusalOf(to, reply);
    if (this.#options.isPipelining) return this.#watchForStall();
    if (entry.refusal) return this.#settle(entry, entry.refusal);
    this.#socket.write(this.#command(to === "MAIL FROM" ? "RCPT TO" : "DATA", entry));
  }

  #afterData(entry: Entry, reply: ServerReply): void {
    this.#noteAnswered(entry);
    if (reply.code >= 400) return this.#settle(entry, entry.refusal ?? refusalOf("DATA", reply));
    if (!entry.refusal && entry.begin) return void this.#ask(entry, entry.begin);
    if (!entry.refusal) return this.#handOver(entry);
    // A server that accepts DATA after it refused the sender might deliver the empty message.
    if (entry.refusal.command === "MAIL FROM") {
      this.#settle(entry, entry.refusal);
      return this.#end(failure("ECONNECTION"));
    }
    this.#expected.push({ entry, to: "empty" });
    this.#socket.write(".\r\n");
  }

  async #ask(entry: Entry, begin: () => Promise<boolean>): Promise<void> {
    const mayBegin = await begin().catch(() => false);
    if (this.#isOver) return;
    if (mayBegin) this.#handOver(entry);
    else this.#end(failure("ECONNECTION"));
  }

  /** Sends the message, its end, and the next envelope in one write. Copying them costs less than writing several parts. */
  #handOver(entry: Entry): void {
    entry.hasBegun = true;
    this.#expected.push({ entry, to: "message" });
    const gathered = [...readyParts(entry.message), END];
    this.#gathered = gathered;
    this.#options.onRoom();
    this.#goOn();
    this.#gathered = undefined;
    this.#socket.write(Buffer.concat(gathered));
  }

  /** Ends the first message. `result` is the server's text if it was accepted, or the failure. */
  #settle(entry: Entry, result: string | SmtpFailure | undefined): void {
    this.#entries.shift();
    const [next] = this.#entries;
    if (next) this.#startTimer();
    if (next?.isBehind) this.#watchForStall();
    // The server still has the envelope of a message that did not begin.
    if (!entry.hasBegun) this.#needsReset = true;
    // The server may have the envelope of a message that was called off.
    if (this.#isCalledOff) this.#end(failure("ECONNECTION"));
    if (typeof result === "string") entry.onAccepted(result);
    else entry.onFailed(result ?? failure("ECONNECTION"), entry.hasBegun);
    if (!this.#isOver) this.#goOn();
  }

  /** Starts the timer for the first message. It has no effect if nothing is in flight when it fires. */
  #startTimer(): void {
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#timeOut(), this.#options.sendMs);
  }

  #timeOut(): void {
    const [first] = this.#entries;
    setImmediate(() => first && first === this.#entries[0] && this.#end(failure("ETIMEDOUT")));
  }

  /**
   * Ends the connection after a silence. If this process itself was stopped, a reply may wait in the socket. Node runs timers
   * before it reads sockets, and immediates after that, so an immediate shows whether bytes have come.
   */
  #endIfSilent(code: string): void {
    const { bytesRead } = this.#socket;
    setImmediate(() => bytesRead === this.#socket.bytesRead && this.#end(failure(code)));
  }

  /** Ends the connection. Messages that hadn't begun can be sent over another connection. */
  #end(why: SmtpFailure): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#stallTimer);
    this.#socket.destroy();
    const [first, ...others] = this.#entries.splice(0);
    first?.onFailed(why, first.hasBegun);
    for (const other of others) {
      // A server that is silent for one reader of a domain would be silent for the next one too.
      const isSilent = why.code === "ETIMEDOUT" && first && haveOneDomain(first, other);
      other.onFailed(isSilent ? why : failure("ECONNECTION"), other.hasBegun);
    }
  }
}

function haveOneDomain({ message: one }: Entry, { message: other }: Entry): boolean {
  return domainOf(one.envelope.to) === domainOf(other.envelope.to);
}

function isYes({ code }: ServerReply): boolean {
  return code >= 200 && code < 300;
}

/** A failure in nodemailer's form, so that `smtpError` handles both. */
function failure(
  code: string,
  { reply, command }: { readonly reply?: ServerReply; readonly command?: string } = {},
): SmtpFailure {
  return Object.assign(new Error(code), {
    code,
    ...(reply && { response: reply.text }),
    ...(reply && reply.code > 0 && { responseCode: reply.code }),
    ...(command !== undefined && { command }),
  });
}

function refusalOf(to: Expected["to"], reply: ServerReply): SmtpFailure {
  const isMessage = to === "message" || to === "empty";
  return failure(isMessage ? "EMESSAGE" : "EENVELOPE", { reply, command: isMessage ? "DATA" : to });
}

/** The message in parts that can be sent. In a raw message, dots are doubled (RFC 5321 §4.5.2) and line ends corrected. */
function readyParts(message: Message): readonly Buffer[] {
  if (message.parts) return message.parts;
  const text = message.raw.toString("latin1").replace(/\r\n?|\n/g, "\r\n");
  const ended = text.endsWith("\r\n") ? text : `${text}\r\n`;
  return [Buffer.from(ended.replace(/^\./gm, ".."), "latin1")];
}

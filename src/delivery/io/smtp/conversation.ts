import type { Socket } from "node:net";
import type { Message } from "../../compile-message.ts";
import type { SmtpFailure } from "./smtp-failure.ts";

/** A reply of a server (RFC 5321 §4.2), its lines in one. */
interface ServerReply {
  /** Three digits; 0 where there are none, so that it is no reply. */
  readonly code: number;
  readonly text: string;
}

/** Longer than any reply: a server that sends more doesn't speak SMTP. */
const LONGEST = 1024 * 1024;

/** Parses replies. Bytes go in as they come, and complete replies come out. */
class ReplyReader {
  #rest = "";
  #lines: string[] = [];
  #size = 0;

  /** Whether a reply is longer than any can be. */
  get isEndless(): boolean {
    return this.#size + this.#rest.length > LONGEST;
  }

  read(chunk: Buffer): ServerReply[] {
    const replies: ServerReply[] = [];
    // Each byte as a character, since a UTF-8 sequence may be split over two chunks.
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

/** UTF-8 where the bytes are valid; else each byte is a character of Latin-1. */
function decoded(bytes: string): string {
  const text = Buffer.from(bytes, "latin1").toString();
  return text.includes("\uFFFD") ? bytes : text;
}

export interface ConversationOptions {
  /** Whether commands may follow each other without waiting for the answers (RFC 2920). */
  readonly isPipelining: boolean;
  /** The parameters of MAIL FROM for a message. */
  readonly parametersFor: (message: Message) => string;
  /** The longest silence. */
  readonly replyMs: number;
  /** One message from first to last. */
  readonly sendMs: number;
}

/** A message that failed: the failure in nodemailer's form, and whether any of the message had been sent. */
export class ConversationError extends Error {
  override readonly name = "ConversationError";
  readonly failure: SmtpFailure;
  readonly hasBegun: boolean;

  constructor(failure: SmtpFailure, hasBegun: boolean) {
    super(failure.message);
    this.failure = failure;
    this.hasBegun = hasBegun;
  }
}

interface Entry {
  readonly message: Message;
  readonly resolve: (response: string) => void;
  readonly reject: (error: ConversationError) => void;
  isSaid: boolean;
  hasBegun: boolean;
  /** The refusal of MAIL or RCPT, where one was refused. */
  refusal?: SmtpFailure;
}

type Command = "MAIL FROM" | "RCPT TO" | "DATA" | "RSET";

/** An answer that is still to come. `empty`: to the empty message that ends DATA after a refused envelope. */
interface Expected {
  readonly entry: Entry;
  readonly to: Command | "message" | "empty";
}

/**
 * Messages over one connection, one after the other (RFC 5321 §3.3). Where the server offers PIPELINING, the envelope
 * of the next message goes out with the message before it (RFC 2920 §3.1), so that each takes one round trip and one
 * write. Of two messages that are in flight only the first can have begun.
 */
export class Conversation {
  readonly #socket: Socket;
  readonly #options: ConversationOptions;
  readonly #reader = new ReplyReader();
  readonly #entries: Entry[] = [];
  readonly #expected: Expected[] = [];
  #needsReset = false;
  #isOver = false;
  #isCalledOff = false;
  #timer: NodeJS.Timeout | undefined;

  /** `socket` is encrypted and logged in, and has no other listener. */
  constructor(socket: Socket, options: ConversationOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setTimeout(options.replyMs);
    socket.on("timeout", () => this.#end(failure("ETIMEDOUT")));
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

  /** How many messages may be in flight. */
  get capacity(): number {
    return this.#options.isPipelining ? 2 : 1;
  }

  /** Resolves with the server's words when it has accepted the message; rejects with a ConversationError. */
  async send(message: Message): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new ConversationError(failure("ECONNECTION"), false));
        return;
      }
      this.#entries.push({ message, resolve, reject, isSaid: false, hasBegun: false });
      if (this.#entries.length === 1) this.#startTimer();
      this.#goOn();
    });
  }

  /** Rejects the messages that have not begun, and begins no other one. A message that has begun gets its answer. */
  callOff(): void {
    this.#isCalledOff = true;
    if (this.#entries[0]?.hasBegun === false) return this.#end(failure("ECONNECTION"));
    for (const { reject } of this.#entries.splice(1)) {
      reject(new ConversationError(failure("ECONNECTION"), false));
    }
  }

  /** Sends QUIT, and waits a moment for the server to close. Only when nothing is in flight. */
  async quit(waitMs: number): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
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
    // Before the first message has begun, the envelope of the second would come in between.
    else if (second && !second.isSaid && first?.hasBegun) this.#say(second);
  }

  #say(entry: Entry): void {
    entry.isSaid = true;
    this.#socket.write(this.#envelope(entry));
  }

  /** The commands that may be sent at once. Their answers are expected from now on. */
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

  #answer(reply: ServerReply): void {
    const expected = this.#expected.shift();
    if (!expected) return this.#end(failure(reply.code === 421 ? "ECONNECTION" : "EPROTOCOL"));
    const { entry, to } = expected;
    if (!this.#isSense(reply, to)) return this.#end(failure("EPROTOCOL", { reply }));
    // RFC 5321 §3.8: the server closes the connection, whatever the command was.
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

  /** Whether a reply can answer the command. After one that can't, no reply can be matched to its command. */
  #isSense({ code }: ServerReply, to: Expected["to"]): boolean {
    if (code >= 400 && code < 600) return true;
    // Some servers say 250 for 354. With PIPELINING that may be the answer to another command.
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
    if (this.#options.isPipelining) return;
    if (entry.refusal) return this.#settle(entry, entry.refusal);
    this.#socket.write(this.#command(to === "MAIL FROM" ? "RCPT TO" : "DATA", entry));
  }

  #afterData(entry: Entry, reply: ServerReply): void {
    if (reply.code >= 400) return this.#settle(entry, entry.refusal ?? refusalOf("DATA", reply));
    if (!entry.refusal) return this.#handOver(entry);
    // A server that accepts DATA after it refused the sender might deliver the empty message.
    if (entry.refusal.command === "MAIL FROM") {
      this.#settle(entry, entry.refusal);
      return this.#end(failure("ECONNECTION"));
    }
    this.#expected.push({ entry, to: "empty" });
    this.#socket.write(".\r\n");
  }

  /** Sends the message, its end, and the envelope of the next one, in one write. */
  #handOver(entry: Entry): void {
    entry.hasBegun = true;
    this.#expected.push({ entry, to: "message" });
    this.#socket.cork();
    for (const part of readyParts(entry.message)) this.#socket.write(part);
    this.#socket.write(".\r\n");
    this.#goOn();
    this.#socket.uncork();
  }

  /** Ends the first message: accepted, in the server's words, or failed. */
  #settle(entry: Entry, result: string | SmtpFailure | undefined): void {
    this.#entries.shift();
    clearTimeout(this.#timer);
    if (this.#entries.length > 0) this.#startTimer();
    if (typeof result === "string") entry.resolve(result);
    else entry.reject(new ConversationError(result ?? failure("ECONNECTION"), entry.hasBegun));
    // The server still has the envelope of a message that wasn't begun.
    if (!entry.hasBegun) this.#needsReset = true;
    // The server may have the envelope of a message that was called off.
    if (this.#isCalledOff) this.#end(failure("ECONNECTION"));
    if (!this.#isOver) this.#goOn();
  }

  #startTimer(): void {
    this.#timer = setTimeout(() => this.#end(failure("ETIMEDOUT")), this.#options.sendMs);
  }

  /** Ends the connection. Messages that hadn't begun can be sent over another one. */
  #end(why: SmtpFailure): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    for (const [at, { reject, hasBegun }] of this.#entries.splice(0).entries()) {
      reject(new ConversationError(at === 0 ? why : failure("ECONNECTION"), hasBegun));
    }
  }
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

/** Parts are ready to send; a raw message gets its dots doubled (RFC 5321 §4.5.2) and its line ends corrected. */
function readyParts(message: Message): readonly Buffer[] {
  if (message.parts) return message.parts;
  const text = message.raw.toString("latin1").replace(/\r\n?|\n/g, "\r\n");
  const ended = text.endsWith("\r\n") ? text : `${text}\r\n`;
  return [Buffer.from(ended.replace(/^\./gm, ".."), "latin1")];
}

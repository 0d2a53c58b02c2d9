import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Fault, FaultServerOptions, Place, Point, Taken } from "./fault-server.ts";

export interface SessionOptions {
  readonly extensions: readonly string[];
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly keepsBodies: boolean;
  readonly losesInput: FaultServerOptions["losesInput"];
  /** Speaks TLS from here on; absent where there is no STARTTLS. */
  readonly upgrade: ((socket: Socket) => TLSSocket) | undefined;
  readonly faultAt: (place: Place) => Fault | undefined;
  readonly onCommand: (line: string) => void;
  readonly onTaken: (message: Taken) => void;
  readonly onHang: () => void;
}

const END = "\r\n.\r\n";

/** One conversation (RFC 5321), up to the point where it goes wrong. */
export class FaultySession {
  #socket: Socket;
  readonly #options: SessionOptions;
  /** Bytes as characters: what came and isn't dealt with yet. */
  #rest = "";
  #isInBody = false;
  #begunAt: number | undefined;
  #isDeaf = false;
  /** While an answer is held back nothing else is answered: answers come in the order of the commands. */
  #isBusy = false;
  #isEncrypted: boolean;
  #user: string | undefined;
  #from: string | undefined;
  #to = "";
  readonly #seen = new Map<Point, number>();

  constructor(socket: Socket, options: SessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#isEncrypted = "encrypted" in socket;
    this.#listen();
  }

  greet(): void {
    this.#answer("connect", "220 faults.example ESMTP");
  }

  #listen(): void {
    this.#socket.on("error", () => undefined);
    this.#socket.on("data", (chunk: Buffer) => {
      this.#rest += chunk.toString("latin1");
      this.#read();
    });
  }

  #read(): void {
    while (!this.#isDeaf && !this.#isBusy) {
      if (this.#isInBody) {
        if (!this.#readBody()) return;
      } else if (!this.#readLine()) return;
    }
  }

  /** Whether there was a whole line to deal with. */
  #readLine(): boolean {
    const end = this.#rest.indexOf("\r\n");
    if (end < 0) return false;
    const line = Buffer.from(this.#rest.slice(0, end), "latin1").toString();
    this.#rest = this.#options.losesInput === "behind a command" ? "" : this.#rest.slice(end + 2);
    this.#options.onCommand(line);
    this.#obey(line);
    return true;
  }

  #readBody(): boolean {
    if (this.#rest !== "") this.#begunAt ??= Date.now();
    if (this.#rest !== "" && this.#fails("body")) return true;
    const text = `\r\n${this.#rest}`;
    const end = text.indexOf(END);
    if (end < 0) return false;
    const body = text.slice(2, end + 2).replace(/(?<=^|\r\n)\.\./g, ".");
    this.#rest = this.#options.losesInput ? "" : text.slice(end + END.length);
    this.#isInBody = false;
    this.#take(body);
    return true;
  }

  #obey(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? "";
    if (verb === "EHLO") this.#answer("EHLO", this.#capabilities());
    else if (verb === "HELO") this.#answer("HELO", "250 faults.example");
    else if (verb === "STAR") this.#startTls();
    else if (verb === "AUTH") this.#authenticate(line);
    else if (verb === "MAIL") this.#answer("MAIL", "250 2.1.0 ok", () => (this.#from = address));
    else if (verb === "RCPT") this.#receiver(address);
    else if (verb === "DATA") this.#data();
    else if (verb === "RSET") this.#reset("250 2.0.0 ok");
    else if (verb === "QUIT") this.#socket.end("221 2.0.0 bye\r\n");
    else this.#say("500 5.5.1 what?");
  }

  #capabilities(): string {
    const { extensions, upgrade, login } = this.#options;
    const all = [
      "faults.example",
      ...extensions,
      ...(upgrade && !this.#isEncrypted ? ["STARTTLS"] : []),
      ...(login ? ["AUTH PLAIN LOGIN"] : []),
    ];
    return all.map((word, at) => `250${at === all.length - 1 ? " " : "-"}${word}`).join("\r\n");
  }

  #startTls(): void {
    const { upgrade } = this.#options;
    if (!upgrade) return this.#say("502 5.5.1 no TLS here");
    this.#answer("STARTTLS", "220 2.0.0 go ahead", () => {
      const plain = this.#socket;
      plain.removeAllListeners("data");
      this.#socket = upgrade(plain);
      this.#isEncrypted = true;
      this.#listen();
    });
  }

  #authenticate(line: string): void {
    const { user = "", password = "" } = this.#options.login ?? {};
    const expected = Buffer.from(`\0${user}\0${password}`).toString("base64");
    if (line !== `AUTH PLAIN ${expected}`) return this.#say("535 5.7.8 bad credentials");
    this.#answer("AUTH", "235 2.7.0 welcome", () => (this.#user = user));
  }

  #receiver(address: string): void {
    if (this.#options.login && this.#user === undefined) return this.#say("530 5.7.0 log in");
    if (this.#from === undefined) return this.#say("503 5.5.1 who from?");
    this.#to = address;
    if (this.#fails("RCPT")) this.#to = "";
    else this.#say("250 2.1.5 ok");
  }

  #data(): void {
    if (this.#to === "") return this.#say("503 5.5.1 who for?");
    this.#answer("DATA", "354 go on", () => {
      this.#isInBody = true;
      this.#begunAt = undefined;
    });
  }

  #take(body: string): void {
    const fault = this.#faultAt("dot");
    if (!fault || fault.keeps) this.#options.onTaken(this.#message(body));
    if (fault) this.#reset(undefined, () => this.#carryOut(fault));
    else this.#reset("250 2.0.0 queued as 7");
    if (!fault) this.#fails("after");
  }

  #message(body: string): Taken {
    const messageId = apart(/^Message-ID: (<[^>]*>)/im.exec(body)?.[1] ?? "");
    const raw = Buffer.from(this.#options.keepsBodies ? body : "", "latin1");
    return {
      from: this.#from ?? "",
      to: this.#to,
      messageId,
      begunAt: this.#begunAt ?? Date.now(),
      isEncrypted: this.#isEncrypted,
      user: this.#user,
      raw,
    };
  }

  #reset(answer: string | undefined, then: () => void = () => undefined): void {
    this.#from = undefined;
    this.#to = "";
    if (answer !== undefined) this.#say(answer);
    then();
  }

  #answer(point: Point, usual: string, onYes: () => void = () => undefined): void {
    if (this.#fails(point)) return;
    this.#say(usual);
    onYes();
  }

  /** Whether it goes wrong at this point; then it has. */
  #fails(point: Point): boolean {
    const fault = this.#faultAt(point);
    if (fault) this.#carryOut(fault);
    return fault !== undefined;
  }

  #faultAt(point: Point): Fault | undefined {
    const nthHere = (this.#seen.get(point) ?? 0) + 1;
    this.#seen.set(point, nthHere);
    return this.#options.faultAt({ point, to: this.#to, nthHere });
  }

  #carryOut({ at, say, do: act, delayMs, after }: Fault): void {
    if (act) this.#isDeaf = true;
    const carryOut = (): void => {
      if (say !== undefined) this.#say(say);
      // A reset drops what the client hasn't read yet: that it goes on shows that it has read the answer.
      if (act === "drop" && at === "after") this.#socket.once("data", () => this.#hangUp());
      else if (act === "drop") this.#hangUp();
      else if (act === "end") this.#socket.end();
      else if (act === "drip") this.#drip();
      else if (act === "hang") this.#options.onHang();
    };
    const carryOutLater = (): void => {
      carryOut();
      this.#isBusy = false;
      this.#read();
    };
    if (delayMs === undefined && !after) return carryOut();
    this.#isBusy = true;
    if (after) void after.then(carryOutLater);
    else setTimeout(carryOutLater, delayMs);
  }

  /** With a reset, as far as that can be had: what was said before is read first. */
  #hangUp(): void {
    if (this.#isEncrypted) this.#socket.destroy();
    else setTimeout(() => this.#socket.resetAndDestroy(), 2);
  }

  #drip(): void {
    const timer = setInterval(() => this.#socket.write("2"), 20);
    this.#socket.on("close", () => clearInterval(timer));
  }

  #say(answer: string): void {
    if (!this.#socket.destroyed) this.#socket.write(`${answer}\r\n`);
  }
}

/** A copy: V8 keeps the whole of a text for as long as a piece of it is kept. */
function apart(piece: string): string {
  return Buffer.from(piece, "latin1").toString("latin1");
}

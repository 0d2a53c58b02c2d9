/** A reply of a server (RFC 5321 §4.2), its lines in one. */
export interface ServerReply {
  /** Three digits; 0 where there are none, so that it is no reply. */
  readonly code: number;
  readonly text: string;
}

/** Longer than any reply: a server that goes on is not one. */
const LONGEST = 1024 * 1024;

/** Puts together what a server says. Bytes go in as they come, and whole replies come out. */
export class ReplyReader {
  #rest = "";
  #lines: string[] = [];
  #size = 0;

  /** Whether it says more than anybody has to say. */
  get isEndless(): boolean {
    return this.#size + this.#rest.length > LONGEST;
  }

  read(chunk: Buffer): ServerReply[] {
    const replies: ServerReply[] = [];
    // Bytes as characters, as one of UTF-8 may come in two chunks.
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

/** UTF-8 where it is that; else each byte stands for itself. */
function decoded(bytes: string): string {
  const text = Buffer.from(bytes, "latin1").toString();
  return text.includes("\uFFFD") ? bytes : text;
}

import PostalMime, { addressParser } from "postal-mime";

/** A header field as written in the message. */
export interface HeaderField {
  /** The name in lower case. */
  readonly name: string;
  /** Unfolded (RFC 5322 §2.2.3); encoded words are not decoded. */
  readonly value: string;
  readonly line: number;
  /** The length of its longest line in bytes, without the line end. */
  readonly longestLine: number;
}

/** A part of a message, or the whole message (RFC 2045, RFC 2046). */
export interface MimePart {
  readonly headers: readonly HeaderField[];
  /** The media type in lower case: `text/html`. */
  readonly type: string;
  /** The declared character set; undefined if none is declared. */
  readonly charset: string | undefined;
  /** The transfer encoding in lower case: `quoted-printable`. */
  readonly encoding: string;
  /** The Content-ID without brackets; "" if the part has none. */
  readonly contentId: string;
  readonly isAttachment: boolean;
  readonly parts: readonly MimePart[];
  readonly line: number;
  /** The sizes in bytes of its encoded body and of the longest line in it. */
  readonly bytes: number;
  readonly longestLine: number;
  /** Whether its encoded body contains a byte above 127. */
  readonly has8Bit: boolean;
}

/** A message: its structure, and its content for readers. */
export interface MailMessage {
  readonly root: MimePart;
  readonly subject: string | undefined;
  /** The addresses in its From field. */
  readonly from: readonly string[];
  /** The HTML of the mail. Several parts are joined. */
  readonly html: string | undefined;
  readonly text: string | undefined;
  readonly bytes: number;
  /** The number of lines that end in CRLF, and of those that end only in LF or CR. */
  readonly lineEnds: { readonly crlf: number; readonly bare: number };
}

/** The parts of a message without parts of their own, in order. */
export function leavesOf(part: MimePart): readonly MimePart[] {
  return part.parts.length === 0 ? [part] : part.parts.flatMap(leavesOf);
}

export function fields({ headers }: MimePart, name: string): readonly HeaderField[] {
  return headers.filter((field) => field.name === name.toLowerCase());
}

/** Parses a message from any bytes. Bytes that are no message give an empty header. */
export async function readMessage(raw: Uint8Array): Promise<MailMessage> {
  const octets = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const crlf = octets.split("\r\n").length - 1;
  const all = octets.split(/\r\n|\n|\r/).length - 1;
  const { html, text, subject } = await decoded(raw);
  const root = mimeStructure(octets);
  return {
    root,
    subject,
    from: addressParser(fields(root, "From")[0]?.value.trim() ?? "", { flatten: true }).map(
      ({ address = "" }) => address,
    ),
    html,
    text,
    bytes: raw.byteLength,
    lineEnds: { crlf, bare: all - crlf },
  };
}

/** The decoder rejects messages with too many parts or too long a header. They have no content here. */
async function decoded(raw: Uint8Array): Promise<Pick<MailMessage, "html" | "text" | "subject">> {
  try {
    const { html, text, subject } = await PostalMime.parse(raw);
    return { html, text, subject };
  } catch {
    return { html: undefined, text: undefined, subject: undefined };
  }
}

/** The maximum nesting of parts. Mails have three levels, but programs may write any number. */
const DEEPEST = 20;
const MOST_PARTS = 1_000;

/**
 * Parses the structure of a message (RFC 2046 §5.1). postal-mime decodes the content but does not return the structure. `raw`
 * has one character per byte.
 */
function mimeStructure(raw: string): MimePart {
  const lines = raw.replace(/^\u00EF\u00BB\u00BF/, "").split(/\r\n|\n|\r/);
  // In an mbox, each message begins with a line of its own (RFC 4155).
  return new Reader(lines).part(lines[0]?.startsWith("From ") ? 1 : 0);
}

class Reader {
  readonly #lines: readonly string[];
  #count = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** Parses the part between two lines. */
  part(from: number, end = this.#lines.length, depth = 0): MimePart {
    this.#count++;
    const bodyAt = this.#bodyAt(from, end);
    const headers = this.#headers(from, bodyAt);
    const valueOf = (name: string) => headers.find((field) => field.name === name)?.value ?? "";
    const type = valueOf("content-type");
    const body = this.#lines.slice(bodyAt, end);
    return {
      headers,
      type: /^[^;\s]+/.exec(type.trim())?.[0].toLowerCase() ?? "text/plain",
      charset: parameter(type, "charset"),
      encoding: valueOf("content-transfer-encoding").trim().toLowerCase() || "7bit",
      contentId: valueOf("content-id").trim().replace(/^<|>$/g, ""),
      isAttachment: /^\s*attachment\b/i.test(valueOf("content-disposition")),
      parts: this.#parts(type, bodyAt, end, depth),
      line: from + 1,
      bytes: body.reduce((sum, line) => sum + line.length + 2, 0),
      longestLine: Math.max(0, ...body.slice(0, MOST_LINES).map((line) => line.length)),
      has8Bit: body.some((line) => /[\u0080-\u00FF]/.test(line)),
    };
  }

  /** A header ends at the first empty line or, in damaged messages, at a line that is no field. */
  #bodyAt(from: number, end: number): number {
    for (let at = from; at < end; at++) {
      const line = this.#lines[at] ?? "";
      if (line === "") return at + 1;
      if (!/^(?:[\x21-\x39\x3B-\x7E]+[ \t]*:|[ \t])/.test(line)) return at;
    }
    return end;
  }

  #headers(from: number, end: number): HeaderField[] {
    const fields: { name: string; value: string; line: number; longestLine: number }[] = [];
    for (const [index, line] of this.#lines.slice(from, end).entries()) {
      const last = fields.at(-1);
      const [, name, value = ""] = /^([^\s:]+)[ \t]*:(.*)$/s.exec(line) ?? [];
      if (name !== undefined) {
        fields.push({
          name: name.toLowerCase(),
          value,
          line: from + index + 1,
          longestLine: line.length,
        });
      } else if (last && /^[ \t]/.test(line)) {
        last.value += line;
        last.longestLine = Math.max(last.longestLine, line.length);
      }
    }
    return fields.map(({ name, value, line, longestLine }) => {
      return { name, value: decodedWord(value).trim(), line, longestLine };
    });
  }

  #parts(type: string, from: number, end: number, depth: number): MimePart[] {
    const boundary = parameter(type, "boundary");
    if (!/^\s*multipart\//i.test(type) || boundary === undefined || depth >= DEEPEST) return [];
    const starts: number[] = [];
    let last = end;
    for (let at = from; at < end; at++) {
      const line = (this.#lines[at] ?? "").trimEnd();
      if (line === `--${boundary}--`) {
        last = at;
        break;
      }
      if (line === `--${boundary}`) starts.push(at + 1);
    }
    return starts
      .slice(0, Math.max(0, MOST_PARTS - this.#count))
      .map((start, index) => this.part(start, (starts[index + 1] ?? last + 1) - 1, depth + 1));
  }
}

/**
 * The maximum number of lines examined, because a function call takes no more arguments. The longest line of a mail is near
 * its beginning.
 */
const MOST_LINES = 50_000;

/** A parameter of a structured field (RFC 2045 §5.1), with or without quotes. */
function parameter(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s"]+))`, "i").exec(value);
  return found?.[1] ?? found?.[2];
}

/** Bytes above ASCII can only be UTF-8 (RFC 6532 §3). */
function decodedWord(value: string): string {
  return /[\u0080-\u00FF]/.test(value) ? Buffer.from(value, "latin1").toString("utf8") : value;
}

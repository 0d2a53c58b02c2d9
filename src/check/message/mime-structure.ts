import type { HeaderField, MimePart } from "./mail-message.ts";

/** Parts in parts; mail has three levels, and a machine may write any number. */
const DEEPEST = 20;
const MOST_PARTS = 1_000;

/**
 * The parts of a message, as RFC 2046 §5.1 parts them. postal-mime, which decodes what is in them, doesn't
 * say how they stand. `raw` has a character for each octet.
 */
export function mimeStructure(raw: string): MimePart {
  const lines = raw.replace(/^\u00EF\u00BB\u00BF/, "").split(/\r\n|\n|\r/);
  // Mailboxes of Unix begin each message with a line of their own (RFC 4155).
  return new Reader(lines).part(lines[0]?.startsWith("From ") ? 1 : 0);
}

class Reader {
  readonly #lines: readonly string[];
  #count = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** The part that begins at a line and ends before another. */
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

  /** A header ends at the first empty line; what is no field ends it too, in messages that are broken. */
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
      return { name, value: decoded(value).trim(), line, longestLine };
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

/** So many arguments a function may have; the longest lines of a mail stand at its beginning or nowhere. */
const MOST_LINES = 50_000;

/** A parameter of a structured field (RFC 2045 §5.1), in quotes or not. */
function parameter(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s"]+))`, "i").exec(value);
  return found?.[1] ?? found?.[2];
}

/** Octets above ASCII are UTF-8, if anything (RFC 6532 §3). */
function decoded(value: string): string {
  return /[\u0080-\u00FF]/.test(value) ? Buffer.from(value, "latin1").toString("utf8") : value;
}

import { ofShared } from "./of-shared.ts";

/** A header field as DKIM's "relaxed" has it (RFC 6376 §3.4.2), without its line end. */
export function relaxedField(field: string): string {
  const colon = field.indexOf(":");
  const value = field.slice(colon + 1).replace(/[\r\n\t ]+/g, " ");
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`;
}

/**
 * A body as DKIM's "relaxed" has it (RFC 6376 §3.4.4), in parts as it came. What we compile has that form
 * already, which a look for what it must not hold tells without reading it line by line.
 */
export function relaxedBody(body: readonly Buffer[]): readonly Buffer[] {
  if (isRelaxed(body)) return body;
  const text = Buffer.concat(body)
    .toString("latin1")
    .replace(/[\t ]+/g, " ")
    .replace(/ (?=\r\n|$)/g, "")
    .replace(/(?:\r\n)*$/, "\r\n");
  return [Buffer.from(text === "\r\n" ? "" : text, "latin1")];
}

const SPACE = 0x20;

function isRelaxed(body: readonly Buffer[]): boolean {
  const last = body.at(-1) ?? Buffer.alloc(0);
  const end = last.toString("latin1", Math.max(0, last.length - 4));
  // No white space may run from one part into the next.
  return /[^\r\n]\r\n$/.test(end) && body.every((part) => part.at(-1) !== SPACE && isTidy(part));
}

const isTidy = ofShared(
  (part) => !["  ", " \r\n", "\t"].some((space) => part.includes(space, 0, "latin1")),
);

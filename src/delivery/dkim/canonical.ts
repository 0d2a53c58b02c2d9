/** A header field as DKIM's "relaxed" has it (RFC 6376 §3.4.2), without its line end. */
export function relaxedField(field: string): string {
  const colon = field.indexOf(":");
  const value = field.slice(colon + 1).replace(/[\r\n\t ]+/g, " ");
  return `${field.slice(0, colon).trim().toLowerCase()}:${value.trim()}`;
}

/**
 * A body as DKIM's "relaxed" has it (RFC 6376 §3.4.4). What we compile has that form already, which a
 * look for what it must not hold tells without reading it line by line.
 */
export function relaxedBody(body: Buffer): Buffer {
  if (isRelaxed(body)) return body;
  const text = body
    .toString("latin1")
    .replace(/[\t ]+/g, " ")
    .replace(/ (?=\r\n|$)/g, "")
    .replace(/(?:\r\n)*$/, "\r\n");
  return Buffer.from(text === "\r\n" ? "" : text, "latin1");
}

function isRelaxed(body: Buffer): boolean {
  const end = body.toString("latin1", Math.max(0, body.length - 4));
  if (!/[^\r\n]\r\n$/.test(end)) return false;
  return !["  ", " \r\n", "\t"].some((space) => body.includes(space, 0, "latin1"));
}

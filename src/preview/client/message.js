/**
 * What stands in a message, for people: its header fields and its parts.
 * @typedef {{ name: string, value: string }} Field
 * @typedef {{ depth: number, type: string, about: string, bytes: number }} MessagePart
 */

/**
 * The header fields, unfolded and decoded (RFC 5322 §2.2.3, RFC 2047).
 * @param {string} source
 * @returns {Field[]}
 */
export function headerFields(source) {
  const [head = ""] = source.split(/\r?\n\r?\n/, 1);
  return head
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/)
    .filter((line) => line.includes(":"))
    .map((line) => ({
      name: line.slice(0, line.indexOf(":")),
      value: decodedWords(line.slice(line.indexOf(":") + 1).trim()),
    }));
}

/** @param {string} text */
function decodedWords(text) {
  return text
    .replace(/(\?=)\s+(?==\?)/g, "$1")
    .replace(/=\?([\w-]+)(?:\*[\w-]+)?\?([BQ])\?([^?]*)\?=/gi, (word, charset, encoding, code) => {
      try {
        const bytes = /b/i.test(encoding) ? atob(code) : unquoted(code.replaceAll("_", " "));
        return new TextDecoder(charset).decode(bytesOf(bytes));
      } catch {
        return word;
      }
    });
}

/** @param {string} code Quoted-printable (RFC 2045 §6.7). */
function unquoted(code) {
  return code.replace(/=([0-9A-F]{2})/gi, (_code, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** @param {string} binary A byte a character. */
export function bytesOf(binary) {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/**
 * The parts of a message in the order in which they stand (RFC 2046 §5.1).
 * @param {string} source
 * @returns {MessagePart[]}
 */
export function messageParts(source, depth = 0) {
  const at = source.search(/\r?\n\r?\n/);
  const fields = headerFields(source);
  const value = (/** @type {string} */ name) =>
    fields.find((field) => field.name.toLowerCase() === name)?.value ?? "";
  const type = value("content-type") || "text/plain";
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  const about = [value("content-transfer-encoding"), value("content-id"), nameIn(type)];
  const part = {
    depth,
    type: type.split(";", 1)[0]?.trim() ?? "",
    about: about.filter(Boolean).join(", "),
    bytes: source.length,
  };
  if (boundary === undefined || depth > 8) return [part];
  const body = source.slice(at);
  const pieces = body.split(`--${boundary}`).slice(1, -1);
  return [part, ...pieces.flatMap((piece) => messageParts(piece.replace(/^\r?\n/, ""), depth + 1))];
}

/** @param {string} type */
function nameIn(type) {
  return /name="?([^";]+)"?/i.exec(type)?.[1];
}

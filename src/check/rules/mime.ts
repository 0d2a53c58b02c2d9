import { leavesOf, type MimePart } from "../message/mail-message.ts";
import { type Fault, faultAt, messageRule, NothingToCheck, type Rule } from "../rule.ts";

/** RFC 5322 §2.1.1, without the line end; RFC 2045 §6.7 (5), §6.8 for what is encoded. */
const LONGEST_LINE = 998;
const LONGEST_ENCODED = 76;

/** Servers take 10 MB and more, but a reader's mailbox and patience are smaller. */
const LARGE_BYTES = 2 * 1024 * 1024;

/** How the parts of a message stand, and how they are encoded. */
export const MIME_RULES: readonly Rule[] = [
  messageRule({
    id: "message-parts",
    severity: "error",
    what: "The message has a text and an HTML part of the same, the text first",
    source: "RFC 2046 §5.1.4",
    fix: "send multipart/alternative with text/plain first and text/html last",
    run: ({ root }) => {
      const shown = leavesOf(root).filter(({ isAttachment }) => !isAttachment);
      const types = new Set(shown.map(({ type }) => type));
      const alternatives = alternativesIn(root);
      if (!types.has("text/html"))
        return [
          {
            message: "The message has no HTML part",
            severity: types.has("text/plain") ? "warning" : "error",
          },
        ];
      if (!types.has("text/plain"))
        return [
          {
            message:
              "The message has no text part: watches, some readers and spam filters want one",
          },
        ];
      if (!alternatives)
        return [
          {
            message:
              "The text and the HTML part are not alternatives of each other: readers see both",
          },
        ];
      const order = alternatives.parts.map(kindOf);
      const [text, html] = [order.indexOf("text/plain"), order.lastIndexOf("text/html")];
      if (html < text)
        return faultAt(
          alternatives.parts.slice(0, 1).map(placeOf),
          "The text part comes after the HTML part, and programs show the last",
        );
      if (html === order.length - 1) return [];
      return faultAt(
        alternatives.parts.slice(-1).map(placeOf),
        `The last alternative is ${order.at(-1)}, and programs show the last`,
        { severity: "warning" },
      );
    },
  }),
  messageRule({
    id: "message-charset",
    severity: "error",
    what: "Text is UTF-8, and says so",
    source: "RFC 2046 §4.1.2, RFC 6657 §3",
    fix: "write Content-Type: text/html; charset=utf-8, and encode the part in it",
    run: ({ root }) =>
      textParts(root).flatMap((part) => {
        const says = `The ${part.type} part`;
        if (part.charset === undefined)
          return part.has8Bit
            ? faultAt([placeOf(part)], `${says} doesn't say its charset`)
            : faultAt([placeOf(part)], `${says} doesn't say its charset`, { severity: "info" });
        if (/^(?:utf-?8|us-ascii)$/i.test(part.charset)) return [];
        return isCharset(part.charset)
          ? faultAt([placeOf(part)], `${says} is in ${part.charset}`, { severity: "warning" })
          : faultAt([placeOf(part)], `${says} is in "${part.charset}", which no program knows`);
      }),
  }),
  messageRule({
    id: "message-encoding",
    severity: "error",
    what: "Every part is encoded as it says, in lines that every server takes",
    source: "RFC 5322 §2.1.1, RFC 2045 §2.7, §6.7",
    fix: "encode it as quoted-printable or base64",
    run: ({ root }) => leavesOf(root).flatMap(encodingFaults),
  }),
  messageRule({
    id: "message-line-ends",
    severity: "warning",
    what: "Lines end in CR LF, all of them",
    source: "RFC 5322 §2.3, RFC 5321 §2.3.8",
    fix: "end every line with CR LF",
    run: ({ lineEnds: { crlf, bare } }) => {
      // A file on a Unix disk often has LF alone: what sends it mends that.
      if (crlf === 0)
        return new NothingToCheck("the file has the line ends of a text on this system");
      return bare === 0
        ? []
        : [
            {
              message: `${bare} lines end in LF or CR alone: servers differ in what they make of it`,
            },
          ];
    },
  }),
  messageRule({
    id: "message-size",
    severity: "warning",
    what: "The message is under 2 MB",
    source: "RFC 1870; Outlook.com and others delay what is larger",
    fix: "put the pictures onto a server: images.baseUrl in the config",
    run: ({ bytes }) =>
      bytes <= LARGE_BYTES
        ? []
        : [{ message: `The message is ${(bytes / 1024 / 1024).toFixed(1)} MB` }],
  }),
];

function placeOf({ line }: MimePart): { readonly line: number } {
  return { line };
}

/** The first multipart/alternative, wherever it stands. */
function alternativesIn(part: MimePart): MimePart | undefined {
  if (part.type === "multipart/alternative") return part;
  return part.parts.map(alternativesIn).find((found) => found !== undefined);
}

/** An HTML part with its pictures is one alternative. */
function kindOf(part: MimePart): string {
  return part.parts.length > 0 ? (kindOfFirst(part) ?? part.type) : part.type;
}

function kindOfFirst({ parts }: MimePart): string | undefined {
  const [first] = parts;
  return first && kindOf(first);
}

function textParts(root: MimePart): MimePart[] {
  return leavesOf(root).filter(
    ({ type, isAttachment }) => /^text\/(?:plain|html)$/.test(type) && !isAttachment,
  );
}

function isCharset(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== "";
  } catch {
    return false;
  }
}

function encodingFaults(part: MimePart): Fault[] {
  const { encoding, longestLine, has8Bit, type } = part;
  const at = [placeOf(part)];
  const isEncoded = encoding === "base64" || encoding === "quoted-printable";
  if (!/^(?:7bit|8bit|binary|base64|quoted-printable)$/.test(encoding))
    return faultAt(at, `The ${type} part is encoded in "${encoding}", which no program knows`);
  if (has8Bit && (isEncoded || encoding === "7bit"))
    return faultAt(at, `The ${type} part says that it is ${encoding}, and isn't`);
  if (longestLine > LONGEST_LINE)
    return faultAt(
      at,
      `A line of the ${type} part is ${longestLine} octets long, and ${LONGEST_LINE} are allowed`,
    );
  if (isEncoded && longestLine > LONGEST_ENCODED)
    return faultAt(
      at,
      `A line of the ${type} part is ${longestLine} octets long, where ${encoding} has ${LONGEST_ENCODED}`,
      { severity: "warning" },
    );
  return [];
}

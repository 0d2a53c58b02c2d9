import { leavesOf, type MimePart } from "../mail-message.ts";
import {
  type Fault,
  faultAt,
  plural,
  messageRule,
  NothingToCheck,
  type Rule,
  type CheckInput,
  type Outcome,
} from "../rule.ts";
import { columnsOf, folded } from "../../platform/text.ts";
import { linksOf, linkFaultOf, preheaderOf, visibleText } from "../content.ts";
import { attempt } from "../../platform/attempt.ts";

/** RFC 5322 §2.1.1, without the line end; for encoded text RFC 2045 §6.7 (5) and §6.8. */
const LONGEST_LINE = 998;
const LONGEST_ENCODED = 76;

/** Servers accept 10 MB and more, but mailboxes are limited and large messages are slow. */
const LARGE_BYTES = 2 * 1024 * 1024;

/** Rules for the structure and encoding of a message, the readability of its text part, and its agreement with the HTML. */
export const PART_RULES: readonly Rule[] = [
  messageRule({
    id: "message-parts",
    severity: "error",
    what: "The message has a text part and an HTML part with the same content, the text first",
    source: "RFC 2046 §5.1.4",
    fix: "send multipart/alternative with text/plain first and text/html last",
    run: ({ root }) => {
      const shown = leavesOf(root).filter(({ isAttachment }) => !isAttachment);
      const types = new Set(shown.map(({ type }) => type));
      const alternatives = alternativesIn(root);
      if (!types.has("text/html"))
        return {
          message: "The message has no HTML part",
          severity: types.has("text/plain") ? "warning" : "error",
        };
      if (!types.has("text/plain"))
        return "The message has no text part: watches, some readers and spam filters want one";
      if (!alternatives)
        return "The text and the HTML part are not alternatives of each other: readers see both";
      const order = alternatives.parts.map(kindOf);
      const [text, html] = [order.indexOf("text/plain"), order.lastIndexOf("text/html")];
      if (html < text)
        return faultAt(
          alternatives.parts.slice(0, 1),
          "The text part comes after the HTML part, and mail programs show the last one",
        );
      if (html === order.length - 1) return [];
      return faultAt(
        alternatives.parts.slice(-1),
        `The last alternative is ${order.at(-1)}, and programs show the last`,
        { severity: "warning" },
      );
    },
  }),
  messageRule({
    id: "message-charset",
    severity: "error",
    what: "Text is declared as UTF-8",
    source: "RFC 2046 §4.1.2, RFC 6657 §3",
    fix: "write Content-Type: text/html; charset=utf-8, and encode the part in it",
    run: ({ root }) =>
      textParts(root).flatMap((part) => {
        const says = `The ${part.type} part`;
        if (part.charset === undefined) {
          const severity = part.has8Bit ? "error" : "info";
          return faultAt([part], `${says} does not declare its charset`, { severity });
        }
        if (/^(?:utf-?8|us-ascii)$/i.test(part.charset)) return [];
        return attempt(() => new TextDecoder(part.charset)) !== undefined
          ? faultAt([part], `${says} is in ${part.charset}`, { severity: "warning" })
          : faultAt([part], `${says} is in "${part.charset}", which no program knows`);
      }),
  }),
  messageRule({
    id: "message-encoding",
    severity: "error",
    what: "Every part has its declared encoding, in lines that every server accepts",
    source: "RFC 5322 §2.1.1, RFC 2045 §2.7, §6.7",
    fix: "encode it as quoted-printable or base64",
    run: ({ root }) => leavesOf(root).flatMap(encodingFaults),
  }),
  messageRule({
    id: "message-line-ends",
    severity: "warning",
    what: "All lines end in CR LF",
    source: "RFC 5322 §2.3, RFC 5321 §2.3.8",
    fix: "end every line with CR LF",
    run: ({ lineEnds: { crlf, bare } }) => {
      // A file on Unix usually has only LF. The sending program converts that.
      if (crlf === 0) return new NothingToCheck("the file has the line ends of this system");
      return bare === 0
        ? []
        : `${bare} lines end in only LF or CR, which servers handle differently`;
    },
  }),
  messageRule({
    id: "message-size",
    severity: "warning",
    what: "The message is under 2 MB",
    source: "RFC 1870; Outlook.com and others delay what is larger",
    fix: "put the pictures onto a server: images.baseUrl in the config",
    run: ({ bytes }) =>
      bytes <= LARGE_BYTES ? [] : `The message is ${(bytes / 1024 / 1024).toFixed(1)} MB`,
  }),
  {
    id: "text-form",
    severity: "warning",
    what: "The text part is plain text: no tags, no references of HTML, no hidden characters, no long lines",
    source: "RFC 3676 §4.2; RFC 5322 §2.1.1",
    fix: "generate it from the model, not from the HTML",
    run: ({ text, content }) => {
      if (text === undefined) return new NothingToCheck("there is no text part");
      const lines = text.split("\n").map((line) => withoutSaid(line, content));
      return [
        ...lineFault(lines, /<\/?(?:p|div|td|tr|table|br|span|a|style|img)\b[^>]*>/i, "HTML tags"),
        ...lineFault(lines, /&(?:nbsp|amp|lt|gt|quot|#\d+|#x[0-9a-f]+);/i, "references of HTML"),
        ...lineFault(lines, /\u034F|[\u00AD\u200B\u2060\uFEFF]/, "characters without width"),
        ...longLines(lines),
      ];
    },
  },
  {
    id: "parity",
    severity: "error",
    what: "HTML and text part have the stories of the digest in the same order, with the same links",
    source: "RFC 2046 §5.1.4: alternatives say the same",
    fix: "let both templates show every story and its source",
    run: parity,
  },
];

/** The first multipart/alternative at any depth. */
function alternativesIn(part: MimePart): MimePart | undefined {
  if (part.type === "multipart/alternative") return part;
  return part.parts.map(alternativesIn).find((found) => found !== undefined);
}

/** An HTML part with its pictures is one alternative. */
function kindOf({ type, parts: [first] }: MimePart): string {
  return first ? kindOf(first) : type;
}

function textParts(root: MimePart): MimePart[] {
  return leavesOf(root).filter(
    ({ type, isAttachment }) => /^text\/(?:plain|html)$/.test(type) && !isAttachment,
  );
}

function encodingFaults(part: MimePart): Fault[] {
  const { encoding, longestLine, has8Bit, type } = part;
  const at = [part];
  const isEncoded = encoding === "base64" || encoding === "quoted-printable";
  if (!/^(?:7bit|8bit|binary|base64|quoted-printable)$/.test(encoding))
    return faultAt(at, `The ${type} part is encoded in "${encoding}", which no program knows`);
  if (has8Bit && (isEncoded || encoding === "7bit"))
    return faultAt(at, `The ${type} part declares ${encoding}, but has another encoding`);
  const says = `A line of the ${type} part is ${longestLine} octets long`;
  if (longestLine > LONGEST_LINE) return faultAt(at, `${says}, and ${LONGEST_LINE} are allowed`);
  return isEncoded && longestLine > LONGEST_ENCODED
    ? faultAt(at, `${says}, where ${encoding} has ${LONGEST_ENCODED}`, { severity: "warning" })
    : [];
}

/** RFC 5322 §2.1.1 */
const MOST_COLUMNS = 78;

/** Removes tags and references that occur in an article of the issue. */
function withoutSaid(line: string, content: CheckInput["content"]): string {
  return line.replace(/<[^<>]{1,80}>|&[#\w]{1,10};/g, (found) =>
    content?.text().includes(found) === true ? "" : found,
  );
}

function lineFault(lines: readonly string[], pattern: RegExp, what: string): Fault[] {
  const at = lines.flatMap((line, index) => (pattern.test(line) ? [{ line: index + 1 }] : []));
  return faultAt(at, `The text part has ${what} in it`);
}

/** An address counts as one word, which is never broken. */
function longLines(lines: readonly string[]): Fault[] {
  const at = lines.flatMap((line, index) => {
    const isLong = columnsOf(line) > MOST_COLUMNS && /\S\s+\S/.test(line.trim());
    return isLong ? [{ line: index + 1 }] : [];
  });
  return faultAt(
    at,
    (count) =>
      `${plural(count, "line", "lines")} of the text part ${count === 1 ? "is" : "are"} wider than ${MOST_COLUMNS} columns`,
    { severity: "info" },
  );
}

/** Compares HTML and text part. In a mail that is not an issue, links and most words must be in both. */
function parity({ html, text }: CheckInput): Outcome {
  if (!html || text === undefined)
    return new NothingToCheck("it needs an HTML part and a text part");
  const links = linksOf(html).filter(
    ({ href, isShown }) => isShown && /^https?:/i.test(href) && linkFaultOf(href) !== "broken",
  );
  const lost = links.filter(({ href }) => !text.includes(href));
  const share = sharedWords(visibleText(html), text, preheaderOf(html).text);
  const message = `The text part has ${Math.round(share * 100)}% of the words of the HTML`;
  const few: Fault[] = share < 0.7 ? [{ message, severity: "warning" }] : [];
  return [
    ...few,
    ...faultAt(
      lost.map(({ element }) => element),
      `The text part has ${links.length - lost.length} of the ${links.length} links of the HTML`,
      { severity: "warning" },
    ),
  ];
}

function sharedWords(shown: string, text: string, preheader: string): number {
  const there = new Set(wordsOf(`${text} ${preheader}`));
  const wanted = [...new Set(wordsOf(shown))];
  return wanted.length < 10 ? 1 : wanted.filter((word) => there.has(word)).length / wanted.length;
}

function wordsOf(text: string): string[] {
  return folded(text).match(/[\p{L}\p{M}\p{N}]{3,}/gu) ?? [];
}

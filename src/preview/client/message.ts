import type { IssueData } from "../page-data.ts";
import type { ViewName } from "./settings.ts";
import { asInWebmail } from "../../platform/css/webmail.js";

interface Field {
  readonly name: string;
  readonly value: string;
}

export interface MessagePart {
  readonly depth: number;
  readonly type: string;
  readonly about: string;
  readonly bytes: number;
}

/** The header fields, unfolded and decoded (RFC 5322 §2.2.3, RFC 2047). */
export function headerFields(source: string): Field[] {
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

function decodedWords(text: string) {
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

/** Decodes quoted-printable text (RFC 2045 §6.7). */
function unquoted(code: string) {
  return code.replace(/=([0-9A-F]{2})/gi, (_code, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** Each character of the string is one byte. */
export function bytesOf(binary: string) {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** The parts of a message in their order (RFC 2046 §5.1). */
export function messageParts(source: string, depth = 0): MessagePart[] {
  const at = source.search(/\r?\n\r?\n/);
  const fields = headerFields(source);
  const value = (name: string) =>
    fields.find((field) => field.name.toLowerCase() === name)?.value ?? "";
  const type = value("content-type") || "text/plain";
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  const about = [
    value("content-transfer-encoding"),
    value("content-id"),
    /name="?([^";]+)"?/i.exec(type)?.[1],
  ];
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

/**
 * The email as a view shows it, for the `srcdoc` of a frame. The frame runs no scripts. The policy also blocks all loading,
 * and one view blocks pictures. `isSimulated`: media queries are rewritten to show dark mode.
 */
export function emailHtml(issue: IssueData, view: ViewName, isSimulated: boolean) {
  const html = stripped(withPictures(issue), view);
  const scheme = view === "dark" ? "dark" : "light";
  return guarded(
    isSimulated || view === "inverted" ? asThough(html, scheme) : html,
    view === "images-off" ? "'none'" : "data:",
  );
}

function withPictures({ html, pictures }: IssueData) {
  return pictures.reduce(
    (filled, { sources, contentType, base64 }) =>
      sources.reduce(
        (inner, source) =>
          inner.replaceAll(`src="${source}"`, `src="data:${contentType};base64,${base64}"`),
        filled,
      ),
    html,
  );
}

function stripped(html: string, view: ViewName) {
  if (view === "no-style") return html.replace(/<style\b[\s\S]*?<\/style>/gi, "");
  return view === "webmail" ? asInWebmail(html) : html;
}

/**
 * Rewrites the HTML as if the reader had set a colour scheme. Browsers that do not pass the frame's scheme to its content
 * need this, and so does the preview of apps that ignore media queries.
 */
function asThough(html: string, scheme: "light" | "dark") {
  return html.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_query, asked) =>
    asked.toLowerCase() === scheme ? "(min-width:0px)" : "(max-width:0px)",
  );
}

/** Styles for texts that can be edited in place. */
const TEXTS = `x-text{cursor:text}x-text:hover,x-text:focus-visible,x-text[contenteditable]{outline:2px solid CanvasText;outline-offset:6px}
x-text[contenteditable]{caret-color:#b01e23;white-space:pre-wrap}x-text[contenteditable]:empty::before{content:"\\200b"}
x-text[data-edited]{text-decoration:underline dotted 1px;text-underline-offset:.25em}x-text[hidden]{display:none}`;

/** Scroll bars would reduce the width that the frame simulates. */
const NO_BARS = `<style>html{scrollbar-width:none}${IS_DESK ? TEXTS : ""}</style>`;

function guarded(html: string, pictures: string) {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src ${pictures}`;
  const guard = `<meta http-equiv="Content-Security-Policy" content="${policy}">${NO_BARS}`;
  // HTML before the head still belongs to the head, but the doctype must stay first.
  return /<head\b[^>]*>/i.test(html)
    ? html.replace(/<head\b[^>]*>/i, (head) => head + guard)
    : html.replace(/^(?:\s*<!doctype[^>]*>)?/i, (doctype) => doctype + guard);
}

export function messageSource({ message, pictures }: IssueData) {
  return message
    .map((piece) => {
      if (typeof piece === "string") return piece;
      const { base64 = "" } = pictures.find(({ name }) => name === piece.picture) ?? {};
      return base64.replace(/.{76}(?=.)/g, "$&\r\n");
    })
    .join("");
}

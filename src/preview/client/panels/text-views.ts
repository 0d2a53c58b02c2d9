import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import {
  bytesOf,
  headerFields,
  type MessagePart,
  messageParts,
  messageSource,
} from "../message.ts";
import { issue } from "../store.ts";
import { kilobytes } from "./size-meter.ts";

/** RFC 5322 §2.1.1 recommends lines of at most 78 characters; ours have 72. */
const COLUMNS = 72;

/** The plain-text part, as programs without HTML show it. */
export function TextPart() {
  const { text, digest } = issue.value;
  const lines = text.split("\n");
  const longest = Math.max(...lines.map((line) => line.length));
  return html`${tools(`${lines.length} lines, the longest of ${longest} characters`)}
    <pre class="sheet text-part" lang=${digest.language} dir="auto" style=${`--columns:${COLUMNS}`}>${text}</pre>`;
}

export function Source() {
  const lines = issue.value.html.trimEnd().split("\n");
  return html`${tools(`${lines.length} lines, pictures under their names`)}
    <pre class="sheet source" tabindex="0" aria-label="HTML source">${lines.map(sourceLine)}</pre>`;
}

function sourceLine(line: string, index: number) {
  const pieces = line
    .split(/(<!--[\s\S]*?-->|<[^>]*>)/)
    .map((piece) =>
      piece.startsWith("<")
        ? html`<span class=${piece.startsWith("<!--") ? "comment" : "tag"}>${piece}</span>`
        : piece,
    );
  return html`<span class="source-line" id=${`line-${index + 1}`}>${pieces}${"\n"}</span>`;
}

/** The header fields of the message, its parts, and a download of the message. */
export function Headers() {
  const source = messageSource(issue.value);
  const fields = headerFields(source);
  const parts = messageParts(source);
  const save = html`<button class="plain" data-key="download" onclick=${() => downloadMessage(source)}>
    Download .eml
  </button>`;
  return html`${tools(`${fields.length} fields, ${kilobytes(parts[0]?.bytes ?? 0)} KB in all`, save)}
    <div class="sheet headers">
      <dl>${fields.map(({ name, value }) => html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl>
      <h2>Parts</h2>
      <ul class="message-parts">
        ${parts.map(messagePart)}
      </ul>
    </div>`;
}

function messagePart({ type, about, bytes, depth }: MessagePart) {
  return html`<li style=${`padding-inline-start:${depth * 20}px`}>
    <b>${type}</b>
    ${about !== "" && html`<span class="muted">${` ${about}`}</span>`}
    <span class="bytes">${kilobytes(bytes)} KB</span>
  </li>`;
}

function downloadMessage(source: string): void {
  const { newsletter, slot } = issue.value.digest.issue;
  const href = URL.createObjectURL(new Blob([bytesOf(source)], { type: "message/rfc822" }));
  const download = `${newsletter}-${slot}.eml`;
  Object.assign(document.createElement("a"), { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

function tools(about: string, others?: ComponentChildren) {
  return html`<div class="tools"><p class="muted">${about}</p>${others}</div>`;
}

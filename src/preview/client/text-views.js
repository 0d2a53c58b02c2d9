import { h } from "./dom.js";
import { bytesOf, headerFields, messageParts, messageSource } from "./message.js";
import { findField } from "./find.js";
import { issue } from "./store.js";

/** Mail is written in lines of 78 columns at most (RFC 5322 §2.1.1); ours have 72. */
const COLUMNS = 72;

/** The plain-text part, as programs show it that show no HTML. */
export function textView() {
  const { text, digest } = issue();
  const longest = Math.max(...text.split("\n").map((line) => line.length));
  return [
    tools(`${text.split("\n").length} lines, the longest of ${longest} characters`, "text"),
    h(
      "pre.sheet.text-part",
      { lang: digest.language, dir: "auto", style: `--columns:${COLUMNS}` },
      text,
    ),
  ];
}

/** The HTML part as it is sent. */
export function sourceView() {
  const lines = issue().html.trimEnd().split("\n");
  return [
    tools(`${lines.length} lines, pictures under their names`, "source"),
    h(
      "pre.sheet.source",
      { tabindex: "0", "aria-label": "HTML source" },
      lines.flatMap(sourceLine),
    ),
  ];
}

/**
 * @param {string} line
 * @param {number} index
 */
function sourceLine(line, index) {
  const pieces = line.split(/(<!--[\s\S]*?-->|<[^>]*>)/).map((piece) => {
    if (!piece.startsWith("<")) return piece;
    return h("span", { class: piece.startsWith("<!--") ? "comment" : "tag" }, piece);
  });
  return [h("span.source-line", { id: `line-${index + 1}` }, ...pieces, "\n")];
}

/** The header fields of the message, what it is put together from, and the message itself to take away. */
export function headersView() {
  const source = messageSource(issue());
  const fields = headerFields(source);
  const [whole, ...parts] = messageParts(source);
  return [
    tools(
      `${fields.length} fields, ${kilobytes(whole?.bytes ?? 0)} KB in all`,
      "headers",
      downloadLink(source),
    ),
    h(
      "div.sheet.headers",
      h(
        "dl",
        fields.flatMap(({ name, value }) => [h("dt", name), h("dd", { dir: "auto" }, value)]),
      ),
      h("h2", "Parts"),
      h(
        "ul.message-parts",
        [whole, ...parts].map(
          (part) =>
            part &&
            h(
              "li",
              { style: `padding-inline-start:${part.depth * 20}px` },
              h("b", part.type),
              part.about !== "" && h("span.muted", ` ${part.about}`),
              h("span.bytes", `${kilobytes(part.bytes)} KB`),
            ),
        ),
      ),
    ),
  ];
}

/** @param {string} source */
function downloadLink(source) {
  const { newsletter, slot } = issue().digest.issue;
  return h(
    "button.plain",
    {
      "data-key": "download",
      onclick: () =>
        download(
          new Blob([bytesOf(source)], { type: "message/rfc822" }),
          `${newsletter}-${slot}.eml`,
        ),
    },
    "Download .eml",
  );
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function download(blob, name) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/**
 * @param {string} about
 * @param {string} where
 * @param {readonly Node[]} others
 */
function tools(about, where, ...others) {
  return h("div.tools", h("p.muted", about), ...others, findField(where));
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1024).toFixed(1);
}

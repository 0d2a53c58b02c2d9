/** @import { IssueData } from "../page-data.ts" */
/** @import { ViewName } from "./settings.js" */
import { sanitize } from "lettersanitizer";

/**
 * The email as a view shows it, for the `srcdoc` of a frame. The frame runs no scripts; what the policy
 * adds is that nothing is loaded, and in one view that no picture is shown.
 * @param {IssueData} issue
 * @param {ViewName} view
 * @param {boolean} isSimulated Whether dark mode is brought about by rewriting media queries.
 */
export function emailHtml(issue, view, isSimulated) {
  const html = stripped(withPictures(issue), view);
  const scheme = view === "dark" ? "dark" : "light";
  return guarded(
    isSimulated || view === "inverted" ? asThough(html, scheme) : html,
    view === "images-off" ? "'none'" : "data:",
  );
}

/** @param {IssueData} issue */
function withPictures({ html, pictures }) {
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

/**
 * @param {string} html
 * @param {ViewName} view
 */
function stripped(html, view) {
  if (view === "no-style") return html.replace(/<style\b[\s\S]*?<\/style>/gi, "");
  if (view !== "webmail") return html;
  const allowedSchemas = ["http", "https", "mailto", "data"];
  return `<!doctype html><body style="margin:8px">${sanitize(html, "", { id: "m", allowedSchemas })}`;
}

/**
 * The HTML as though the reader had set a colour scheme: for browsers that don't hand the scheme of a frame
 * on to what is in it, and for apps that ask no media query.
 * @param {string} html
 * @param {"light" | "dark"} scheme
 */
function asThough(html, scheme) {
  return html.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_query, asked) =>
    asked.toLowerCase() === scheme ? "(min-width:0px)" : "(max-width:0px)",
  );
}

/** Scroll bars would take of the width that the frame is to show. */
const NO_BARS = "<style>html{scrollbar-width:none}</style>";

/**
 * @param {string} html
 * @param {string} pictures
 */
function guarded(html, pictures) {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src ${pictures}`;
  const guard = `<meta http-equiv="Content-Security-Policy" content="${policy}">${NO_BARS}`;
  // What stands before the head of a document belongs to its head; a doctype must still be the first thing.
  return /<head\b[^>]*>/i.test(html)
    ? html.replace(/<head\b[^>]*>/i, (head) => head + guard)
    : html.replace(/^(?:\s*<!doctype[^>]*>)?/i, (doctype) => doctype + guard);
}

/**
 * The source of the message, with its pictures back in their places.
 * @param {IssueData} issue
 */
export function messageSource({ message, pictures }) {
  return message
    .map((piece) => {
      if (typeof piece === "string") return piece;
      const { base64 = "" } = pictures.find(({ name }) => name === piece.picture) ?? {};
      return base64.replace(/.{76}(?=.)/g, "$&\r\n");
    })
    .join("");
}

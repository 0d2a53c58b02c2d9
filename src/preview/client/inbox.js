import { h } from "./dom.js";
import { beginEdit, canEdit, editor } from "./edits.js";
import { messageSource, headerFields } from "./message.js";
import { issue, set, state } from "./store.js";

/**
 * How a mail program sets the row of a message in its list, as far as it decides where a line is cut. No
 * program documents it: these are estimates for default settings, and the page says so.
 * @typedef {object} Program
 * @property {string} id
 * @property {string} name
 * @property {{ px: number, weight: number, widthPx: number }} subject
 * @property {{ px: number, widthPx: number, lines: number }} preview
 * @property {boolean} [isOneLine] Whether the preview goes on in the subject's line.
 */

/** @type {readonly Program[]} */
const PROGRAMS = [
  {
    id: "gmail-phone",
    name: "Gmail, phone",
    subject: { px: 14, weight: 600, widthPx: 268 },
    preview: { px: 14, widthPx: 268, lines: 1 },
  },
  {
    id: "apple-phone",
    name: "Apple Mail, phone",
    subject: { px: 15, weight: 400, widthPx: 320 },
    preview: { px: 15, widthPx: 320, lines: 2 },
  },
  {
    id: "outlook-phone",
    name: "Outlook, phone",
    subject: { px: 14, weight: 600, widthPx: 287 },
    preview: { px: 14, widthPx: 287, lines: 1 },
  },
  {
    id: "gmail-web",
    name: "Gmail, web",
    subject: { px: 14, weight: 600, widthPx: 800 },
    preview: { px: 14, widthPx: 800, lines: 1 },
    isOneLine: true,
  },
  {
    id: "apple-desktop",
    name: "Apple Mail, Mac",
    subject: { px: 13, weight: 400, widthPx: 300 },
    preview: { px: 13, widthPx: 300, lines: 2 },
  },
  {
    id: "outlook-desktop",
    name: "Outlook, Windows",
    subject: { px: 14, weight: 600, widthPx: 300 },
    preview: { px: 12, widthPx: 300, lines: 1 },
  },
];

const ESTIMATE = "Where it is cut is an estimate: it varies with device, window and font size.";

/** Servers keep about so much of a message's beginning for lists. */
const SNIPPET_CHARACTERS = 200;

function chosenProgram() {
  const [first] = PROGRAMS;
  const found = PROGRAMS.find(({ id }) => id === state.settings.inbox) ?? first;
  if (!found) throw new Error("there is no mail program to show");
  return found;
}

export function nextProgram() {
  const at = PROGRAMS.indexOf(chosenProgram());
  set({ inbox: PROGRAMS[(at + 1) % PROGRAMS.length]?.id ?? "" });
}

/** The row of the issue in a list of mails, whole, with bars where the program would cut it. */
export function inboxRow() {
  const { digest, html } = issue();
  const { subject, preheader } = digest;
  const program = chosenProgram();
  const cuts = cutsOf(program, subject, preheader);
  const leak = leakOf(html, preheader);
  return h(
    "section.inbox",
    { "aria-label": "Inbox" },
    h("div.head", h("h2", "Inbox"), programChoice(program)),
    h("p.sender", h("b", { dir: "auto" }, senderOf()), h("span.muted", timeOf())),
    editor("subject", "Subject") ??
      h("p.subject", { dir: "auto" }, ...cutText(subject, cuts.subject)),
    editor("preheader", "Preheader") ??
      h(
        "p.preheader",
        { dir: "auto" },
        ...cutText(preheader, cuts.preview),
        leak !== "" && h("span.leak", ` ${leak}`),
      ),
    leak !== "" && h("p.word.warning", "The beginning of the text leaks in after the preheader."),
    canEdit() && state.editing === undefined && inboxTools(),
    h("p.muted.estimate", ESTIMATE),
    h("p.unseen", saidOf(program, cuts)),
  );
}

function inboxTools() {
  const { subject, preheader } = issue().digest;
  return h(
    "p.inbox-tools",
    h(
      "button.link",
      { "data-key": "edit-the-subject", onclick: () => beginEdit("subject", subject) },
      "Edit subject",
    ),
    h(
      "button.link",
      { "data-key": "edit-the-preheader", onclick: () => beginEdit("preheader", preheader) },
      "Edit preheader",
    ),
  );
}

/** @param {Program} program */
function programChoice(program) {
  return h(
    "label",
    h("span.unseen", "Mail program"),
    h(
      "select",
      {
        "data-key": "inbox",
        onchange: (/** @type {Event} */ { target }) => {
          if (target instanceof HTMLSelectElement) set({ inbox: target.value });
        },
      },
      PROGRAMS.map(({ id, name }) => h("option", { value: id, selected: id === program.id }, name)),
    ),
  );
}

/**
 * @param {Program} program
 * @param {string} subject
 * @param {string} preheader
 */
function cutsOf({ subject: first, preview, isOneLine }, subject, preheader) {
  const subjectFont = { px: first.px, weight: first.weight };
  const previewFont = { px: preview.px, weight: 400 };
  const taken = isOneLine ? Math.min(first.widthPx, widthOf(`${subject} - `, subjectFont)) : 0;
  return {
    subject: fitting(subject, first.widthPx, subjectFont),
    preview: fitting(preheader, preview.widthPx * preview.lines - taken, previewFont),
  };
}

/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/**
 * @param {string} text
 * @param {{ px: number, weight: number }} font
 */
function widthOf(text, { px, weight }) {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return (text.length * px) / 2;
  ruler.font = `${weight} ${px}px -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif`;
  return ruler.measureText(text).width;
}

/**
 * How many UTF-16 units of a text fit a width, whole characters and no space at the end; all where all do.
 * @param {string} text
 * @param {number} widthPx
 * @param {{ px: number, weight: number }} font
 */
function fitting(text, widthPx, font) {
  if (widthOf(text, font) <= widthPx) return text.length;
  const ends = [...new Intl.Segmenter().segment(text)].map(({ index }) => index);
  const room = widthPx - widthOf("…", font);
  let [fits, tooMuch] = [0, ends.length];
  while (tooMuch - fits > 1) {
    const middle = (fits + tooMuch) >> 1;
    if (widthOf(text.slice(0, ends[middle]), font) <= room) fits = middle;
    else tooMuch = middle;
  }
  return text.slice(0, ends[fits]).trimEnd().length;
}

/**
 * @param {string} text
 * @param {number} cut
 */
function cutText(text, cut) {
  if (cut >= text.length) return [text];
  return [
    text.slice(0, cut),
    h("i.cut", { "aria-hidden": "true" }),
    h("span.muted", text.slice(cut)),
  ];
}

/**
 * The same for those who don't see the bars.
 * @param {Program} program
 * @param {{ subject: number, preview: number }} cuts
 */
function saidOf({ name }, cuts) {
  const { subject, preheader } = issue().digest;
  const [first, second] = [said(subject, cuts.subject), said(preheader, cuts.preview)];
  return `${name} shows of the subject ${first}, and of the preheader ${second}.`;
}

/**
 * @param {string} text
 * @param {number} cut
 */
function said(text, cut) {
  return cut >= text.length ? "all" : `“${text.slice(0, cut)}”`;
}

/**
 * What of the body a list would show after the preheader: nothing, where enough that can't be seen comes
 * between the two.
 * @param {string} html
 * @param {string} preheader
 */
function leakOf(html, preheader) {
  const doc = new DOMParser().parseFromString(html, "text/html");
  for (const element of doc.querySelectorAll("style,script,title,template")) element.remove();
  const text = (doc.body.textContent ?? "").replace(/[ \t\r\n]+/g, " ").trim();
  if (preheader === "" || !text.startsWith(preheader.trim())) return "";
  const after = text.slice(preheader.trim().length, SNIPPET_CHARACTERS);
  return after.replace(/[\p{Cf}\p{Mn}\s\u00A0]+/gu, " ").trim();
}

function senderOf() {
  const from = fieldOf("from");
  return from.replace(/\s*<[^>]*>$/, "").replace(/^"(.*)"$/, "$1") || from;
}

function timeOf() {
  const sent = new Date(fieldOf("date"));
  if (Number.isNaN(sent.getTime())) return "";
  return sent.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
}

/** @param {string} wanted */
function fieldOf(wanted) {
  return (
    headerFields(messageSource(issue())).find(({ name }) => name.toLowerCase() === wanted)?.value ??
    ""
  );
}

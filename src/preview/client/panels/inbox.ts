import { computed } from "@preact/signals";
import { html } from "htm/preact";
import { headerFields, messageSource } from "../message.ts";
import { canEdit, editing, issue, set, settings } from "../store.ts";
import { LineEditor, openField } from "./line-editor.ts";
import { LinkButton, withValue } from "./controls.ts";
import programs from "./mail-programs.json" with { type: "json" };

/**
 * How a mail program lays out a message row in its list, as far as that decides where a line is cut. No vendor documents
 * this: the values are estimates for default settings, and the page says so.
 */
interface Program {
  readonly id: string;
  readonly name: string;
  readonly subject: { readonly px: number; readonly weight: number; readonly widthPx: number };
  readonly preview: { readonly px: number; readonly widthPx: number; readonly lines: number };
  /** Whether the preview text follows the subject in the same line. */
  readonly isOneLine?: boolean;
}

const PROGRAMS: readonly Program[] = programs;

const ESTIMATE = "Where it is cut is an estimate: it varies with device, window and font size.";

/** The approximate number of characters that servers keep for message lists. */
const SNIPPET_CHARACTERS = 200;

function chosenProgram(): Program {
  const [first] = PROGRAMS;
  const found = PROGRAMS.find(({ id }) => id === settings.inbox.value) ?? first;
  if (!found) throw new Error("there is no mail program to show");
  return found;
}

export function nextProgram(): void {
  const at = PROGRAMS.indexOf(chosenProgram());
  set({ inbox: PROGRAMS[(at + 1) % PROGRAMS.length]?.id ?? "" });
}

/** The row of the issue in a message list, in full, with bars where the program cuts it. */
export function Inbox() {
  const { subject, preheader } = issue.value.digest;
  const program = chosenProgram();
  const cuts = cutsOf(program, subject, preheader);
  const { name, time, leak } = row.value;
  const line = editing.value?.field;
  return html`<section class="inbox" aria-label="Inbox">
    <div class="head"><h2>Inbox</h2>${programChoice(program)}</div>
    <p class="sender"><b dir="auto">${name}</b><span class="muted">${time}</span></p>
    ${
      IS_DESK && line === "subject"
        ? html`<${LineEditor} />`
        : html`<p class="subject" dir="auto">${cutText(subject, cuts.subject)}</p>`
    }
    ${
      IS_DESK && line === "preheader"
        ? html`<${LineEditor} />`
        : html`<p class="preheader" dir="auto">
            ${cutText(preheader, cuts.preview)}
            ${leak !== "" && html`<span class="leak">${` ${leak}`}</span>`}
          </p>`
    }
    ${leak !== "" && html`<p class="word warning">The beginning of the text leaks in after the preheader.</p>`}
    ${IS_DESK && canEdit.value && line !== "subject" && line !== "preheader" && html`<p class="inbox-tools">${editButton("subject")}${editButton("preheader")}</p>`}
    <p class="muted estimate">${ESTIMATE}</p>
    <p class="unseen">${saidOf(program, cuts)}</p>
  </section>`;
}

/** The fields of the row, taken from the whole email. */
const row = computed(() => {
  const { html: email, digest } = issue.value;
  return { name: senderOf(), time: timeOf(), leak: leakOf(email, digest.preheader) };
});

function editButton(what: string) {
  const edit = () => openField({ id: "", field: what });
  return html`<${LinkButton} name=${`edit-the-${what}`} onclick=${edit}>Edit ${what}<//>`;
}

function programChoice(program: Program) {
  return html`<label>
    <span class="unseen">Mail program</span>
    <select data-key="inbox" value=${program.id} onchange=${choose}>
      ${PROGRAMS.map(
        ({ id, name }) => html`<option value=${id} selected=${id === program.id}>${name}</option>`,
      )}
    </select>
  </label>`;
}

const choose = withValue((inbox) => set({ inbox }));

function cutsOf(
  { subject: first, preview, isOneLine }: Program,
  subject: string,
  preheader: string,
) {
  const subjectFont = { px: first.px, weight: first.weight };
  const previewFont = { px: preview.px, weight: 400 };
  const taken = isOneLine ? Math.min(first.widthPx, widthOf(`${subject} - `, subjectFont)) : 0;
  return {
    subject: fitting(subject, first.widthPx, subjectFont),
    preview: fitting(preheader, preview.widthPx * preview.lines - taken, previewFont),
  };
}

let ruler: CanvasRenderingContext2D | null = null;

function widthOf(text: string, { px, weight }: { px: number; weight: number }) {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return (text.length * px) / 2;
  ruler.font = `${weight} ${px}px -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif`;
  return ruler.measureText(text).width;
}

/** The number of UTF-16 units of a text that fit a width: whole characters without trailing space, or all of them. */
function fitting(text: string, widthPx: number, font: { px: number; weight: number }) {
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

function cutText(text: string, cut: number) {
  if (cut >= text.length) return text;
  return html`${text.slice(0, cut)}<i class="cut" aria-hidden="true"></i>
    <span class="muted">${text.slice(cut)}</span>`;
}

/** Describes for screen readers which parts of the subject and the preheader a mail program shows. */
function saidOf({ name }: Program, cuts: { subject: number; preview: number }) {
  const { subject, preheader } = issue.value.digest;
  const [first, second] = [said(subject, cuts.subject), said(preheader, cuts.preview)];
  return `${name} shows of the subject ${first}, and of the preheader ${second}.`;
}

function said(text: string, cut: number) {
  return cut >= text.length ? "all" : `“${text.slice(0, cut)}”`;
}

/** The body text that a list would show after the preheader. It is empty if enough invisible characters separate the two. */
function leakOf(html: string, preheader: string) {
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

function fieldOf(wanted: string) {
  return (
    headerFields(messageSource(issue.value)).find(({ name }) => name.toLowerCase() === wanted)
      ?.value ?? ""
  );
}

import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import type { ListReport, ReaderRow, ReadersData } from "../../page-data.ts";
import { addressOf } from "../address.ts";
import { askDesk, type Done } from "../live.ts";
import { inTurn } from "../operations.ts";
import { dialog, later, set } from "../store.ts";
import { counted } from "../stories.ts";
import { FormDialog } from "./dialog.ts";
import { Check, draftFields, Field } from "./fields.ts";

const list = signal<ReadersData | undefined>(undefined);
const sought = signal("");
/** The ids at which the earlier pages of the list begin. */
const parts = signal<readonly number[]>([]);
const state = signal("");
const refused = signal("");
/** The text typed in the open dialog. */
const drafts = signal<Readonly<Record<string, string>>>({});
const isAgain = signal(false);
const report = signal<ListReport | undefined>(undefined);
/** The error when a list can't be read. */
const unread = signal("");

/** The list of subscribers. It is shown in pages. */
export function Readers() {
  useLayoutEffect(() => void load(), []);
  return html`<section class="form" aria-labelledby="readers-title">
    <h2 class="big" id="readers-title">Readers</h2>
    <p class="word error" role="alert">${refused.value}</p>
    <p role="status">${state.value}</p>
    <${Field} name="readers-search" type="search" label="Find by address or name" value=${sought.value} oninput=${seek} />
    <p class="editor-buttons">
      <button class="plain" data-key="reader-add" onclick=${() => open("add")}>Add a reader</button>
      <button class="plain" data-key="reader-import" onclick=${() => open("import")}>Import a list</button>
      <button class="plain" data-key="reader-end" onclick=${() => open("end")}>Stop sending to an address</button>
      <a class="plain" href=${addressOf("/~readers.csv")} download="readers.csv">Export all</a>
    </p>
    ${list.value && part(list.value)}
  </section>`;
}

function part({ counts, readers, isMore, stranger, sent }: ReadersData) {
  const { subscribers, active, suppressed } = counts;
  const left = suppressed > 0 ? `, ${counted(suppressed)} get nothing` : "";
  return html`<p class="muted">${counted(subscribers)} on the list, ${counted(active)} to be sent to${left}</p>
    ${stranger !== "" && html`<p>Not on the list. Nothing is sent there: ${stranger}.</p>`}
    <ul class="list" aria-label="Readers">${readers.map(row)}</ul>
    ${sent.map((one) => html`<p class="muted" dir="auto">${one}</p>`)}
    <p class="editor-buttons">
      ${parts.value.length > 0 && html`<button class="plain" data-key="readers-back" onclick=${() => turn(-1)}>The previous ones</button>`}
      ${isMore && html`<button class="plain" data-key="readers-more" onclick=${() => turn(1)}>The next ${readers.length}</button>`}
    </p>`;
}

function row({ id, address, name, language, tags, since, consent, status }: ReaderRow) {
  const about = [name, language, tags.join(", "), `since ${since.slice(0, 10)}`, consent];
  return html`<li class="entry" key=${id}>
    <p class="text" dir="auto"><b>${address}</b>${" "}
      ${status !== "subscribed" && html`<b class="word warning">${status}</b>`}
      <br /><span class="muted">${about.filter(Boolean).join(" · ")}</span></p>
    <button class="plain" data-key=${`end-${address}`} aria-label=${`Change ${address}`} onclick=${() => open("end", address)}>Change</button>
  </li>`;
}

function seek(text: string): void {
  sought.value = text;
  parts.value = [];
  later("readers", () => void load());
}

/** Turns to the next page of the list, or back. A second click waits for the page that the first one requested. */
async function turn(by: 1 | -1): Promise<void> {
  await inTurn(async () => {
    const last = list.value?.readers.at(-1)?.id ?? 0;
    parts.value = by > 0 ? [...parts.value, last] : parts.value.slice(0, -1);
    await load();
  });
}

async function load(): Promise<void> {
  const text = sought.value;
  const query = new URLSearchParams({ text, before: String(parts.value.at(-1) ?? "") });
  const { given, said = "" } = await askDesk<ReadersData>(`/~readers?${query}`);
  // If the search has changed meanwhile, a later answer shows its result.
  if (text !== sought.value) return;
  refused.value = said;
  if (given) list.value = given;
}

function open(name: string, address = ""): void {
  drafts.value = { address };
  refused.value = state.value = unread.value = "";
  isAgain.value = false;
  report.value = undefined;
  dialog.value = name;
}

/** Runs the action of the dialog. */
async function confirm(path: string, body: object): Promise<Done> {
  const { isDone, given, said } = await askDesk<{ readonly said: string }>(path, body);
  state.value = given?.said ?? "";
  if (isDone) await load();
  return isDone ? { isDone } : { isDone, said };
}

const field = draftFields(drafts, "reader-");

function facts() {
  const { tags = "", language = "", consent = "" } = drafts.value;
  return { tags, language, consent };
}

const FACTS =
  () => html`${field("consent", "How they consented", { placeholder: "form on the front page" })}
  ${field("tags", "Tags, with commas between them")} ${field("language", "Language", { placeholder: "en" })}`;

function AddDialog() {
  const { address = "" } = drafts.value;
  const send = async () =>
    confirm("/~readers/add", { ...facts(), address, isResubscription: isAgain.value });
  return html`<${FormDialog} title="Add a reader" label="Add" run=${send}>
    ${field("address", "Address, or Name <address>", { autofocus: true })} <${FACTS} />
    <${Check} name="reader-again" label="They had left, and have asked to come back" isOn=${isAgain.value} onchange=${(isOn: boolean) => (isAgain.value = isOn)} />
  <//>`;
}

const STAYS_OUT = "No import adds the reader again.";
const ENDS = [
  ["unsubscribed", "Unsubscribe", `The reader wants no more issues. ${STAYS_OUT}`],
  ["manual", "Send nothing any more", `For a reason of your own. ${STAYS_OUT}`],
  ["bounced", "Record a bounce", `The address takes no mail. ${STAYS_OUT}`],
  ["complained", "Record a spam complaint", STAYS_OUT],
  ["remove", "Take off the list", "An import may add the reader again."],
  [
    "erase",
    "Erase for good",
    `All data of the address is deleted, from the list and from the sent issues, and can’t be restored. ${STAYS_OUT} Delete it from backups and exports yourself.`,
  ],
  ["release", "Send to it again", "Its quarantine ends, and the reader gets the next issue."],
  ["keep", "Keep it on the list", "The mail that asked to leave was not the reader’s."],
] as const;

/** Shows the subscribers that a search finds. */
export function showReaders(text: string): void {
  sought.value = text;
  parts.value = [];
  set({ place: "list" });
}

function EndDialog() {
  const { address = "", how = "unsubscribed" } = drafts.value;
  const [, title = "", means = ""] = ENDS.find(([name]) => name === how) ?? [];
  const send = async () => confirm("/~readers/end", { address, how });
  return html`<${FormDialog} title="Stop sending" label=${title} run=${send}>
    ${field("address", "Address", { autofocus: address === "" })}
    ${field("how", "What to do", { choices: ENDS, found: means })}
  <//>`;
}

/** The dialogs about subscribers. */
export const READER_DIALOGS = { add: AddDialog, end: EndDialog, import: ImportDialog };

const AS = [
  ["", "want it"],
  ["unsubscribed", "have unsubscribed"],
  ["bounced", "can’t be reached"],
  ["complained", "have complained of spam"],
] as const;

function ImportDialog() {
  const { as = "" } = drafts.value;
  const read = report.value;
  const fits = read ? read.read - read.rejected : 0;
  const send = async () => confirm("/~readers/import", { ...facts(), as, id: read?.id });
  const label = fits > 0 ? `Import ${counted(fits)}` : "Import";
  return html`<${FormDialog} title="Import a list" label=${label} isOff=${fits === 0} fault=${unread.value} run=${send}>
    <label class="field"><span>A file in CSV or JSON. Nothing is changed before you have seen what is in it.</span>
      <input type="file" data-key="reader-file" accept=".csv,.json,.txt,text/csv" onchange=${upload} /></label>
    ${read && reported(read, fits)} ${fits > 0 && html`${field("as", "The readers in it", { choices: AS })} <${FACTS} />`}
  <//>`;
}

async function upload({ currentTarget: input }: Event): Promise<void> {
  const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
  if (!file) return;
  report.value = undefined;
  unread.value = "Reading…";
  const { given, said = "" } = await askDesk<ListReport>("/~readers/list", file);
  unread.value = said;
  report.value = given;
}

function reported({ rejected, faults, columns, unused, guessed }: ListReport, fits: number) {
  return html`<div role="status">
    <p><b>${counted(fits)} rows can be taken, ${counted(rejected)} can’t.</b> Nothing was changed yet.</p>
    <ul>${columns.map(({ heading, field: taken }) => html`<li>“${heading}” is taken for ${taken}</li>`)}</ul>
    ${unused.length > 0 && html`<p>Left out: ${unused.slice(0, 12).join(", ")}</p>`}
    ${guessed !== "" && html`<p>It isn’t in UTF-8. It is read as ${guessed}.</p>`}
    <ul>${faults.map(({ line, fault }) => html`<li>Line ${line}: ${fault}</li>`)}</ul>
  </div>`;
}

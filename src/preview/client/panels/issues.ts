import { html } from "htm/preact";
import type { IssueRow, SendingData } from "../../page-data.ts";
import { addressOf } from "../address.ts";
import { allIssues, desk, filter, pathOf, search } from "../store.ts";
import { capitalised, counted, dayOf, matchesFilter } from "../stories.ts";
import { noticeLine } from "./notices.ts";
import { ifChosen } from "./controls.ts";

/** The number of issues shown before the editor asks for all of them. */
const SHOWN = 4;

/** The issues in the outbox, first the one that is shown and its neighbours. */
export function Issues() {
  const {
    issues = [],
    path = "",
    storeTrouble = "",
    newsletter,
    otherNotices = [],
  } = desk.value ?? {};
  if (issues.length === 0) return undefined;
  const matching = issues.filter(({ title, slot, number }) =>
    matchesFilter(`${title} ${slot} ${number ?? ""}`),
  );
  const at = matching.findIndex((row) => pathOf(row) === path);
  const from = Math.max(0, Math.min(at - 1, matching.length - SHOWN));
  const isWhole = allIssues.value || filter.value !== "";
  const shown = isWhole ? matching : matching.slice(from, from + SHOWN);
  const count =
    matching.length > SHOWN && filter.value === ""
      ? html`<button class="muted" data-key="all-issues" onclick=${toggle}>
          ${isWhole ? "Fewer" : `${shown.length} of ${matching.length}`}
        </button>`
      : html`<span class="muted">${matching.length}</span>`;
  return html`<section aria-label="Issues">
    <div class="head"><h2>Issues</h2>${count}</div>
    <ol class=${isWhole ? "list scrolls" : "list"}>
      ${shown.map((row) => html`<${Issue} key=${row.slot} row=${row} isChosen=${pathOf(row) === path} />`)}
    </ol>
    ${otherNotices.map((one) => noticeLine(one, `/${newsletter}/${one.about.slot}/edit`))}
    ${storeTrouble !== "" && html`<p class="word warning">The list of sent issues is unknown: ${storeTrouble}.</p>`}
  </section>`;
}

const toggle = () => (allIssues.value = !allIssues.value);

function Issue({ row, isChosen }: { readonly row: IssueRow; readonly isChosen: boolean }) {
  const { number, slot, title, template, standing } = row;
  const cannotGo = isChosen && (desk.value?.cannotGo ?? "") !== "";
  const notes = cannotGo ? html`<span class="word error">Can’t be sent</span>` : notesOf(row);
  return html`<li class=${isChosen ? "row chosen" : "row"}>
    <a
      href=${addressOf(encodeURI(pathOf(row))) + search.value}
      data-key=${`issue-${slot}`}
      aria-current=${ifChosen(isChosen, "page")}
    >
      ${number !== null && html`<span class="number">${number}</span>`}
      <span class="text">
        <span class="title one-line" dir="auto">${title}</span>
        <span class="muted about">
          <span>${[capitalised(template), dayOf(slot)].filter(Boolean).join(", ")}</span>
          <span>${standing?.says}</span>
        </span>
        ${notes && html`<span class="muted">${notes}</span>`}
        ${standing?.goes && html`<span class="muted">${capitalised(standing.goes)}</span>`}
      </span>
    </a>
  </li>`;
}

/** The notes beside the state of an issue. */
function notesOf({ tally, standing }: IssueRow) {
  if (standing?.sending) return sendingNotes(standing.sending);
  return tally && `${tally.passed} of ${tally.ran} checks pass`;
}

function sendingNotes({ accepted, waiting, uncertain, rejected }: SendingData) {
  const all = accepted + uncertain + rejected + waiting;
  if (accepted === all) return `To ${counted(all)}`;
  return [
    `To ${counted(accepted)} of ${counted(all)}`,
    rejected > 0 && `, ${counted(rejected)} refused`,
    uncertain > 0 && html`, <span class="word warning">${counted(uncertain)} in doubt</span>`,
  ];
}

/** Opens the issue before or after this one. */
export function stepIssue(by: 1 | -1): void {
  const { issues = [], path = "" } = desk.value ?? {};
  const at = issues.findIndex((row) => pathOf(row) === path);
  const next = issues[at + by];
  if (next && at >= 0) location.href = addressOf(encodeURI(pathOf(next))) + search.value;
}

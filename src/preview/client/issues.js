/** @import { IssueRow, SendingData } from "../page-data.ts" */
import { addressOf } from "./address.js";
import { h } from "./dom.js";
import { noticeLine } from "./notices.js";
import { change, desk, pathOf, state } from "./store.js";
import { capitalised, dayOf, isWanted } from "./stories.js";

/** So many are shown of years of issues, unless one asks for all. */
const SHOWN = 4;

/** The issues of the outbox, the one that is shown and those around it first. */
export function issuesSection() {
  const { issues = [], path = "", storeTrouble = "", newsletter, otherNotices = [] } = desk() ?? {};
  if (issues.length === 0) return undefined;
  const wanted = issues.filter(({ title, slot, number }) =>
    isWanted(`${title} ${slot} ${number ?? ""}`),
  );
  const at = Math.max(
    0,
    wanted.findIndex((row) => pathOf(row) === path),
  );
  const from = Math.max(0, Math.min(at - 1, wanted.length - SHOWN));
  const isWhole = state.allIssues || state.filter !== "";
  const shown = isWhole ? wanted : wanted.slice(from, from + SHOWN);
  return h(
    "section",
    { "aria-label": "Issues" },
    h(
      "div.head",
      h("h2", "Issues"),
      wanted.length > SHOWN && state.filter === ""
        ? h(
            "button.muted",
            { "data-key": "all-issues", onclick: toggleAll },
            isWhole ? "Fewer" : `${shown.length} of ${wanted.length}`,
          )
        : h("span.muted", wanted.length),
    ),
    h(
      "ol",
      { class: isWhole ? "list scrolls" : "list" },
      shown.map((row) => issueRow(row, pathOf(row) === path)),
    ),
    otherNotices.map((one) => noticeLine(one, `/${newsletter}/${one.about.slot}/edit`)),
    storeTrouble !== "" && h("p.word.warning", `It isn’t known which were sent: ${storeTrouble}.`),
  );
}

function toggleAll() {
  change({ allIssues: !state.allIssues });
}

/**
 * @param {IssueRow} row
 * @param {boolean} isChosen
 */
function issueRow(row, isChosen) {
  const { number, slot, title, template } = row;
  const cannotGo = isChosen && (desk()?.cannotGo ?? "") !== "";
  const notes = cannotGo ? [h("span.word.error", "Can’t be sent")] : notesOf(row);
  return h(
    "li",
    { class: isChosen ? "row chosen" : "row" },
    h(
      "a",
      {
        href: addressOf(encodeURI(pathOf(row))) + location.search,
        "data-key": `issue-${slot}`,
        "aria-current": isChosen && "page",
      },
      number !== null && h("span.number", number),
      h(
        "span.text",
        h("span.title.one-line", { dir: "auto" }, title),
        h(
          "span.muted.about",
          h("span", [capitalised(template), dayOf(slot)].filter(Boolean).join(", ")),
          h("span", row.standing?.says),
        ),
        notes.length > 0 && h("span.muted", ...notes),
        row.standing?.goes && h("span.muted", capitalised(row.standing.goes)),
      ),
    ),
  );
}

/** What an editor should know beside the state. @param {IssueRow} row */
function notesOf({ tally, standing }) {
  if (standing?.sending) return sendingNotes(standing.sending);
  return tally ? [`${tally.passed} of ${tally.ran} checks pass`] : [];
}

/** @param {SendingData} sending */
function sendingNotes({ accepted, waiting, uncertain, rejected }) {
  const all = accepted + uncertain + rejected + waiting;
  if (accepted === all) return [`To ${counted(all)}`];
  return [
    `To ${counted(accepted)} of ${counted(all)}`,
    rejected > 0 && `, ${counted(rejected)} refused`,
    uncertain > 0 && ", ",
    uncertain > 0 && h("span.word.warning", `${counted(uncertain)} in doubt`),
  ];
}

/** @param {number} number */
function counted(number) {
  return number.toLocaleString("en");
}

/**
 * Goes to the issue before or after this one.
 * @param {1 | -1} by
 */
export function stepIssue(by) {
  const { issues = [], path = "" } = desk() ?? {};
  const at = issues.findIndex((row) => pathOf(row) === path);
  const next = issues[at + by];
  if (next && at >= 0) location.href = addressOf(encodeURI(pathOf(next))) + location.search;
}

/** Issues that no newsletter has, to try the templates with. */
export function fixturesSection() {
  const { fixtures = [], path = "" } = desk() ?? {};
  if (fixtures.length === 0) return undefined;
  const isOpen = path.startsWith("/~fixtures/");
  return h(
    "details.fixtures",
    { open: isOpen },
    h("summary", { "data-key": "fixtures" }, h("b", "Try the templates with"), h("kbd", "F")),
    h(
      "ul",
      fixtures.map(({ name, title }) =>
        h(
          "li",
          h(
            "a",
            {
              href: addressOf(`/~fixtures/${name}`) + location.search,
              "data-key": `fixture-${name}`,
              "aria-current": path === `/~fixtures/${name}` && "page",
            },
            title,
          ),
        ),
      ),
    ),
  );
}

/** Goes to the next fixture, and from the last back to the issue. */
export function nextFixture() {
  const { fixtures = [], path = "" } = desk() ?? {};
  if (fixtures.length === 0) return;
  const at = fixtures.findIndex(({ name }) => path === `/~fixtures/${name}`);
  const next = fixtures[at + 1];
  location.href = addressOf(next ? `/~fixtures/${next.name}` : "/") + location.search;
}

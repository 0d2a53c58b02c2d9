/** @import { Finding, NotRun, Tally } from "../../check/finding.ts" */
import { backgroundWords, isBackground, verdictWords } from "../../review/verdict-words.js";
import { h } from "./dom.js";
import { showFinding } from "./frames.js";
import { mendButtons } from "./notices.js";
import { change, desk, issue, set, state } from "./store.js";
import { capitalised, openRefusals, refusalsOf, same, stories } from "./stories.js";
import { viewNamed } from "./settings.js";

const WORDS = { error: "Fix", warning: "Look", info: "Note" };

/** @param {Finding["severity"]} severity */
export function severityWord(severity) {
  return h("span", { class: `word ${severity}` }, WORDS[severity]);
}

/** Whether it can go, and what stands against it. */
export function verdict() {
  const { report, tally } = issue();
  if (!report || !tally) return false;
  const { findings, notRun } = report;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const refused = refusalRows();
  const looks = findings.filter(({ severity }) => severity === "warning").length + refused.length;
  const why = desk()?.cannotGo ?? "";
  // What an editor made a story say beyond its article is among the things to look at; the worst comes first.
  const rows = findings
    .map((finding, index) => !isBackground(finding) && findingRow(finding, index))
    .toSpliced(errors, 0, ...refused);
  const background = findings.filter(isBackground);
  return h(
    "section.verdict",
    { "aria-label": "Findings" },
    h("h2.big", why === "" ? verdictWords({ toFix: errors, toLookAt: looks }) : "Can’t be sent"),
    h(
      "p.muted",
      why === "" ? `${subline(errors, looks)} ${tallyText(tally)}` : `${capitalised(why)}.`,
    ),
    rows.some(Boolean) && h("ol.findings", rows),
    background.length > 0 && h("p.muted", `${backgroundWords(background)}.`),
    notRunList(notRun),
  );
}

/**
 * @param {number} errors
 * @param {number} looks
 */
function subline(errors, looks) {
  if (errors > 0) return "Then it can go.";
  if (looks > 0) return "Look first, then it can go.";
  return "Nothing found that stands against it.";
}

/** @param {Tally} tally */
function tallyText({ passed, ran }) {
  return `${passed} of ${ran} checks pass.`;
}

/**
 * What was not looked at is not to be taken for good; what the same thing would let run stands together.
 * @param {readonly NotRun[]} notRun
 */
function notRunList(notRun) {
  if (notRun.length === 0) return undefined;
  const groups = [...Map.groupBy(notRun, ({ why }) => why)];
  return h(
    "details.not-run",
    { open: state.isNotRunOpen },
    h(
      "summary",
      { "data-key": "not-run", onclick: openOrClose },
      `${notRun.length} ${notRun.length === 1 ? "check" : "checks"} not run`,
    ),
    h(
      "ul",
      groups.map(([why, rules]) =>
        h("li", h("code", rules.map(({ rule }) => rule).join(", ")), h("span.muted", `: ${why}`)),
      ),
    ),
  );
}

/** By the state and not by the browser, so that it is the same after the next change. @param {Event} event */
function openOrClose(event) {
  event.preventDefault();
  change({ isNotRunOpen: !state.isNotRunOpen });
}

/**
 * @param {Finding} finding
 * @param {number} index
 */
function findingRow({ severity, message, rule, fix, source, where }, index) {
  const isChosen = state.settings.finding === index + 1;
  const notice = desk()?.notices.find(
    ({ about, ...one }) => about.rule === rule && about.id === where?.id && one.message === message,
  );
  return h(
    "li",
    { class: isChosen ? "row chosen" : "row" },
    h(
      "button",
      {
        "data-key": `finding-${index + 1}`,
        "aria-current": isChosen && "true",
        title: source,
        onclick: () => chooseFinding(index + 1),
      },
      severityWord(severity),
      h(
        "span.text",
        message,
        " ",
        h("code", rule),
        isChosen && fix !== undefined && h("span.fix", fix),
      ),
    ),
    notice && mendButtons(notice),
  );
}

/** What an editor has a story say beyond its article: one looks at it in the model. */
function refusalRows() {
  return stories().flatMap((story) =>
    openRefusals(story).map(({ point, why }) =>
      h(
        "li.row",
        h(
          "button",
          {
            "data-key": `refusal-${story.index}-${point}`,
            onclick: () => set({ view: "model", story: story.number, point }),
          },
          severityWord("warning"),
          h("span.text", `Story ${story.number}: ${why}.`),
        ),
      ),
    ),
  );
}

/** @param {number} number From 1. */
function chooseFinding(number) {
  const finding = issue().report?.findings[number - 1];
  if (!finding) return;
  const story = stories().find(({ title }) => same(title, finding.where?.story ?? ""));
  const isFramed = viewNamed(state.settings.view).isFramed;
  const mustShow = finding.where?.selector !== undefined && !isFramed;
  // Such a line is seen beside its article, with the reason.
  const [refusal] = story && finding.rule === "own-words" ? refusalsOf(story) : [];
  set({
    ...(refusal && { view: "model", point: refusal.point }),
    finding: number,
    ...(story && { story: story.number }),
    ...(mustShow && { view: "light" }),
  });
  showFinding();
}

/** @param {1 | -1} step */
export function stepFinding(step) {
  const count = issue().report?.findings.length ?? 0;
  if (count === 0) return;
  const { finding } = state.settings;
  chooseFinding((((finding === 0 && step < 0 ? 0 : finding - 1 + step) + count) % count) + 1);
}

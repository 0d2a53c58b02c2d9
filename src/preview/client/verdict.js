/** @import { Finding } from "../../check/finding.ts" */
import { h } from "./dom.js";
import { showFinding } from "./frames.js";
import { issue, set, state } from "./store.js";
import { stories, same } from "./stories.js";
import { viewNamed } from "./views.js";

const WORDS = { error: "Fix", warning: "Look", info: "Note" };

/** @param {Finding["severity"]} severity */
export function severityWord(severity) {
  return h("span", { class: `word ${severity}` }, WORDS[severity]);
}

/** Whether it can go, and what stands against it. */
export function verdict() {
  const { report } = issue();
  if (!report) return false;
  const { findings, notRun } = report;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  return h(
    "section",
    { class: "verdict", "aria-label": "Findings" },
    h("h2", { class: "big" }, headline(errors)),
    h("p", { class: "muted" }, subline(errors, findings, notRun.length)),
    findings.length > 0 && h("ol", { class: "findings" }, findings.map(findingRow)),
  );
}

/** @param {number} errors */
function headline(errors) {
  if (errors === 0) return "Ready to send";
  return errors === 1 ? "One thing to fix" : `${errors} things to fix`;
}

/**
 * @param {number} errors
 * @param {readonly Finding[]} findings
 * @param {number} notRun
 */
function subline(errors, findings, notRun) {
  const looks = findings.filter(({ severity }) => severity === "warning").length;
  const left = notRun === 0 ? "" : ` ${notRun} ${notRun === 1 ? "check" : "checks"} not run.`;
  if (errors > 0) return `Then it can go.${left}`;
  if (looks > 0) return `${looks === 1 ? "One thing" : `${looks} things`} to look at first.${left}`;
  return `Nothing found that stands against it.${left}`;
}

/**
 * @param {Finding} finding
 * @param {number} index
 */
function findingRow({ severity, message, rule, fix, source }, index) {
  const isChosen = state.settings.finding === index + 1;
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
        "span",
        { class: "text" },
        message,
        " ",
        h("code", {}, rule),
        isChosen && fix !== undefined && h("span", { class: "fix" }, fix),
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
  set({
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

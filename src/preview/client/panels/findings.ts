import { html } from "htm/preact";
import type { Finding, NotRun } from "../../../check/finding.ts";
import {
  backgroundWords,
  groupsOf,
  isBackground,
  verdictWords,
} from "../../../review/verdict-words.js";
import { canEdit, desk, isFrozen, isNotRunOpen, issue, set, settings } from "../store.ts";
import { allFound, capitalised, type Found, foundGroups } from "../stories.ts";
import { viewNamed } from "../settings.ts";
import { askToJoin } from "./ask.ts";
import { showFinding, showStory } from "./frames.ts";
import { MendButtons } from "./notices.ts";
import { LinkButton, Row, severityWord, withoutLeaving } from "./controls.ts";

/** Whether the issue can be sent, the reasons against it, and all other findings. */
export function Findings() {
  const { report, tally } = issue.value;
  if (!report || !tally) return undefined;
  const { findings, notRun } = report;
  const refused = allFound.value.filter(({ key }) => key.startsWith("refusal-"));
  const count = (severity: Finding["severity"]) =>
    groupsOf(findings.filter((one) => one.severity === severity)).length;
  const [errors, looks] = [count("error"), count("warning") + refused.length];
  const why = desk.value?.cannotGo ?? "";
  const background = findings.filter(isBackground);
  const words = why === "" ? verdict(errors, looks) : "Can’t be sent";
  const passed = `${tally.passed} of ${tally.ran} checks pass.`;
  return html`<section class="verdict" aria-label="Findings">
    <h2 class="big">${words}</h2>
    <p class="muted">${why === "" ? `${subline(errors, looks)} ${passed}` : `${capitalised(why)}.`}</p>
    ${allFound.value.length > 0 && html`<ol class="findings">${foundGroups.value.map(groupRows)}</ol>`}
    ${background.length > 0 && html`<p class="muted">${backgroundWords(background)}.</p>`}
    ${notRun.length > 0 && notRunList(notRun)}
  </section>`;
}

/** An issue that was sent is not ready to be sent, and its findings are not to be looked at first. */
function verdict(errors: number, looks: number): string {
  if (!isFrozen.value) return verdictWords({ toFix: errors, toLookAt: looks });
  const found = errors + looks;
  return found === 0
    ? "No problem found"
    : `${found} ${found === 1 ? "problem" : "problems"} found`;
}

function subline(errors: number, looks: number): string {
  if (isFrozen.value) return "It was sent in this state.";
  if (errors > 0) return "Then it can be sent.";
  if (looks > 0) return "Look at these first, then it can be sent.";
  return "No check found a problem.";
}

/** Checks that did not run must not look like passed checks. Those with the same reason are grouped. */
function notRunList(notRun: readonly NotRun[]) {
  const groups = [...Map.groupBy(notRun, ({ why }) => why)];
  return html`<details class="not-run" open=${isNotRunOpen.value}>
    <summary data-key="not-run" onclick=${toggle}>
      ${notRun.length} ${notRun.length === 1 ? "check" : "checks"} not run
    </summary>
    <ul>
      ${groups.map(
        ([why, rules]) => html`<li>
          <code>${rules.map(({ rule }) => rule).join(", ")}</code>
          <span class="muted">: ${why}</span>
        </li>`,
      )}
    </ul>
  </details>`;
}

// The state, not the browser, opens the list, so that it stays open after the next change.
const toggle = withoutLeaving(() => (isNotRunOpen.value = !isNotRunOpen.value));

/** Many findings of one kind count as one: the others stand below the first. */
function groupRows([first, ...others]: readonly Found[]) {
  if (!first || others.length === 0) return first && foundRow(first);
  const key = `others-${first.key}`;
  return html`${foundRow(first)}
    <li key=${key} class="others">
      <p class="muted">${others.length} more like it</p>
      <ol>${others.map(foundRow)}</ol>
    </li>`;
}

/**
 * A finding with its fixes. Findings of the check always show their fixes; the others show them once chosen, because the
 * fixes also have a place of their own.
 */
function foundRow(found: Found) {
  const index = allFound.value.indexOf(found);
  const { key, severity, says, finding, notice, pair } = found;
  const isChosen = settings.finding.value === index + 1;
  const mends = IS_DESK && [
    notice && (finding || isChosen) && html`<${MendButtons} notice=${notice} />`,
    pair &&
      isChosen &&
      canEdit.value &&
      html`<span class="mends"><${LinkButton} name=${`join-${key}`} onclick=${() => askToJoin(...pair)}>Join<//></span>`,
  ];
  const fix = finding ? finding.fix : notice?.fix.says;
  return html`<${Row}
    key=${key}
    isChosen=${isChosen}
    name=${key}
    title=${finding?.source}
    onclick=${() => choose(index)}
    below=${mends}
  >
    ${severityWord(severity)}
    <span class="text">
      ${says} ${!IS_DESK && finding && html`<code>${finding.rule}</code>`}
      ${isChosen && fix !== undefined && html`<span class="fix">${fix}</span>`}
    </span>
  <//>`;
}

/** @param index The index in `allFound`. */
function choose(index: number): void {
  const found = allFound.value[index];
  if (!found) return;
  const { finding, story, point, notice } = found;
  const { isFramed, name } = viewNamed(settings.view.value);
  // The model view has a column of its own instead of the list.
  const mustShow = !isFramed && (finding?.where?.selector !== undefined || name === "model");
  set({
    finding: index + 1,
    ...(story && { story: story.number }),
    ...(mustShow && { view: "light" }),
    // The model view shows the line beside its article, with the reason.
    ...(point !== undefined && { view: "model", point }),
  });
  if (finding) showFinding();
  else if (story) showStory();
  const place = notice && document.querySelector(`[data-notice="${CSS.escape(notice.id)}"]`);
  place?.scrollIntoView({ block: "nearest" });
}

/** Chooses the next or the previous finding. Its row gets the focus for use by keyboard. */
export function stepFinding(step: 1 | -1): void {
  const count = allFound.value.length;
  if (count === 0) return;
  const finding = settings.finding.value;
  const index = ((finding === 0 && step < 0 ? 0 : finding - 1 + step) + count) % count;
  choose(index);
  const key = CSS.escape(allFound.value[index]?.key ?? "");
  setTimeout(() => document.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus());
}

import type { Finding, Place, Report } from "./finding.ts";
import type { MailElement } from "./html/mail-element.ts";
import { selectorOf } from "./html/selector-of.ts";
import { storyAt } from "./content/stories.ts";
import { NOT_RUN_OUTSIDE } from "./outside-rules.ts";
import { type Checked, reportOf } from "./report.ts";
import { type CheckInput, type Fault, NothingToCheck, type Rule, type RuleFacts } from "./rule.ts";
import { RULES } from "./rules.ts";

/** As many places as an editor would look at; the count tells how many there are. */
const MOST_PLACES = 20;

/**
 * What the rules say of an email or a message, with one verdict. What takes more than the email itself is
 * listed as not run: see `withChecked`.
 */
export function checkEmail(input: CheckInput): Report {
  const { findings, notRun } = runRules(RULES, input);
  return reportOf(input.target, { findings, notRun: [...notRun, ...NOT_RUN_OUTSIDE] });
}

/** What these rules find, in their own order. */
function runRules(rules: readonly Rule[], input: CheckInput): Checked {
  const ran = rules.map((rule) => ({ rule, outcome: rule.run(input) }));
  return {
    findings: ran.flatMap(({ rule, outcome }) =>
      outcome instanceof NothingToCheck
        ? []
        : outcome.map((fault) => findingOf(rule, fault, input)),
    ),
    notRun: ran.flatMap(({ rule, outcome }) =>
      outcome instanceof NothingToCheck ? [{ rule: rule.id, why: outcome.why }] : [],
    ),
  };
}

export function findingOf(rule: RuleFacts, fault: Fault, input: CheckInput): Finding {
  const { at = [], reach, features } = fault;
  const [where, ...elsewhere] = at.slice(0, MOST_PLACES).map((place) => placeOf(place, input));
  return {
    rule: rule.id,
    severity: fault.severity ?? rule.severity,
    ...(where && Object.keys(where).length > 0 && { where }),
    message: fault.message.replace(/^one /, "One "),
    fix: fault.fix ?? rule.fix,
    source: fault.source ?? rule.source,
    ...(at.length > 1 && { count: at.length, elsewhere }),
    ...(features && { features }),
    ...(reach !== undefined && { reach: Math.round(reach * 1000) / 1000 }),
  };
}

function placeOf(place: MailElement | Place, { html, digest }: CheckInput): Place {
  if (!html || !("attributes" in place)) return place;
  const story = digest && storyAt(place, html, digest);
  return {
    selector: selectorOf(place, html),
    ...(place.line !== undefined && { line: place.line }),
    ...(story !== undefined && { story }),
  };
}

import type { Finding, Place, Report, NotRun, Severity, Tally } from "./finding.ts";
import { type MailElement, memo, type HtmlDocument, outwards } from "./html/mail-element.ts";
import { storyAt } from "./content/stories.ts";
import type { Fault, Spot } from "./fault.ts";
import {
  type CheckInput,
  NothingToCheck,
  type Outcome,
  type Rule,
  type RuleFacts,
} from "./rule.ts";
import { OUTSIDE_RULES, RULES } from "./rules.ts";
import { parseHtml } from "./html/parse-html.ts";
import { audienceOf } from "./support/audience.ts";

/** As many places as an editor would look at; the count tells how many there are. */
const MOST_PLACES = 20;

/**
 * What the rules say of an email or a message, with one verdict. What takes more than the email itself is
 * listed as not run: see `withChecked`.
 */
export function checkEmail(input: CheckInput): Report {
  const { findings, notRun } = runRules(RULES, input);
  const outside = OUTSIDE_RULES.map(({ id, why }) => ({ rule: id, why }));
  return reportOf(input.target, { findings, notRun: [...notRun, ...outside] });
}

/** What these rules find, in their own order. */
function runRules(rules: readonly Rule[], input: CheckInput): Checked {
  const findings: Finding[] = [];
  const notRun: NotRun[] = [];
  for (const rule of rules) {
    const outcome = rule.run(input);
    if (outcome instanceof NothingToCheck) notRun.push({ rule: rule.id, why: outcome.why });
    else findings.push(...faultsIn(outcome).map((fault) => findingOf(rule, fault, input)));
  }
  return { findings, notRun };
}

function faultsIn(outcome: Exclude<Outcome, NothingToCheck>): readonly Fault[] {
  if (typeof outcome === "string") return [{ message: outcome }];
  return "message" in outcome ? [outcome] : outcome;
}

export function findingOf(rule: RuleFacts, fault: Fault, input: CheckInput): Finding {
  const { at = [], reach, features } = fault;
  const [where, ...elsewhere] = at.slice(0, MOST_PLACES).map((place) => placeOf(place, input));
  return {
    rule: rule.id,
    severity: fault.severity ?? rule.severity,
    ...(fault.holds && { holds: true }),
    ...(where && Object.keys(where).length > 0 && { where }),
    message: fault.message.replace(/^one /, "One "),
    fix: fault.fix ?? rule.fix,
    source: fault.source ?? rule.source,
    ...(at.length > 1 && { count: at.length, elsewhere }),
    ...(features && { features }),
    ...(reach !== undefined && { reach: Math.round(reach * 1000) / 1000 }),
  };
}

function placeOf(spot: Spot, { html, digest }: CheckInput): Place {
  if ("story" in spot) return { story: spot.story };
  const line = spot.line === undefined ? {} : { line: spot.line };
  if (!html || !("attributes" in spot)) return line;
  const story = digest && storyAt(spot, html, digest);
  return { selector: selectorOf(spot, html), ...line, ...(story !== undefined && { story }) };
}

export interface CheckOptions {
  readonly subject?: string;
  /** The text part, to be compared. */
  readonly text?: string;
  /** Shares or counts of readers by mail program, such as `{ gmail: 3, "outlook.windows": 1 }`. */
  readonly audience?: Readonly<Record<string, number>>;
}

/**
 * What would go wrong with an email's HTML in an inbox, be it Broadsheet's or another program's: whatever the HTML is, it
 * comes to a report. What takes more than the HTML, such as a browser or the message, is in `notRun`.
 */
export function checkHtml(html: string, { subject, text, audience }: CheckOptions = {}): Report {
  const readers = audience && { audience: audienceOf(audience) };
  return checkEmail({ target: "html", html: parseHtml(html), subject, text, ...readers });
}

/** How many elements have each id, which should be one. */
const idCounts = memo(({ elements }: HtmlDocument) => {
  const counts = new Map<string, number>();
  for (const { attributes } of elements) {
    const id = attributes.get("id");
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
});

/**
 * A CSS selector that finds this element and no other: its id where it has one of its own, else the way
 * to it from the nearest ancestor that has, or from the root.
 */
function selectorOf(element: MailElement, html: HtmlDocument): string {
  const steps: string[] = [];
  for (const at of outwards(element)) {
    const id = at.attributes.get("id") ?? "";
    if (PLAIN.test(id) && idCounts(html).get(id) === 1) return [`#${id}`, ...steps].join(" > ");
    steps.unshift(step(at));
  }
  return steps.join(" > ");
}

/** What needs no escape in a selector (CSS Selectors 4 §6.7). */
const PLAIN = /^[a-z][\w-]*$/i;

/** The element among its siblings; a name with a colon or worse in it is no type selector. */
function step({ name, parent, index }: MailElement): string {
  const siblings = (parent?.children ?? []).filter((child) => typeof child !== "string");
  const own = PLAIN.test(name) ? name : "*";
  const alike = own === "*" ? siblings : siblings.filter((sibling) => sibling.name === name);
  if (alike.length <= 1) return own;
  const at = alike.findIndex((sibling) => sibling.index === index) + 1;
  return `${own}:nth-${own === "*" ? "child" : "of-type"}(${at})`;
}

/** What some rules came to. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
}

/** One verdict: first what stops a send, then what meets the most readers. */
function reportOf(target: string, { findings, notRun }: Checked): Report {
  const sorted = findings.toSorted(bySeverity);
  return {
    target,
    verdict: sorted.some(({ severity }) => severity === "error") ? "fail" : "pass",
    findings: sorted,
    notRun,
  };
}

/** A report with what other checkers found: a rule that they ran no longer counts as not run. */
export function withChecked(report: Report, ran: readonly string[], checked: Checked): Report {
  const rules = new Set(ran);
  const found = new Set(report.findings.map(({ rule }) => rule));
  const findings = [...report.findings, ...checked.findings].filter(
    ({ rule }) => !isSeenBetter(rule, rules, checked.notRun) && !found.has(SAME.get(rule) ?? ""),
  );
  const notRun = [...report.notRun.filter(({ rule }) => !rules.has(rule)), ...checked.notRun];
  return reportOf(report.target, { findings, notRun });
}

/** What a browser sees for itself needs no guess from the source. */
const SEEN_BY: ReadonlyMap<string, string> = new Map([
  ["declared-contrast", "contrast-light"],
  ["declared-contrast-dark", "contrast-dark"],
]);

/** What axe-core says once more, in the words of web pages. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["axe-image-alt", "image-alt"],
  ["axe-link-name", "link-name"],
  ["axe-page-has-heading-one", "headings"],
  ["axe-heading-order", "headings"],
  ["axe-document-title", "title"],
  ["axe-meta-viewport", "viewport"],
]);

function isSeenBetter(rule: string, ran: ReadonlySet<string>, notRun: readonly NotRun[]): boolean {
  const seenBy = SEEN_BY.get(rule);
  return seenBy !== undefined && ran.has(seenBy) && !notRun.some((left) => left.rule === seenBy);
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Of the same severity, the rules' own order is kept. */
function bySeverity(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || (b.reach ?? 1) - (a.reach ?? 1);
}

/** How many rules were run, and hold. Notes are no reason to look again, so a rule with nothing else passes. */
export function tallyOf({ findings, notRun }: Pick<Report, "findings" | "notRun">): Tally {
  const skipped = new Set(notRun.map(({ rule }) => rule));
  const ran = [...RULES, ...OUTSIDE_RULES].filter(({ id }) => !skipped.has(id));
  const faulty = new Set(
    findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule),
  );
  const passed = ran.filter(({ id }) => !faulty.has(id) && !(id === "axe" && hasAxe(findings)));
  return { passed: passed.length, ran: ran.length };
}

function hasAxe(findings: readonly Finding[]): boolean {
  return findings.some(({ rule, severity }) => rule.startsWith("axe-") && severity !== "info");
}

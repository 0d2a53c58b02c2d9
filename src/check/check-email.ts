import { type MailElement, memo, type HtmlDocument, outwards, parseHtml } from "./html-document.ts";
import type { Finding, NotRun, Place, Report, Severity, Tally } from "./finding.ts";
import { readMessage } from "./mail-message.ts";
import { OUTSIDE_RULES } from "./outside-rules.ts";
import {
  type Fault,
  type Spot,
  type CheckInput,
  NothingToCheck,
  type Outcome,
  type Rule,
  type RuleFacts,
} from "./rule.ts";
import { CHROME_RULES } from "./rules/chrome.ts";
import { CLIENT_RULES } from "./rules/clients.ts";
import { DOCUMENT_RULES, STRUCTURE_RULES } from "./rules/document.ts";
import { HEADER_RULES } from "./rules/headers.ts";
import { IMAGE_RULES, LAYOUT_RULES } from "./rules/images.ts";
import { LEFTOVER_RULES } from "./rules/leftovers.ts";
import { LINK_RULES } from "./rules/links.ts";
import { COLOUR_RULES, DARK_RULES, TYPE_RULES } from "./rules/look.ts";
import { PART_RULES } from "./rules/parts.ts";
import { SUPPORT_RULES } from "./rules/support.ts";

/** Rules for the HTML part. Findings of the same severity are reported in this order. */
export const HTML_RULES: readonly Rule[] = [
  ...LEFTOVER_RULES,
  ...LINK_RULES,
  ...CHROME_RULES,
  ...IMAGE_RULES,
  ...COLOUR_RULES,
  ...CLIENT_RULES,
  ...STRUCTURE_RULES,
  ...DOCUMENT_RULES,
  ...TYPE_RULES,
  ...LAYOUT_RULES,
  ...DARK_RULES,
  ...SUPPORT_RULES,
];

/** Rules for a message: its header, its parts, and the agreement between them. */
export const MESSAGE_RULES: readonly Rule[] = [...HEADER_RULES, ...PART_RULES];

const RULES = [...HTML_RULES, ...MESSAGE_RULES];

/** The maximum number of places listed per finding. The count has the total. */
const MOST_PLACES = 20;

/**
 * Checks an email or a message with the static rules. Rules that need more than the email itself are listed as not run: see
 * `withChecked`.
 */
export function checkEmail<Input extends CheckInput = CheckInput>(
  input: Input,
  rules: readonly Rule<Input>[] = RULES,
): Report {
  const findings: Finding[] = [];
  const notRun: NotRun[] = [];
  for (const rule of rules) {
    const outcome = rule.run(input);
    if (outcome instanceof NothingToCheck) notRun.push({ rule: rule.id, why: outcome.why });
    else findings.push(...faultsIn(outcome).map((fault) => findingOf(rule, fault, input)));
  }
  const outside = OUTSIDE_RULES.map(({ id, why }) => ({ rule: id, why }));
  return reportOf(input.target, { findings, notRun: [...notRun, ...outside] });
}

function faultsIn(outcome: Exclude<Outcome, NothingToCheck>): readonly Fault[] {
  if (typeof outcome === "string") return [{ message: outcome }];
  return "message" in outcome ? [outcome] : outcome;
}

/** Parses the parts of a message. For an issue, its own HTML is used, because there pictures have their file names. */
export async function messageInput(
  raw: Buffer,
  given?: string,
): Promise<Omit<CheckInput, "target">> {
  const message = await readMessage(raw);
  const { text, subject } = message;
  const html = given ?? message.html;
  return { subject, text, message, html: html === undefined ? undefined : parseHtml(html) };
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

function placeOf(spot: Spot, { html, content }: CheckInput): Place {
  if ("story" in spot) return spot;
  const line = spot.line === undefined ? {} : { line: spot.line };
  if (!html || !("attributes" in spot)) return line;
  return { selector: selectorOf(spot, html), ...line, ...content?.storyAt(spot) };
}

/** The elements by id. An id should be unique. */
const byId = memo(({ elements }: HtmlDocument) =>
  Map.groupBy(elements, ({ attributes }) => attributes.get("id") ?? ""),
);

/**
 * Returns a CSS selector that finds only this element: its id if that is unique, otherwise the path from the nearest ancestor
 * with a unique id, or from the root.
 */
function selectorOf(element: MailElement, html: HtmlDocument): string {
  const steps: string[] = [];
  for (const at of outwards(element)) {
    const id = at.attributes.get("id") ?? "";
    if (PLAIN.test(id) && byId(html).get(id)?.length === 1) return [`#${id}`, ...steps].join(" > ");
    steps.unshift(step(at));
  }
  return steps.join(" > ");
}

/** Names that need no escaping in a selector (CSS Selectors 4 §6.7). */
const PLAIN = /^[a-z][\w-]*$/i;

/** One step of the path to an element. A name with special characters is no type selector. */
function step({ name, parent, index }: MailElement): string {
  const siblings = (parent?.children ?? []).filter((child) => typeof child !== "string");
  const own = PLAIN.test(name) ? name : "*";
  const alike = own === "*" ? siblings : siblings.filter((sibling) => sibling.name === name);
  if (alike.length <= 1) return own;
  const at = alike.findIndex((sibling) => sibling.index === index) + 1;
  return `${own}:nth-${own === "*" ? "child" : "of-type"}(${at})`;
}

/** The results of some rules. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
}

/** Makes the report. Findings that stop a delivery come first, then those that affect the most readers. */
function reportOf(target: string, { findings, notRun }: Checked): Report {
  const sorted = findings.toSorted(bySeverity);
  return {
    target,
    verdict: sorted.some(({ severity }) => severity === "error") ? "fail" : "pass",
    findings: sorted,
    notRun,
  };
}

/** Adds the findings of other checkers to a report. A rule that they ran is removed from `notRun`. */
export function withChecked(report: Report, ran: readonly string[], checked: Checked): Report {
  const rules = new Set(ran);
  const found = new Set(report.findings.map(({ rule }) => rule));
  const findings = [...report.findings, ...checked.findings].filter(
    ({ rule }) => !isSeenBetter(rule, rules, checked.notRun) && !found.has(SAME.get(rule) ?? ""),
  );
  const notRun = [...report.notRun.filter(({ rule }) => !rules.has(rule)), ...checked.notRun];
  return { ...report, ...reportOf(report.target, { findings, notRun }) };
}

/** Static rules that a browser makes unnecessary, because it sees the result. */
const SEEN_BY: ReadonlyMap<string, string> = new Map([
  ["declared-contrast", "contrast-light"],
  ["declared-contrast-dark", "contrast-dark"],
]);

/** The rules of axe-core that repeat one of our own. */
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

/** Sorts findings by severity, and then by the order of the rules. */
function bySeverity(a: Finding, b: Finding): number {
  return RANK[a.severity] - RANK[b.severity] || (b.reach ?? 1) - (a.reach ?? 1);
}

/** Counts the rules that were run and those that passed. A rule with only notes passes. */
export function tallyOver(
  rules: readonly RuleFacts[],
  { findings, notRun }: Pick<Report, "findings" | "notRun">,
): Tally {
  const skipped = new Set(notRun.map(({ rule }) => rule));
  const ran = [...rules, ...OUTSIDE_RULES].filter(({ id }) => !skipped.has(id));
  const faulty = new Set(
    findings.filter(({ severity }) => severity !== "info").map(({ rule }) => rule),
  );
  const passed = ran.filter(({ id }) => !faulty.has(id) && !(id === "axe" && hasAxe(findings)));
  return { passed: passed.length, ran: ran.length };
}

function hasAxe(findings: readonly Finding[]): boolean {
  return findings.some(({ rule, severity }) => rule.startsWith("axe-") && severity !== "info");
}

import { findingOf, type Checked } from "./check-email.ts";
import type { Finding } from "./finding.ts";
import { type Fault, plural, type CheckInput } from "./rule.ts";
import type { Severity } from "./finding.ts";
import { linkFaultOf, linksOf, isUnsubscribe } from "./content.ts";
import { attribute, type HtmlDocument, type MailElement, named } from "./html-document.ts";
import {
  BROWSER_RULES,
  type BrowserRuleId,
  LINKS_ANSWER,
  DKIM_VERIFIES,
  SPAM_WORDS,
} from "./outside-rules.ts";

/** The answer to a request, as far as a report shows it. */
interface Outcome {
  readonly kind: string;
  readonly why?: string;
  readonly fix?: string;
  readonly isTemporary?: boolean;
  readonly movedTo?: string;
}

/** The maximum number of requested links. No real mail has more, and each costs its server a request. */
const MOST_ASKED = 200;

/**
 * The addresses of an email's links and pictures, without duplicates. Unsubscribe links are omitted, because some unsubscribe
 * at the first request.
 */
export function addressesToAsk({ html, promises }: CheckInput): string[] {
  if (!html) return [];
  const ending = new Set(endingLinks(html, promises?.unsubscribe));
  const addresses = [...placesOf(html).keys()].filter((address) => !ending.has(address));
  return addresses.slice(0, MOST_ASKED);
}

/** Makes a finding for each bad answer, and one for all good answers. */
export function linkFindings(input: CheckInput, outcomes: ReadonlyMap<string, Outcome>): Checked {
  const { html, promises } = input;
  if (!html) return { findings: [], notRun: [{ rule: LINKS_ANSWER.id, why: "there is no HTML" }] };
  const places = placesOf(html);
  const findings = [...outcomes].flatMap(([address, outcome]) =>
    findingsOf(address, outcome, places.get(address) ?? [], input),
  );
  const good = [...outcomes.values()].filter(({ kind }) => kind === "answers").length;
  const answered =
    good === 0 ? [] : [note(plural(good, "address answers", "addresses answer"), input)];
  const left =
    endingLinks(html, promises?.unsubscribe).length + Math.max(0, places.size - MOST_ASKED);
  const why = `${plural(left, "address was", "addresses were")} not asked: that might end a subscription, or be too many`;
  const notRun = left === 0 ? [] : [{ rule: LINKS_ANSWER.id, why }];
  return { findings: [...findings, ...answered], notRun };
}

function findingsOf(
  address: string,
  outcome: Outcome,
  at: readonly MailElement[],
  input: CheckInput,
): Finding[] {
  const { why = "", fix, movedTo } = outcome;
  const finding = (fault: Fault) => [findingOf(LINKS_ANSWER, { ...fault, at }, input)];
  if (outcome.kind === "answers") {
    if (movedTo === undefined) return [];
    const message = `${shown(address)} has moved to ${shown(movedTo)} for good`;
    return finding({ message, fix: "write the new address", severity: "info" });
  }
  const severity = severityOf(outcome);
  const cure = fix !== undefined && severity !== "error" && { fix };
  return finding({ message: why, ...cure, severity });
}

/** A server that rejects programs may accept readers, and a temporary failure may be over when readers come. */
function severityOf({ kind, isTemporary }: Outcome): Severity {
  if (kind === "refused") return "info";
  return isTemporary ? "warning" : "error";
}

function note(message: string, input: CheckInput): Finding {
  return findingOf(LINKS_ANSWER, { message, fix: "nothing", severity: "info" }, input);
}

/** All web addresses with the elements that contain them. */
function placesOf(html: HtmlDocument): Map<string, MailElement[]> {
  const places = new Map<string, MailElement[]>();
  const add = (address: string, element: MailElement) => {
    const fault = linkFaultOf(address);
    if (
      !/^https?:/i.test(address) ||
      (fault !== undefined && fault !== "insecure" && fault !== "local")
    )
      return;
    const [plain = ""] = address.split("#");
    places.set(plain, [...(places.get(plain) ?? []), element]);
  };
  for (const { href, element } of linksOf(html)) add(href, element);
  for (const image of named(html, "img")) add(attribute(image, "src"), image);
  return places;
}

function endingLinks(html: HtmlDocument, unsubscribe: string | undefined): string[] {
  const links = linksOf(html).filter((link) => link.href === unsubscribe || isUnsubscribe(link));
  return [...new Set(links.map(({ href }) => href).filter((href) => /^https?:/i.test(href)))];
}

function shown(address: string): string {
  const url = URL.parse(address);
  return url
    ? `${url.host}${url.pathname.length > 60 ? `${url.pathname.slice(0, 59)}…` : url.pathname}`
    : address;
}

/** The result of one signature. */
export interface SignatureVerdict {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: string;
  /** RFC 8601 §2.7.1: `pass`, `fail`, `neutral`, `policy`, `permerror`. */
  readonly result: string;
  readonly comment: string | undefined;
}

/** Makes a finding for each signature. A valid one is a note. */
export function dkimFindings(verdicts: readonly SignatureVerdict[], input: CheckInput): Finding[] {
  if (verdicts.length === 0)
    return [findingOf(DKIM_VERIFIES, { message: "The message has no DKIM signature" }, input)];
  return verdicts.map(({ domain, selector, algorithm, result, comment }) => {
    const who = `The DKIM signature of ${domain} (${selector}, ${algorithm})`;
    const isGood = result === "pass";
    const message = isGood ? `${who} verifies` : `${who} doesn't verify: ${comment ?? result}`;
    const more = isGood ? ({ severity: "info", fix: "nothing" } as const) : {};
    return findingOf(DKIM_VERIFIES, { message, ...more }, input);
  });
}

const LARGEST_RULES = 4;

/** Makes a note from SpamAssassin's report. The filters of real mail servers use more than its rules. */
export function spamFindings(report: string, input: CheckInput): Checked {
  const [, points, needed] =
    /^Content analysis details:\s+\(([\d.-]+) points, ([\d.-]+) required/m.exec(report) ?? [];
  if (points === undefined)
    return { findings: [], notRun: [{ rule: SPAM_WORDS.id, why: "SpamAssassin gave no report" }] };
  const rules = rulesIn(report).filter(({ score }) => score > 0);
  const listed = rules.slice(0, LARGEST_RULES).map(({ name, score }) => `${name} ${score}`);
  const because = listed.length > 0 ? `: ${listed.join(", ")}` : "";
  const message = `SpamAssassin gives it ${points} points, and takes ${needed} for spam${because}`;
  const fix = listed.length > 0 ? SPAM_WORDS.fix : "nothing";
  return { findings: [findingOf(SPAM_WORDS, { message, fix }, input)], notRun: [] };
}

/** Parses lines such as ` 0.7 MPART_ALT_DIFF  BODY: HTML and text parts are different`, the highest score first. */
function rulesIn(report: string): { name: string; score: number }[] {
  return [...report.matchAll(/^\s*(-?\d+\.\d+)\s+([A-Z][A-Z0-9_]{2,})\b/gm)]
    .map(([, score = "0", name = ""]) => ({ name, score: Number(score) }))
    .sort((a, b) => b.score - a.score);
}

/** Makes a finding of a browser rule. Values given with the message override those of the rule. */
export function browserFinding(
  rule: BrowserRuleId,
  finding: Partial<Finding> & Pick<Finding, "message">,
): Finding {
  const { severity, fix, source } = BROWSER_RULES[rule];
  return { rule, severity, fix, source, ...finding };
}

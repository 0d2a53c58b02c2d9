import { hashId } from "../article/identity.ts";
import type { Finding, Missing, Report } from "../check/finding.ts";
import type { Schedule } from "../config/config.ts";
import type { IssueRecord } from "../delivery/io/issue-records.ts";
import { leftIn, leftWords, type PlannedIssue, refusedByAll } from "../delivery/ledger.ts";
import { isCanaryOut } from "../delivery/canary.ts";
import { isOpen } from "../delivery/life.ts";
import { type BroadsheetError, ERROR_CODES, type ErrorCode } from "../errors.ts";
import { momentText } from "../platform/clock.ts";
import type { NewLine } from "../digest/operations/operation.ts";
import type { KeptEdits } from "../issue/stages.ts";
import { counted, many } from "../platform/text.ts";
import {
  cureBy,
  type Notice,
  type NoticeFix,
  type NoticeOperation,
  shellWord,
} from "../platform/notice.ts";
import type { SourceHealth } from "../sources/io/cursor.ts";
import { listed, named, oldText, withoutName } from "../sources/left-out.ts";
import type { Blocked, LeaveRequest, WaitingMails } from "../subscribers/subscriber.ts";
import { type Agenda, agendaAt, ON_TIME_MS } from "./agenda.ts";

/** The facts from which all notices are derived. A fact that was not gathered is absent. */
export interface NoticeFacts {
  /** Issues whose folders were read. */
  readonly issues?: readonly IssueFacts[];
  /** The results of the config's sources for the last issue. */
  readonly sources?: readonly Omit<SourceHealth, "source">[];
  readonly schedule?: ScheduleFacts | undefined;
  /** Issues whose sending has begun, the latest first. */
  readonly sendings?: readonly SendingFacts[];
  /** Issues of which a restored store has no record. */
  readonly lost?: readonly Pick<IssueRecord, "slot" | "lost">[];
  readonly quarantined?: number;
  /** The messages that servers blocked, by issue, the latest first. */
  readonly blocked?: readonly Blocked[];
  readonly leaveRequests?: readonly LeaveRequest[];
  /** The waiting mails to visitors and readers, and the limit in the config. */
  readonly mails?: Partial<WaitingMails> & { readonly perHour?: number | undefined };
  /** Faults of the whole store or of the secret. */
  readonly store?: readonly BroadsheetError[];
}

export interface IssueFacts {
  readonly slot: string;
  readonly report: Pick<Report, "findings" | "leftOut">;
  /** Whether it was sent or is being sent. Its stories have no notices then. */
  readonly isFrozen?: boolean;
  /** The error of an issue with sample articles, which is never sent to the list. */
  readonly sample?: BroadsheetError | undefined;
  /** The error in its digest.json. No command can build or send the issue until it is corrected. */
  readonly broken?: BroadsheetError | undefined;
  /** The state of the editor's operations. */
  readonly edits?: Pick<KeptEdits, "setAside" | "changed" | "unapplied"> | undefined;
}

interface ScheduleFacts {
  readonly schedule: Schedule;
  /** The beginning of the timetable. */
  readonly since?: Date | undefined;
  /** The time since which the newsletter is held. */
  readonly heldAt?: Date | undefined;
  /** The latest issues of the schedule, the latest first. */
  readonly latest: readonly IssueRecord[];
  /** The open issues, and the finished ones of the last days. */
  readonly recent: readonly IssueRecord[];
  /** A draft with an editor's changes that the schedule will not send, and the next issue if it can still take them. */
  readonly leftBehind?: { readonly draft: string; readonly next?: string | undefined } | undefined;
}

export interface SendingFacts extends Pick<
  PlannedIssue,
  "issue" | "counts" | "nextTry" | "postponed" | "canary"
> {
  /** Its record, if it is held. `why` is the reason if the canary stopped it. */
  readonly held?: Pick<IssueRecord, "heldAt" | "why"> | undefined;
  /** Whether the next run continues it. */
  readonly isTended: boolean;
  /** The text that its files have changed since its sending began. */
  readonly since?: string | undefined;
}

/**
 * The notices about everything that is left out, doubted, failing or waiting. Each occurs once, and the most severe come
 * first. Only this function decides what is wrong.
 */
export function noticesOf(facts: NoticeFacts, now: Date): Notice[] {
  const faults = new Map<string, IssueRecord>();
  for (const record of facts.schedule?.recent ?? [])
    if (isOpen(record.state) && record.whyCode !== undefined) faults.set(record.slot, record);
  const all = [
    ...(facts.store ?? []).map((error) => ofError(error)),
    ...ofSendings(facts.sendings ?? [], faults, now),
    ...(facts.lost ?? []).map(ofLost),
    ...(facts.schedule ? ofSchedule(facts.schedule, facts.sendings ?? [], now) : []),
    ...ofReaders(facts),
    ...ofMails(facts.mails ?? {}),
    ...(facts.blocked ?? []).slice(0, 1).map(ofBlocked),
    ...(facts.issues ?? []).flatMap(ofIssue),
    ...ofSources(facts.issues ?? [], facts.sources),
  ];
  // A fault of the whole store is shown once, and not again for each issue.
  const known = new Set<string | undefined>(facts.store?.map(({ code }) => code));
  const own = all.filter(({ id, code }) => !id.startsWith("fault:") || !known.has(code));
  const once = own.filter(({ id }, at) => own.findIndex((one) => one.id === id) === at);
  return SEVERITIES.flatMap((severity) => once.filter((one) => one.severity === severity));
}

const SEVERITIES = ["stop", "look", "note"] as const;

function look(
  id: string,
  about: Notice["about"],
  message: string,
  fix: NoticeFix = {},
  more: Partial<Notice> = {},
): Notice {
  return { id, severity: "look", about, message: inLine(message), fix, ...more };
}

/** The notice of an error that keeps readers from an issue. */
function ofError({ code, message, fix }: BroadsheetError, slot?: string): Notice {
  const [id, about] = slot === undefined ? [code, {}] : [`${code}:${slot}`, { slot }];
  return look(id, about, message.replace(NOT_SENT, ""), said(fix), { severity: "stop", code });
}

function ofBroken({ code, message, where, fix }: BroadsheetError, slot: string): Notice {
  const line = where?.line === undefined ? "" : `, line ${where.line}`;
  const says = `digest.json of ${slot} can't be read${line}: ${message}`;
  return look(`${code}:${slot}`, { slot }, says, said(fix), { severity: "stop", code });
}

function said(says: string | undefined): NoticeFix {
  return says === undefined ? {} : { says: inLine(says) };
}

function inLine(text: string): string {
  return text.replace(/:\s*\n\s*/g, ": ").replace(/\s*\n\s*/g, "; ");
}

/** The findings of the check, and the state of an editor's changes. */
function ofIssue({ slot, report, isFrozen, sample, broken, edits }: IssueFacts): Notice[] {
  const old = (report.leftOut ?? []).filter(({ why }) => why === "old");
  const later = (report.leftOut ?? []).filter(({ why }) => why === "later");
  const findings = isFrozen
    ? []
    : report.findings.filter(({ rule }) => !(sample && rule === "placeholder"));
  const them = old.length === 1 ? "it" : "them";
  const mended = `give ${them} a later date, make \`window\` longer, or move ${them} away`;
  return [
    ...(sample && !isFrozen ? [ofError(sample, slot)] : []),
    ...(broken && !isFrozen ? [ofBroken(broken, slot)] : []),
    ...findings.map((finding) => ofFinding(finding, slot)),
    ...(edits && !isFrozen ? ofEdits(edits, slot) : []),
    ...(old.length > 0 ? [look(`old:${slot}`, { slot }, oldText(old), { says: mended })] : []),
    ...later.map(({ count }) => ofLater(slot, count)),
  ];
}

function ofLater(slot: string, count = 0): Notice {
  const message = `${many(count, "new article")} left for a later issue`;
  const says = "`maxItems` and the limits of sources set the number of articles in an issue";
  return look(`later:${slot}`, { slot }, message, { says }, { severity: "note" });
}

const WEIGHTS = { error: "stop", warning: "look", info: "note" } as const;

function ofFinding(finding: Finding, slot: string): Notice {
  const { rule, severity, holds, where, message, fix } = finding;
  const { story, id } = where ?? {};
  const code: ErrorCode | undefined =
    severity === "error" ? "CHECK_FAILED" : holds ? "CONTENT_DOUBTFUL" : undefined;
  return look(
    `finding:${slot}:${rule}:${story ?? ""}:${message}`,
    { slot, rule, ...(story !== undefined && { story }), id },
    message,
    { ...said(fix), ...mendsOf(finding) },
    code === undefined ? { severity: WEIGHTS[severity] } : { severity: "stop", code },
  );
}

/** Rules that ask for a look at a story. An editor who has looked may accept the story as it is. */
const SETTLED_BY_ACCEPTING = new Set(
  "reading-doubted gist-doubted line-doubted line-language ready own-words dead-end sentence-whole story-empty picture-alt headline-site word-torn lone-word crowded picture-lost".split(
    " ",
  ),
);
const SETTLED_BY_HIDING = new Set(
  "reading-doubted story-empty mixed-alphabets line-language".split(" "),
);

/** The cures of a finding that need one click. */
function mendsOf({ rule, where = {} }: Finding): NoticeFix {
  const { id, sentence, headline, other, restores } = where;
  if (restores) return atClick(["Bring it back", restores]);
  if (rule === "letter-text")
    return atClick(["Make it a digest", { op: "set", field: "template", value: "digest" }]);
  if (rule === "hero-low")
    return atClick([
      "Leave out the contents",
      { op: "set", field: "modules.contents", value: false },
    ]);
  if (id === undefined) return {};
  const set = { op: "set", id } as const;
  return atClick(
    [
      "Add the link",
      rule === "dead-end" && { ...set, field: "article.url", asks: "The address of the article" },
    ],
    [
      "Add the words",
      rule === "picture-alt" && { ...set, field: "picture.alt", asks: "What the picture shows" },
    ],
    [
      "Use the shorter headline",
      headline !== undefined && { ...set, field: "short.headline", value: headline },
    ],
    ["Move it to brief", rule === "copy-fit" && { ...set, field: "weight", value: "line" }],
    ["Join the two", other !== undefined && { op: "join", id, value: other }],
    ["Keep both", rule === "one-story" && other !== undefined && { op: "part", id, value: other }],
    [
      "Leave the picture out",
      rule === "picture-lost" && { op: "set", id, field: "article.images", value: [] },
    ],
    ["Accept", SETTLED_BY_ACCEPTING.has(rule) && { op: "accept", id, value: true }],
    ["Hide the story", SETTLED_BY_HIDING.has(rule) && { op: "hide", id, value: true }],
    ["Strike it", sentence !== undefined && { op: "remove", id, field: "keyPoint", sentence }],
    ["Take it out", rule === "kicker" && { op: "set", id, field: "article.kicker" }],
  );
}

type MendingLine = NewLine & Pick<NoticeOperation, "asks">;

/** The given operations, at most two, with the labels of their buttons. */
function atClick(
  ...given: readonly (readonly [label: string, line: MendingLine | false | undefined])[]
): NoticeFix {
  const [operation, otherwise] = given.flatMap(([label, line]) =>
    line ? [{ label, ...line }] : [],
  );
  return { ...(operation && { operation }), ...(otherwise && { otherwise }) };
}

/** A quotation in a notice. A long text is cut, as the file has all of it. */
function quoted(text: string): string {
  return text.length > LONGEST_QUOTE
    ? `“${text.slice(0, LONGEST_QUOTE).toWellFormed()}…”`
    : `“${text}”`;
}

const LONGEST_QUOTE = 400;

function ofEdits(
  { setAside, changed, unapplied }: NonNullable<IssueFacts["edits"]>,
  slot: string,
): Notice[] {
  const file = `${slot}.edits.jsonl`;
  const of = (what: string, about: Notice["about"], message: string, fix: NoticeFix) =>
    look(`edit:${slot}:${hashId(what)}`, { slot, ...about }, message, fix);
  return [
    ...setAside.map(({ title, text, story: id, back, drop }) => {
      const message = `“${title}”: your text has no place in the issue now and is set aside: ${quoted(text)}`;
      const label = back?.op === "part" ? "Part the stories" : "Use these words";
      return of(text, { story: title, id }, message, atClick([label, back], ["Drop it", drop]));
    }),
    ...changed.map(({ id, story, title, field, was, now, drop }) => {
      const instead = now === "" ? "there is no new text" : `the new text is ${quoted(now)}`;
      const message = `“${title}”: the article has changed since you wrote ${quoted(was)} (${field}): ${instead}`;
      const sentence = field === "keyPoint" && { sentence: was };
      const keep = { op: "accept", id, field, ...sentence } as const;
      const label = now === "" ? "Drop mine" : "Take the new text";
      const fix = atClick(["Keep mine", keep], [label, drop]);
      return of(`${field}:${was}`, { story: title, id: story }, message, fix);
    }),
    ...unapplied.map(({ says, n }) => {
      const drop = n !== undefined && { op: "drop" as const, undoes: [n] };
      return of(says, {}, `${file}: not applied: ${says}`, atClick(["Drop it", drop]));
    }),
  ];
}

type MissingIn = Missing & { readonly slot?: string };

/** The sources and articles that could not be read. For a sent issue, only those whose source still fails. */
function ofSources(issues: readonly IssueFacts[], health: NoticeFacts["sources"] = []): Notice[] {
  const failing = new Map(
    health.flatMap((one) => (one.error === undefined ? [] : [[one.name, one]])),
  );
  const missing = issues.flatMap(({ slot, report: { leftOut = [] }, isFrozen }) =>
    leftOut
      .filter(({ code, source = "" }) => code !== undefined && (!isFrozen || failing.has(source)))
      .map((one): MissingIn => Object.assign({ slot }, one)),
  );
  const isCovered = ({ name, error = "" }: Health) =>
    missing.some(({ source, message = " " }) => source === name || error.startsWith(message));
  const others = [...failing.values()]
    .filter((one) => !isCovered(one))
    .map(({ name, error = "", code }): MissingIn => {
      return { why: "unread", name, source: name, message: named(error, name), code: codeIn(code) };
    });
  const once = new Map([...missing, ...others].map((one) => [`${one.name} ${one.message}`, one]));
  // If a host is down, all its addresses fail. That is one notice.
  const alike = Map.groupBy(once.values(), (one) =>
    JSON.stringify([one.why, one.code, hostOf(one.name), bare(one)]),
  );
  return [...alike.values()].map((group) => ofAlike(group, failing));
}

type Health = NonNullable<NoticeFacts["sources"]>[number];

function bare({ name, message = "" }: MissingIn): string {
  return withoutName(message, name);
}

function hostOf(name: string): string | undefined {
  return /^https?:\/\//i.test(name) ? URL.parse(name)?.host : undefined;
}

function ofAlike(group: readonly MissingIn[], health: ReadonlyMap<string, Health>): Notice {
  const [first = { why: "unread", name: "" } satisfies MissingIn] = group;
  const { name, source = name, code, fix, slot } = first;
  const { failures = 0, lastSuccess: since } = health.get(source) ?? {};
  const stays = failures > 1 ? ` (for ${counted(failures)} issues)` : "";
  return look(
    `source:${name}:${bare(first)}`,
    { ...(slot !== undefined && { slot }), source },
    severalText(first, group) + stays,
    said(fix),
    { ...(code && { code }), ...(since && { since }) },
  );
}

function severalText(first: MissingIn, group: readonly MissingIn[]): string {
  const { message = "", name } = first;
  const host = hostOf(name);
  const [, ...others] = group.map((one) => one.name);
  if (others.length === 0) return message;
  if (host === undefined) return `${message}, like ${listed(others, MOST_ALIKE)}`;
  const what = bare(first);
  const begins = what.startsWith(host) ? what : `${host}: ${what}`;
  return `${begins}: ${many(group.length, "address", "addresses")}`;
}

/** The most files that are named for one fault. */
const MOST_ALIKE = 8;

/** A code from the store. A later version may have written an unknown one. */
function codeIn(code = ""): ErrorCode {
  return isCode(code) ? code : "INTERNAL";
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

const MOST_REQUESTS = 3;

/** Readers who get nothing until an operator decides. */
function ofReaders({ quarantined = 0, leaveRequests: asked = [] }: NoticeFacts): Notice[] {
  const held = `quarantined: ${many(quarantined, "reader")}, who get nothing until you decide`;
  const list = cureBy("release");
  const code = "READERS_QUARANTINED";
  const mails = `${counted(asked.length)} mails came to the unsubscribe address without a proof of their senders`;
  return [
    ...(quarantined > 0 ? [look(code, {}, held, list, { severity: "stop", code })] : []),
    ...(asked.length > MOST_REQUESTS
      ? [look("leave", {}, mails, cureBy("settleLeaving"))]
      : asked.map(ofLeaveRequest)),
  ];
}

/** The notice about waiting mails. Either the limit of mails is reached, or no process sends them. */
function ofMails({ count = 0, since, sent = 0, perHour = Infinity }: MailFacts): Notice[] {
  if (!since) return [];
  const wait = `${many(count, "mail")} to visitors and readers ${count === 1 ? "waits" : "wait"} since ${momentText(since)}`;
  const [why, says] =
    sent >= perHour
      ? [
          `${counted(sent)} were sent within an hour, as many as serve.joinsPerHour allows`,
          "they are sent by themselves, hour by hour",
        ]
      : [
          "`broadsheet serve` sends them, but it does not run or finds no mail server",
          "start it, or read its messages",
        ];
  return [look("mails", {}, `${wait}: ${why}`, { says }, { since })];
}

type MailFacts = NonNullable<NoticeFacts["mails"]>;

/** A mail to the unsubscribe address, with the commands that settle it. */
export function ofLeaveRequest({
  address,
  date,
  messageId = "without Message-ID",
}: LeaveRequest): Notice {
  const who = shellWord(address);
  const message = `a mail in the name of ${address} came to the unsubscribe address without a proof of its sender (${momentText(date)}, ${messageId})`;
  return look(`leave:${address}`, {}, message, {
    says: `if it is not from this reader: broadsheet subscribers keep ${who}; if it is`,
    ...cureBy("unsubscribe", address),
  });
}

/** The messages of the latest issue that servers blocked. */
function ofBlocked({ slot, count, domains, said: words }: Blocked): Notice {
  const where = listed(domains.split(","), MOST_ALIKE);
  const why = words.replaceAll(/\S*@\S*/g, "…");
  const message = `${many(count, "message")} of ${slot} bounced because servers block them (${where}): ${why}`;
  const says = "no reader is at fault; check SPF, DKIM, DMARC and block lists";
  return look(`blocked:${slot}`, { slot }, message, { says, ...cureBy("examine") });
}

/** The readers of the issues whose sending has begun. */
function ofSendings(
  sendings: readonly SendingFacts[],
  faults: ReadonlyMap<string, IssueRecord>,
  now: Date,
): Notice[] {
  return sendings.flatMap((sending, at) => {
    const { slot } = sending.issue;
    // Refusals of an older issue no longer matter when a later one was sent.
    const refusal = at === 0 ? refusedByAll(sending) : undefined;
    return [
      ...openOf(sending, now, faults.get(slot)),
      ...doubtIn(sending),
      ...(sending.since === undefined ? [] : [look(`changed:${slot}`, { slot }, sending.since)]),
      ...(refusal ? [ofError(refusal, slot)] : []),
    ];
  });
}

/** The reason why some readers don't have an issue yet. */
function openOf(sending: SendingFacts, now: Date, fault?: IssueRecord): Notice[] {
  const { held, canary, counts } = sending;
  const { slot } = sending.issue;
  if (held?.heldAt)
    return [ofHeld(slot, held.heldAt, canary?.verdict === "held" ? held.why : undefined)];
  if (fault) return [ofFault(fault, leftIn(counts))];
  if (!canary || !isCanaryOut(sending, now)) return leftOf(sending);
  const left = leftIn(counts);
  const wait = `${many(left, "reader")} of ${slot} ${left === 1 ? "gets" : "get"} it after ${momentText(canary.until)}, unless too many messages to the first readers bounce or cause complaints`;
  const fix = sending.isTended
    ? { says: "the next run after that sends it" }
    : { says: "then", ...cureBy("send", slot) };
  return [look(`canary:${slot}`, { slot }, wait, fix, { severity: "note" })];
}

function doubtIn({ issue: { slot }, counts: { uncertain } }: SendingFacts): Notice[] {
  if (uncertain === 0) return [];
  const message = `${many(uncertain, "reader")} may or may not have ${slot}`;
  const fix = cureBy("settle", slot);
  const doubt = { severity: "stop", code: "SMTP_UNCERTAIN" } as const;
  return [look(`uncertain:${slot}`, { slot }, message, fix, doubt)];
}

/** The beginning of the message of an error that refuses to send. */
const NOT_SENT = /^not sent: /;

/** The fault that the last run met, which keeps an open issue from its readers. */
function ofFault(
  { slot, why = "", whyCode, whySince, changedAt: since }: IssueRecord,
  left: number,
): Notice {
  const [what = "", ...does] = why.replace(NOT_SENT, "").split("; ");
  const wait = left > 0 ? `; ${many(left, "reader")} ${left === 1 ? "waits" : "wait"}` : "";
  const message = `${slot} is not sent since ${momentText(whySince ?? since)}: ${what}${wait}`;
  const fix = does.length > 0 ? { says: does.join("; ") } : {};
  const fault = { severity: "stop", code: codeIn(whyCode), since: whySince ?? since } as const;
  return look(`fault:${slot}`, { slot }, message, fix, fault);
}

/** The readers who don't have an issue yet: readers of a paused domain, readers who were sent nothing, and deferred readers. */
function leftOf({ issue: { slot }, counts, nextTry, postponed, isTended }: SendingFacts): Notice[] {
  const { count = 0, until } = postponed ?? {};
  const send = cureBy("send", slot);
  const next = nextTry ? [`next try from ${momentText(nextTry)}`] : [];
  const left = isTended ? [] : leftWords({ ...counts, planned: counts.planned - count });
  const later = isTended ? counts.deferred : 0;
  const paused = `${many(count, "reader")} of ${slot} ${count === 1 ? "waits" : "wait"} until ${until && momentText(until)}, because their server refuses your mail or does not answer`;
  const deferred = `${many(later, "reader")} of ${slot} ${later === 1 ? "is" : "are"} deferred`;
  const says = `the next run tries ${later === 1 ? "this reader" : "them"} again`;
  const note = { severity: "note" } as const;
  const open = `${slot} has not gone to all readers yet, ${[...left, ...next].join(", ")}`;
  const all = [
    until && look(`paused:${slot}`, { slot }, paused, isTended ? {} : send),
    later > 0 && look(`deferred:${slot}`, { slot }, [deferred, ...next].join(", "), { says }, note),
    left.length > 0 && look(`left:${slot}`, { slot }, open, send),
  ];
  return all.filter((one) => one !== false && one !== undefined);
}

/** The fix if no run comes for the schedule. */
const HAVE_IT_RUN: NoticeFix = { says: "have it run", ...cureBy("keepRunning") };

/** The number of missed slots that are named. */
const NAMED = 5;

function ofSchedule(facts: ScheduleFacts, sendings: readonly SendingFacts[], now: Date): Notice[] {
  const { schedule, since, heldAt, latest, leftBehind } = facts;
  const planned = new Set(sendings.map(({ issue }) => issue.slot));
  const waiting = latest.filter(({ state }) => state === "waiting");
  const common = [
    ...waiting.map((record) => ofWaiting(record, schedule)),
    ...sinceSent(latest, 1).flatMap((record) => {
      if (record.heldAt && isOpen(record.state)) return [ofHeld(record.slot, record.heldAt)];
      return planned.has(record.slot) ? [] : ofRecord(record, now);
    }),
    ...(leftBehind === undefined ? [] : [ofLeftBehind(leftBehind)]),
  ];
  if (heldAt) {
    const message = `held since ${momentText(heldAt)}`;
    const fix = cureBy("letGo");
    return [look("held", {}, message, fix, { since: heldAt }), ...common];
  }
  if (!since) {
    return [look("never", {}, "nothing has run for the schedule yet", HAVE_IT_RUN), ...common];
  }
  const agenda = agendaAt({ now }, schedule, { since, records: facts.recent });
  return [...missedIn(latest, agenda), ...overdue(agenda, latest, now), ...common];
}

/** The records since the latest sent issue, or since the one before it. Older records no longer matter. */
function sinceSent(records: readonly IssueRecord[], nth: 1 | 2): readonly IssueRecord[] {
  const sent = records.flatMap(({ state }, at) => (state === "sent" ? [at] : []));
  return records.slice(0, sent[nth - 1]);
}

/** Missed slots are shown until two later issues were sent, because the run that records them may itself send one. */
function missedIn(records: readonly IssueRecord[], { missed }: Agenda): Notice[] {
  const noted = sinceSent(records, 2).filter(({ state }) => state === "missed");
  const overtaken = noted.filter(({ why }) => why !== undefined);
  const alone = noted.filter(({ why }) => why === undefined).map(({ slot }) => slot);
  const names = [...new Set([...alone.toReversed(), ...missed.map(({ name }) => name)])];
  return [
    ...(names.length > 0 ? [ofMissed(names, missed.length > 0 ? HAVE_IT_RUN : {})] : []),
    ...overtaken.map(({ slot, why = "" }) =>
      look(`missed:${slot}`, { slot }, `${slot} was missed: ${why}`),
    ),
  ];
}

function ofMissed(names: readonly string[], fix: NoticeFix): Notice {
  const [only] = names;
  const why = "because nothing ran in time";
  if (names.length === 1 && only !== undefined)
    return look("missed", { slot: only }, `${only} was missed, ${why}`, fix);
  const message = `${counted(names.length)} issues were missed, ${why}: ${latestOf(names)}`;
  return look("missed", {}, message, fix);
}

function latestOf(names: readonly string[]): string {
  const shown = names.slice(-NAMED);
  const more = names.length - shown.length;
  const last = more > 0 ? `${counted(more)} before` : shown.pop();
  return `${shown.join(", ")} and ${last}`;
}

/** The notice about a due slot without a run, after the time that a cron may need. */
function overdue({ due }: Agenda, records: readonly IssueRecord[], now: Date): Notice[] {
  if (!due || records.some(({ slot }) => slot === due.name)) return [];
  if (now.getTime() - due.at.getTime() <= ON_TIME_MS) return [];
  const message = `${due.name} was due ${momentText(due.at)}, and nothing has run since`;
  return [look(`overdue:${due.name}`, { slot: due.name }, message, HAVE_IT_RUN, { since: due.at })];
}

function ofWaiting({ slot, at, changedAt, why }: IssueRecord, { maxLate }: Schedule): Notice {
  const until = momentText(new Date((at ?? changedAt).getTime() + maxLate));
  const because = why === undefined ? "" : `, as ${why}`;
  const since = momentText(changedAt);
  const message = `${slot} waits to be approved since ${since}, until ${until}${because}`;
  const fix = cureBy("approve", slot);
  return look(`waiting:${slot}`, { slot }, message, fix, { since: changedAt });
}

/** The notice about a held issue. `why`: the reason of its canary. */
function ofHeld(slot: string, heldAt: Date, why?: string): Notice {
  const fix = cureBy("letGo", slot);
  const message = `${slot} is held since ${momentText(heldAt)}`;
  if (why === undefined) return look(`held:${slot}`, { slot }, message, fix, { since: heldAt });
  const stop = { severity: "stop", code: "CANARY_STOPPED", since: heldAt } as const;
  return look(`held:${slot}`, { slot }, `${message}: ${why}`, fix, stop);
}

/** The notice about an issue of which a restored store has no record. */
function ofLost({ slot, lost }: Pick<IssueRecord, "slot" | "lost">): Notice {
  const [message, fix] =
    lost === "doubt"
      ? ([
          `all readers may or may not have ${slot}, of which the restored store has no record`,
          "settle",
        ] as const)
      : ([`the readers of ${slot} are settled, and are recorded when it is sent`, "send"] as const);
  return look(`lost:${slot}`, { slot }, message, cureBy(fix, slot));
}

function ofRecord(record: IssueRecord, now: Date): Notice[] {
  const { slot, state, why, whyCode, at, changedAt } = record;
  if (state === "expired") {
    const message = `${slot} was not sent in time: ${why ?? "it was never finished"}`;
    const fix = cureBy("send", slot);
    const code = "ISSUE_EXPIRED";
    const more = { severity: "stop", code, since: changedAt } as const;
    return [look(`expired:${slot}`, { slot }, message, fix, more)];
  }
  // The reason contains more than "nothing new".
  if (state === "empty" && why !== undefined && /[;,]/.test(why))
    return [look(`empty:${slot}`, { slot }, `${slot} was left empty: ${why}`)];
  if (!isOpen(state)) return [];
  if (state === "waiting") return [];
  if (whyCode !== undefined) return [ofFault(record, 0)];
  if (why !== undefined)
    return [
      look(`fault:${slot}`, { slot }, `${slot} is not sent yet: ${why.replace(NOT_SENT, "")}`),
    ];
  // A draft or an approved issue only waits for its time.
  const isDue = state !== "sending" && at !== undefined && at <= now;
  if (!isDue || now.getTime() - changedAt.getTime() <= ON_TIME_MS) return [];
  const message = `${slot} is not sent yet: nothing has run since ${momentText(changedAt)}`;
  return [look(`idle:${slot}`, { slot }, message, HAVE_IT_RUN, { since: changedAt })];
}

function ofLeftBehind({ draft, next }: NonNullable<ScheduleFacts["leftBehind"]>): Notice {
  const message = `the draft ${draft} has edits, and no schedule sends it`;
  if (next === undefined) {
    const says = "to have them in the next issue: broadsheet build --slot, with its slot";
    return look(`leftBehind:${draft}`, {}, message, { says });
  }
  return look(`leftBehind:${draft}`, { slot: next }, message, {
    says: `to have them in ${next}`,
    ...cureBy("carry", next, { from: draft }),
  });
}

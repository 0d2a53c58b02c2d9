import { BroadsheetError } from "../errors.ts";
import { isDoubtful, type Answers } from "../subscribers/judgement.ts";

/** The party at fault for a message that did not arrive. */
export const CAUSES = ["reader", "domain", "relay", "ourselves"] as const;

export type Cause = (typeof CAUSES)[number];

/** After this many refusals in a row, the fault does not lie with the recipients. */
const MOST_IN_A_ROW = 20;
/** After an accepted message, refusals in fewer domains than this may come from domains that have closed. */
const DOMAINS = 3;

/** Finds the moment at which a run must stop, because its server refuses all readers. */
export class RefusalRow {
  #hasAccepted: boolean;
  /** The recipient domains of the last refusals in a row. */
  #domains: string[] = [];

  /** `hasAccepted`: whether the server has accepted a message before. */
  constructor(hasAccepted = false) {
    this.#hasAccepted = hasAccepted;
  }

  accepted(): void {
    this.#hasAccepted = true;
    this.#domains = [];
  }

  /** Returns the reason if the run must stop. */
  refused(domain: string, said: string): BroadsheetError | undefined {
    this.#domains = [...this.#domains.slice(1 - MOST_IN_A_ROW), domain];
    const domains = new Set(this.#domains).size;
    if (this.#domains.length < MOST_IN_A_ROW) return undefined;
    if (this.#hasAccepted && domains < DOMAINS) return undefined;
    const what = this.#hasAccepted
      ? `${MOST_IN_A_ROW} readers in a row were refused, in ${domains} domains`
      : `the first ${MOST_IN_A_ROW} answers were refusals`;
    return refusesAll(what, said);
  }
}

/**
 * The end of a run.
 * - "asked": the list is done, and the server has refused a sample of the refused readers a second time.
 * - "waits": the run was interrupted, so its refusals are not confirmed yet.
 * - "died": the process died, so its refusals can no longer be confirmed.
 * - "blamed": the run stopped because the server or the sender is at fault.
 */
type Ending = "asked" | "waits" | "died" | "blamed";

/** The answers of the runs whose refusals are judged. */
export interface Evidence {
  readonly ending: Ending;
  /** The party at fault, if the ending is "blamed". */
  readonly blamed?: Cause | undefined;
  /** Whether a reader who had been refused was accepted when asked again. */
  readonly isContradicted: boolean;
  readonly accepted: number;
  readonly refused: number;
  /** The number of refused readers whose address does not exist, by the server's replies. */
  readonly unknown: number;
  /** The replies to all runs of the last two days, because an issue may go out in many small runs. */
  readonly period: Answers;
  /** Whether half of the recipient domains in these runs accepted at least as many messages as they refused. */
  readonly areDomainsWell: () => boolean;
  /** Whether every due recipient has been tried. */
  readonly isListDone: boolean;
  /** Whether the issue has expired, so that it is not sent any more. */
  readonly isExpired: boolean;
}

/** A reader that the server refused, with the history of this reader. */
export interface RefusedReader {
  readonly at: Date;
  /** Whether the server replied that the address doesn't exist. */
  readonly isUnknown: boolean;
  /** Whether a server ever accepted a message for this reader. */
  readonly hasAccepted: boolean;
  /** The time of the first reply that the address doesn't exist, in another run and since the last accepted message. */
  readonly unknownSince?: Date | undefined;
  /** The number of earlier refusals of this issue that did not count, and the time of the first. */
  readonly doubted: { readonly count: number; readonly since?: Date | undefined };
}

/**
 * The decision about a refused reader.
 * - "suppress": nothing is sent to the reader any more.
 * - "keep": the reader misses only this issue.
 * - "quarantine": nothing is sent to the reader until an operator decides.
 * - "again": the refusal doesn't count, and the reader is planned again.
 * - "give up": the refusal doesn't count, and the reader misses this issue.
 * - "wait": a later run of the issue decides.
 */
export type Verdict = "suppress" | "keep" | "quarantine" | "again" | "give up" | "wait";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** If a list is too small to judge the server, the issue is given up after this many runs, or after this time. */
const RUNS = 3;
const LONGEST_MS = 48 * HOUR_MS;

/** The conclusion about the server as a whole. */
type Finding = "relay" | "doubted" | "believed" | "open";

/** The decision about the refused readers of an issue. */
interface Judgement {
  /**
   * Whether the server reports too many readers as unknown to be believed. It may then also have been wrong about the
   * readers that earlier runs suppressed.
   */
  readonly isDoubted: boolean;
  /** The party at fault for all refusals; absent if each refusal keeps its own cause. */
  readonly cause?: Cause | undefined;
  readonly verdictOf: (reader: RefusedReader) => Verdict;
}

/** Decides about all refused readers, by the answers of the runs and the history of each reader. */
export function judge(evidence: Evidence): Judgement {
  const finding = findingOf(evidence);
  const isDoubted = finding === "doubted" || (finding === "relay" && isDoubtful(evidence.period));
  if (finding === "relay") {
    const isOurs = evidence.ending === "blamed" && !evidence.isContradicted;
    const verdictOf = (reader: RefusedReader) =>
      isGivenUp(evidence, reader) ? "give up" : "again";
    return { isDoubted, cause: isOurs ? evidence.blamed : "relay", verdictOf };
  }
  if (finding === "open")
    return { isDoubted, verdictOf: () => (evidence.isExpired ? "give up" : "wait") };
  const verdictOf = (reader: RefusedReader) => {
    if (!reader.isUnknown || !isEvident(reader)) return "keep";
    return isDoubted ? "quarantine" : "suppress";
  };
  return { isDoubted, cause: isDoubted ? "relay" : undefined, verdictOf };
}

function findingOf(evidence: Evidence): Finding {
  const { ending, isContradicted, accepted, refused, unknown, period } = evidence;
  if (isContradicted || ending === "blamed") return "relay";
  const isBelievable = accepted > 0 && (accepted >= refused || evidence.areDomainsWell());
  if (!isBelievable && ending !== "waits") return "relay";
  const isDoubted = isDoubtful({ answers: accepted + refused, unknown }) || isDoubtful(period);
  if (ending === "waits" || (ending === "died" && !isDoubted)) return "open";
  return isDoubted ? "doubted" : "believed";
}

/** One confirmed reply is enough if no message was ever accepted. Otherwise it takes two replies, a day apart. */
function isEvident({ at, hasAccepted, unknownSince = at }: RefusedReader): boolean {
  return !hasAccepted || Number(at) - Number(unknownSince) >= DAY_MS;
}

/** Whether a list on which no reader is accepted has been tried for long enough. */
function isGivenUp(evidence: Evidence, { at, doubted }: RefusedReader): boolean {
  const { ending, isContradicted, refused, isListDone } = evidence;
  if (isContradicted || ending !== "asked" || !isListDone || refused >= MOST_IN_A_ROW) return false;
  const { count, since = at } = doubted;
  return count + 1 >= RUNS || Number(at) - Number(since) >= LONGEST_MS;
}

/** The judgement of a run's refusals. */
export interface Judged {
  readonly evidence?: Pick<Evidence, "accepted" | "refused" | "isContradicted"> | undefined;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The last reply of the server. */
  readonly said: string;
}

export const NOTHING_JUDGED: Judged = {
  counts: { suppress: 0, keep: 0, quarantine: 0, again: 0, "give up": 0, wait: 0 },
  said: "",
};

/** The error of a run whose refusals don't count. Undefined if they count. */
export function errorIn({ evidence, counts, said }: Judged): BroadsheetError | undefined {
  if (!evidence) return undefined;
  const { accepted, refused, isContradicted } = evidence;
  if (isContradicted && counts.again > 0) return contradicts(counts.again, said);
  const what =
    accepted > 0
      ? `${refused} of ${refused + accepted} readers were refused`
      : `no reader was accepted in this run and ${refused} ${refused === 1 ? "was" : "were"} refused`;
  if (counts.again > 0) return refusesAll(what, said);
  return counts["give up"] > 0 && accepted === 0 ? givenUp(what, said) : undefined;
}

function contradicts(left: number, said: string): BroadsheetError {
  const what = `the server contradicts itself: it accepted readers that it had refused, and still refuses ${left}; the last answer: ${wordsOf(said)}`;
  return new BroadsheetError("SMTP_REFUSED", what, {
    fix: "ask the server's operator: one of its machines may be broken. No reader was taken off the list, and all refused readers will still get the issue: send again",
  });
}

function refusesAll(what: string, said: string): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${what}: the fault lies with the server or your settings, not with the readers; the last answer: ${wordsOf(said)}`,
    {
      fix: "check that the server accepts mail for these readers and from your address, then send again. No reader was taken off the list, and all of them will still get the issue",
    },
  );
}

function givenUp(what: string, said: string): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${what}, as in the runs before: they don't get this issue; the last answer: ${wordsOf(said)}`,
    {
      fix: "no reader was taken off the list. When the server accepts them, try again: broadsheet retry latest, then send",
    },
  );
}

/** Servers repeat the address, which must not stand in a log. */
function wordsOf(said: string): string {
  return said.replace(/<?[^\s<>]+@[^\s<>]+>?/g, "…");
}

import { domainOf } from "../../subscribers/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Claim, Outcome } from "../ledger.ts";
import type { Fate } from "./verdict.ts";

/** A reader whom the server refuses. */
export interface Refusal {
  readonly claim: Claim;
  readonly fate: Extract<Fate, { readonly state: "rejected" }>;
  /** When it came. */
  readonly at: number;
}

/** What is left open at the end of a run, settled one way or the other. */
interface Settlement {
  readonly outcomes: readonly Outcome[];
  readonly stop?: BroadsheetError | undefined;
}

interface End {
  readonly now: Date;
  /** Whether everybody who is due has had their turn: no larger number of answers is to be had. */
  readonly isListDone: boolean;
  /** Whether it ended since the server or somebody's reputation was found at fault. */
  readonly isOurFault: boolean;
}

/** So many refusals with nobody accepted among them are no longer about the readers. */
const MOST_IN_A_ROW = 20;
/** Once somebody has been accepted, so many in a row may still be one domain, or two, that has closed. */
const DOMAINS = 3;
/** A list too small for that: in so many runs, or so long, and it is taken for what it says. */
const RUNS = 3;
const LONGEST_MS = 48 * 3_600_000;

/** How many of a domain's readers were accepted in this run, and how many refused. */
interface Tally {
  accepted: number;
  refused: number;
}

/**
 * Keeps refusals open until others are accepted, since a server that refuses everybody, or nearly everybody, says nothing
 * of anybody. A refusal is final when a reader is accepted whose message began after it, or at the end of a run, as long
 * as refusals are believable: not the greater part of the answers, nor what most domains say. Where only refusals come
 * the run is to stop, and those that are open are planned again.
 */
export class Quorum {
  /** In the order in which they came. */
  #open: Refusal[] = [];
  #inARow = 0;
  #isStopped = false;
  readonly #all: Tally = { accepted: 0, refused: 0 };
  readonly #domains = new Map<string, Tally>();

  /** A message that began at a moment was accepted: the refusals that are final by that. */
  accepted({ to }: Claim, startedAt: number): readonly Outcome[] {
    this.#inARow = 0;
    this.#count(to.address, "accepted");
    // Whoever is told that nobody is off the list is told the truth, whatever lands after it.
    if (this.#isStopped || !this.#isBelievable()) return [];
    const later = this.#open.findIndex(({ at }) => at > startedAt);
    return this.#release(later < 0 ? this.#open.length : later);
  }

  /** Somebody was refused, which is open for now. Why nothing more is to be sent, where that is so. */
  refused(refusal: Refusal): BroadsheetError | undefined {
    this.#open.push(refusal);
    this.#count(refusal.claim.to.address, "refused");
    if (++this.#inARow < MOST_IN_A_ROW) return undefined;
    const row = this.#open.slice(-MOST_IN_A_ROW);
    const domains = new Set(row.map(({ claim }) => domainOf(claim.to.address)));
    const hasAccepted = this.#all.accepted > 0;
    if (hasAccepted && domains.size < DOMAINS) return undefined;
    this.#isStopped = true;
    const what = hasAccepted
      ? `${MOST_IN_A_ROW} readers in a row were refused, in ${domains.size} domains`
      : `the first ${MOST_IN_A_ROW} answers were refusals`;
    return refusesAll(what, refusal);
  }

  close({ now, isListDone, isOurFault }: End): Settlement {
    const last = this.#open.at(-1);
    if (!last) return { outcomes: [] };
    const { accepted, refused } = this.#all;
    if (accepted > 0 && !isOurFault && this.#isBelievable())
      return { outcomes: this.#release(this.#open.length) };
    const many = this.#open.length;
    const outcomes = this.#open.map(({ claim, fate: { said: reply } }): Outcome => {
      const isEnough = isListDone && isOldEnough(claim, now);
      return { claim, state: isEnough ? "rejected" : "planned", reply };
    });
    const given = outcomes.filter(({ state }) => state === "rejected").length;
    if (accepted > 0 && isOurFault) return { outcomes };
    const what =
      accepted > 0
        ? `${refused} of ${refused + accepted} readers were refused`
        : `no reader was accepted in this run and ${many} ${many === 1 ? "was" : "were"} refused`;
    return { outcomes, stop: given > 0 ? givenUp(what, last) : refusesAll(what, last) };
  }

  #count(address: string, what: keyof Tally): void {
    const domain = domainOf(address);
    const tally = this.#domains.get(domain) ?? { accepted: 0, refused: 0 };
    tally[what]++;
    this.#all[what]++;
    this.#domains.set(domain, tally);
  }

  /** A domain that has closed refuses all of its readers, and a relay that knows only its own users those of most domains. */
  #isBelievable(): boolean {
    if (this.#all.accepted >= this.#all.refused) return true;
    const tallies = [...this.#domains.values()];
    const well = tallies.filter(({ accepted, refused }) => accepted >= refused).length;
    return well * 2 >= tallies.length;
  }

  /** The first of them. */
  #release(count: number): readonly Outcome[] {
    return this.#open.splice(0, count).map(({ claim, fate: { said, suppress } }) => {
      return { claim, state: "rejected", reply: said, suppress };
    });
  }
}

/** As the ledger has it from earlier runs, this one added. */
function isOldEnough({ openRefusals }: Claim, now: Date): boolean {
  if (!openRefusals) return false;
  const { count, since } = openRefusals;
  return count + 1 >= RUNS || now.getTime() - since.getTime() >= LONGEST_MS;
}

function refusesAll(what: string, last: Refusal): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${what}: that is the server's fault or yours rather than the readers'; the last answer: ${wordsOf(last)}`,
    {
      fix: "see that the server takes mail for these readers and from your address, then send again. No reader was taken off the list, and all of them are still to get the issue",
    },
  );
}

function givenUp(what: string, last: Refusal): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${what}, as in the runs before: they don't get this issue; the last answer: ${wordsOf(last)}`,
    {
      fix: "no reader was taken off the list. When the server takes them, have them tried again: broadsheet retry latest, then send",
    },
  );
}

/** Servers repeat the address, which is nothing for a log. */
function wordsOf({ fate }: Refusal): string {
  return fate.said.replace(/<?[^\s<>]+@[^\s<>]+>?/g, "…");
}

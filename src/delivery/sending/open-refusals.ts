import { domainOf } from "../../subscribers/recipient.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Claim, Outcome } from "../ledger.ts";
import type { Fate } from "./failure.ts";

/** A recipient whom the server refuses, for a reason that may be the sender's or the server's. */
export interface OpenRefusal {
  readonly claim: Claim;
  readonly fate: Extract<Fate, { readonly state: "rejected" }>;
  /** When it came. */
  readonly at: number;
}

/** How the refusals that were open at the end of a run are settled. */
interface Settlement {
  readonly outcomes: readonly Outcome[];
  readonly stop?: BroadsheetError | undefined;
}

interface End {
  readonly now: Date;
  /** Whether every recipient who is due has been tried, so that no more answers will come. */
  readonly isListDone: boolean;
  /** Whether the run ended because the server or the sender's reputation was at fault. */
  readonly isOurFault: boolean;
}

/** So many refusals in a row, with no message accepted between them, are no longer about the recipients. */
const MOST_IN_A_ROW = 20;
/** Once a message has been accepted, a row of refusals in fewer domains than this may be domains that have closed. */
const DOMAINS = 3;
/** On a list too small for such a row, a refusal is believed when it has come in so many runs, or for so long. */
const RUNS = 3;
const LONGEST_MS = 48 * 3_600_000;

/** How many recipients of a domain were accepted in this run, and how many refused. */
interface Tally {
  accepted: number;
  refused: number;
}

/**
 * Keeps refusals open until others are accepted, since a server that refuses all recipients, or nearly all, says nothing
 * about any one of them. A refusal is final when a message that began after it is accepted, or at the end of a run, as
 * long as refusals are believable: not the greater part of the answers, nor what most domains say. Where only refusals
 * come the run stops, and recipients whose refusal is open are planned again.
 */
export class OpenRefusals {
  /** In the order in which they came. */
  #open: OpenRefusal[] = [];
  #inARow = 0;
  #isStopped = false;
  readonly #all: Tally = { accepted: 0, refused: 0 };
  readonly #domains = new Map<string, Tally>();

  /** A message that began at a moment was accepted. Returns the refusals that this makes final. */
  accepted({ to }: Claim, startedAt: number): readonly Outcome[] {
    this.#inARow = 0;
    this.#count(to.address, "accepted");
    // The error has said that no reader was taken off the list: that stays true, whatever answers come after it.
    if (this.#isStopped || !this.#isBelievable()) return [];
    const later = this.#open.findIndex(({ at }) => at > startedAt);
    return this.#release(later < 0 ? this.#open.length : later);
  }

  /** A recipient was refused, which is open for now. Returns why the run must stop, where it must. */
  refused(refusal: OpenRefusal): BroadsheetError | undefined {
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

  /** A closed domain refuses all of its readers; a relay that takes mail only for its own users refuses most domains. */
  #isBelievable(): boolean {
    if (this.#all.accepted >= this.#all.refused) return true;
    const tallies = [...this.#domains.values()];
    const well = tallies.filter(({ accepted, refused }) => accepted >= refused).length;
    return well * 2 >= tallies.length;
  }

  /** Makes the first refusals final. */
  #release(count: number): readonly Outcome[] {
    return this.#open.splice(0, count).map(({ claim, fate: { said, isUnknown } }) => {
      return { claim, state: "rejected", reply: said, isUnknown };
    });
  }
}

/** Whether the refusals of earlier runs, which the ledger has, and this one are enough to believe. */
function isOldEnough({ openRefusals }: Claim, now: Date): boolean {
  if (!openRefusals) return false;
  const { count, since } = openRefusals;
  return count + 1 >= RUNS || now.getTime() - since.getTime() >= LONGEST_MS;
}

function refusesAll(what: string, last: OpenRefusal): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${what}: that is the server's fault or yours rather than the readers'; the last answer: ${wordsOf(last)}`,
    {
      fix: "see that the server takes mail for these readers and from your address, then send again. No reader was taken off the list, and all of them are still to get the issue",
    },
  );
}

function givenUp(what: string, last: OpenRefusal): BroadsheetError {
  return new BroadsheetError(
    "SMTP_REFUSED",
    `${what}, as in the runs before: they don't get this issue; the last answer: ${wordsOf(last)}`,
    {
      fix: "no reader was taken off the list. When the server takes them, have them tried again: broadsheet retry latest, then send",
    },
  );
}

/** Servers repeat the address, which must not stand in a log. */
function wordsOf({ fate }: OpenRefusal): string {
  return fate.said.replace(/<?[^\s<>]+@[^\s<>]+>?/g, "…");
}

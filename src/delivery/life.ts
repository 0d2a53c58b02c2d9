import { BroadsheetError } from "../errors.ts";

/**
 * The states of an issue. An issue without a record is a draft.
 *
 * - `draft`: an editor can work on it, and a run builds it again when its slot is due. Its articles are still new.
 * - `waiting`: it waits for approval. Its articles are taken.
 * - `approved`: it goes out at the time of its slot, with the digest that was approved. Its articles are taken.
 * - `sending`: its recipients are planned. Its files are frozen.
 * - `sent`: no recipient remains.
 * - `skipped`, `missed`, `empty`, `merged`, `expired`: its slot gets no issue.
 */
export const ISSUE_STATES = [
  "draft",
  "waiting",
  "approved",
  "sending",
  "sent",
  "skipped",
  "missed",
  "empty",
  "merged",
  "expired",
] as const;

export type IssueState = (typeof ISSUE_STATES)[number];

/** The actor of a transition: an editor's command or page, a run of the schedule, or the ledger. */
type Actor = "editor" | "schedule" | "delivery";

interface Transition {
  /** The description in docs/sending.md. */
  readonly what: string;
  readonly from: readonly IssueState[];
  readonly to: IssueState;
  readonly by: Actor;
  /** The change of its articles' fingerprints in the same transaction. */
  readonly articles: "taken" | "released" | "kept";
  /** The verb that ends the sentence "2026-W48 can't be …". */
  readonly done: string;
}

/**
 * The life of an issue. These are all transitions. Any other transition is refused, and changes nothing.
 *
 *     draft → waiting → approved → sending → sent
 */
export const LIFE = {
  begin: {
    what: "The time of its slot has come, and a run builds the draft again: new articles come in, and edits stay.",
    // A clock that was ahead may have marked the slot as missed.
    from: ["draft", "missed"],
    to: "draft",
    by: "schedule",
    articles: "kept",
    done: "built again",
  },
  ask: {
    what: 'The schedule has `approval: "manual"`, or the run found a problem that an editor has to look at. The desk may ask before its time. No run builds it again.',
    from: ["draft"],
    to: "waiting",
    by: "schedule",
    articles: "taken",
    done: "held for an editor",
  },
  approve: {
    what: "`approve` approves it as it is now. It goes out at the time of its slot, or at once if that has passed.",
    from: ["draft", "waiting"],
    to: "approved",
    by: "editor",
    articles: "taken",
    done: "approved",
  },
  change: {
    what: "An edit changes the issue that was approved. The approval no longer counts.",
    from: ["approved"],
    to: "draft",
    by: "editor",
    articles: "released",
    done: "changed",
  },
  lose: {
    what: "Its folder was removed. The run at the time of its slot builds the issue again. If the new digest differs from the approved one, the issue waits for approval.",
    from: ["waiting", "approved"],
    to: "draft",
    by: "editor",
    articles: "released",
    done: "built again",
  },
  release: {
    what: "At the time of its slot a run plans the recipients. From now on its files are frozen.",
    from: ["draft", "waiting", "approved"],
    to: "sending",
    by: "schedule",
    articles: "taken",
    done: "sent",
  },
  send: {
    what: "`send` plans the recipients, at any time, and is itself the approval. From now on its files are frozen.",
    from: ["draft", "waiting", "approved", "missed", "expired"],
    to: "sending",
    by: "editor",
    articles: "taken",
    done: "sent",
  },
  finish: {
    what: "No recipient remains.",
    from: ["sending"],
    to: "sent",
    by: "delivery",
    articles: "kept",
    done: "finished",
  },
  resume: {
    what: "`retry` or `reconcile --resend` plans recipients again.",
    from: ["sent"],
    to: "sending",
    by: "delivery",
    articles: "kept",
    done: "resumed",
  },
  skip: {
    what: "`skip` leaves it out. No issue is sent for its slot.",
    from: ["draft", "waiting", "approved"],
    to: "skipped",
    by: "editor",
    articles: "released",
    done: "skipped",
  },
  unskip: {
    what: "`skip --off` takes that back, while there is time for the issue.",
    from: ["skipped"],
    to: "draft",
    by: "editor",
    articles: "kept",
    done: "taken back",
  },
  miss: {
    what: "Nothing ran in time, or a later slot came first.",
    from: ["draft"],
    to: "missed",
    by: "schedule",
    articles: "released",
    done: "missed",
  },
  empty: {
    what: "At the time of its slot there is no new article, or there are fewer stories than `minItems`.",
    from: ["draft"],
    to: "empty",
    by: "schedule",
    articles: "released",
    done: "left empty",
  },
  merge: {
    what: 'Its stories go into a later slot (`catchUp: "merge"`), or its edits into the slot of `build --slot` or of the desk.',
    from: ["draft", "missed", "expired"],
    to: "merged",
    by: "schedule",
    articles: "released",
    done: "merged",
  },
  expire: {
    what: "It was not finished, or not approved, within `maxLate`.",
    from: ["draft", "waiting", "approved"],
    to: "expired",
    by: "schedule",
    articles: "released",
    done: "expired",
  },
} as const satisfies Readonly<Record<string, Transition>>;

export type LifeEvent = keyof typeof LIFE;

/** The state after an event. Undefined if the event is refused. */
export function stateAfter(state: IssueState, event: LifeEvent): IssueState | undefined {
  const { from, to }: Transition = LIFE[event];
  return from.includes(state) ? to : undefined;
}

/** Whether an issue in this state still needs work. */
export function isOpen(state: IssueState): boolean {
  return OPEN.has(state);
}

const OPEN: ReadonlySet<IssueState> = new Set(["draft", "waiting", "approved", "sending"]);

/** Whether an issue in this state was sent or is being sent. Its files must not change then. */
export function isFrozen(state: IssueState): state is "sending" | "sent" {
  return state === "sending" || state === "sent";
}

/** Whether an issue in this state takes its articles, so that no other issue can have them. */
export function takesArticles(state: IssueState): boolean {
  return state === "waiting" || state === "approved" || isFrozen(state);
}

/** The state of an issue in words, for every command, page and mail: "2026-W48 is …". */
export const STATE_TEXTS: Readonly<Record<IssueState, string>> = {
  draft: "a draft",
  waiting: "waiting for approval",
  approved: "approved",
  sending: "being sent",
  sent: "sent",
  skipped: "skipped",
  missed: "missed, because nothing ran in time",
  empty: "left empty, because there was nothing new",
  merged: "merged into a later issue",
  expired: "expired, because it was not sent in time",
};

/** The fix for an event that a state refuses. */
const WAYS_ON: Readonly<Record<IssueState, (slot: string) => string>> = {
  draft: (slot) => `build it: broadsheet build --slot ${slot}`,
  waiting: (slot) => `to send it: broadsheet approve ${slot}; ${anew(slot)}`,
  approved: (slot) => `to send it now: broadsheet send ${slot}; ${anew(slot)}`,
  sending: (slot) => `to send it to the remaining readers: broadsheet send ${slot}`,
  sent: (slot) => `look at its readers: broadsheet status ${slot}`,
  skipped: (slot) => `to take that back: broadsheet skip ${slot} --off`,
  missed: (slot) => `to send it all the same: broadsheet send ${slot}`,
  empty: () => "new articles go into the next issue",
  merged: () => "find the issue with its stories: broadsheet status",
  expired: (slot) => `to send it all the same: broadsheet send ${slot}`,
};

function anew(slot: string): string {
  return `to build it again: broadsheet skip ${slot}, then broadsheet skip ${slot} --off`;
}

/** The error for an event that the state of an issue refuses. */
export function refusal(slot: string, state: IssueState, event: LifeEvent): BroadsheetError {
  const what = `${slot} can't be ${LIFE[event].done}: it is ${STATE_TEXTS[state]}`;
  return new BroadsheetError("USAGE", what, { fix: WAYS_ON[state](slot) });
}

import { BroadsheetError } from "../errors.ts";

/**
 * The states of an issue. An issue without a record is a draft.
 *
 * - `draft`: an editor works on it, and a run makes it anew when its slot is due. Its articles are still new.
 * - `waiting`: it waits for approval. Its articles are taken.
 * - `approved`: it goes out at the time of its slot, with the digest that was approved. Its articles are taken.
 * - `sending`: its recipients are planned. Its files are frozen.
 * - `sent`: no recipient is left.
 * - `skipped`, `missed`, `empty`, `merged`, `expired`: no issue comes of its slot.
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

/** Who causes a transition: an editor's command or page, a run of the schedule, or the ledger. */
type Actor = "editor" | "schedule" | "delivery";

interface Transition {
  readonly from: readonly IssueState[];
  readonly to: IssueState;
  readonly by: Actor;
  /** What becomes of the fingerprints of its articles, in the same transaction. */
  readonly articles: "taken" | "released" | "kept";
  /** As the end of the sentence "2026-W48 can't be …". */
  readonly done: string;
}

/**
 * The life of an issue: every transition that there is. A transition that is not here is refused, and changes nothing.
 *
 *     draft → waiting → approved → sending → sent
 */
export const LIFE = {
  /** A run takes the draft of a slot in hand. A clock that was ahead may have marked the slot as missed. */
  begin: {
    from: ["draft", "missed"],
    to: "draft",
    by: "schedule",
    articles: "kept",
    done: "built again",
  },
  /** A run asks for approval, or holds the issue for an editor. */
  ask: {
    from: ["draft"],
    to: "waiting",
    by: "schedule",
    articles: "taken",
    done: "held for an editor",
  },
  /** It goes out at the time of its slot, or at once where that has passed. */
  approve: {
    from: ["draft", "waiting"],
    to: "approved",
    by: "editor",
    articles: "taken",
    done: "approved",
  },
  /** The digest that was approved has changed. */
  change: { from: ["approved"], to: "draft", by: "editor", articles: "released", done: "changed" },
  /** Its folder is gone: the next run makes it again. */
  lose: {
    from: ["waiting", "approved"],
    to: "draft",
    by: "schedule",
    articles: "released",
    done: "built again",
  },
  /** The recipients are planned by a run. */
  release: {
    from: ["draft", "waiting", "approved"],
    to: "sending",
    by: "schedule",
    articles: "taken",
    done: "sent",
  },
  /** The recipients are planned by `send`, which is the approval, also of an issue that came too late for its slot. */
  send: {
    from: ["draft", "waiting", "approved", "missed", "expired"],
    to: "sending",
    by: "editor",
    articles: "taken",
    done: "sent",
  },
  /** No recipient is left. */
  finish: { from: ["sending"], to: "sent", by: "delivery", articles: "kept", done: "finished" },
  /** Recipients are planned again, by `retry` or `reconcile --resend`. */
  resume: { from: ["sent"], to: "sending", by: "delivery", articles: "kept", done: "resumed" },
  skip: {
    from: ["draft", "waiting", "approved"],
    to: "skipped",
    by: "editor",
    articles: "released",
    done: "skipped",
  },
  unskip: { from: ["skipped"], to: "draft", by: "editor", articles: "kept", done: "taken back" },
  /** Nothing ran in time, or a later slot came first. */
  miss: { from: ["draft"], to: "missed", by: "schedule", articles: "released", done: "missed" },
  /** There is nothing new. */
  empty: { from: ["draft"], to: "empty", by: "schedule", articles: "released", done: "left empty" },
  /** Its stories go into a later slot. */
  merge: { from: ["draft"], to: "merged", by: "schedule", articles: "released", done: "merged" },
  /** It was not finished, or not approved, in time. */
  expire: {
    from: ["draft", "waiting", "approved"],
    to: "expired",
    by: "schedule",
    articles: "released",
    done: "expired",
  },
} as const satisfies Readonly<Record<string, Transition>>;

export type LifeEvent = keyof typeof LIFE;

/** The state after an event; undefined where the event is refused. */
export function stateAfter(state: IssueState, event: LifeEvent): IssueState | undefined {
  const { from, to }: Transition = LIFE[event];
  return from.includes(state) ? to : undefined;
}

/** Whether something is still to be done for an issue in this state. */
export function isOpen(state: IssueState): boolean {
  return OPEN.has(state);
}

const OPEN: ReadonlySet<IssueState> = new Set(["draft", "waiting", "approved", "sending"]);

/** Whether readers have an issue in this state, or get it now: its files stay as they are. */
export function isFrozen(state: IssueState): state is "sending" | "sent" {
  return state === "sending" || state === "sent";
}

/** Whether the articles of an issue in this state are in no other issue. */
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
  missed: "missed, since nothing ran in time",
  empty: "left empty, since there was nothing new",
  merged: "merged into a later issue",
  expired: "expired, since it was not sent in time",
};

/** The way on from a state in which something is refused. */
const WAYS_ON: Readonly<Record<IssueState, (slot: string) => string>> = {
  draft: (slot) => `build it: broadsheet build --slot ${slot}`,
  waiting: (slot) => `to send it: broadsheet approve ${slot}; ${anew(slot)}`,
  approved: (slot) => `to send it now: broadsheet send ${slot}; ${anew(slot)}`,
  sending: (slot) => `to send it to the readers who are left: broadsheet send ${slot}`,
  sent: (slot) => `see who has it: broadsheet status ${slot}`,
  skipped: (slot) => `to take that back: broadsheet skip ${slot} --off`,
  missed: (slot) => `to send what was built for it all the same: broadsheet send ${slot}`,
  empty: () => "what is new is for the next issue",
  merged: () => "see where its stories went: broadsheet status",
  expired: (slot) => `to send it all the same: broadsheet send ${slot}`,
};

function anew(slot: string): string {
  return `to make it anew: broadsheet skip ${slot}, then broadsheet skip ${slot} --off`;
}

/** The error for an event that the state of an issue refuses. */
export function refusal(slot: string, state: IssueState, event: LifeEvent): BroadsheetError {
  const what = `${slot} can't be ${LIFE[event].done}: it is ${STATE_TEXTS[state]}`;
  return new BroadsheetError("USAGE", what, { fix: WAYS_ON[state](slot) });
}

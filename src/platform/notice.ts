import { ERROR_CODES, type ErrorCode } from "../errors.ts";

/** A report of an omission, a doubt, a failure or a delay. Every command, page and mail shows it in the same words. */
export interface Notice {
  /** The same as long as the fault is the same. */
  readonly id: string;
  /** `stop`: the issue does not reach its readers until this is fixed. `look`: an editor should look. `note`: for information. */
  readonly severity: "stop" | "look" | "note";
  /** Every `stop` has one. */
  readonly code?: ErrorCode;
  /** Its subject, which decides where a page shows it. */
  readonly about: NoticePlace;
  readonly since?: Date;
  /** The message: one sentence, without a full stop. */
  readonly message: string;
  readonly fix: NoticeFix;
}

interface NoticePlace {
  readonly slot?: string;
  /** The title of a story of that issue. `id` is set if the story is in the issue. */
  readonly story?: string;
  readonly id?: string | undefined;
  /** A source of the config, as messages name it. */
  readonly source?: string;
  /** The rule of `check` that found it. */
  readonly rule?: string;
}

export interface NoticeFix {
  /** The remedy, in words. */
  readonly says?: string;
  /** The remedy if no operation on the issue fixes it, and its command in a terminal. */
  readonly cure?: NoticeCure;
  readonly command?: string;
  /** An operation of the editor that fixes it, and an alternative. The page has a button for each. */
  readonly operation?: NoticeOperation;
  readonly otherwise?: NoticeOperation;
}

/** A remedy. Each page and command has its own words for it. */
export interface NoticeCure {
  readonly does: keyof typeof COMMANDS;
  /** The issue or the reader; empty for the newsletter. */
  readonly to: string;
  /** The draft whose edits are to be in that issue. */
  readonly from?: string;
}

/** The commands for cures. */
const COMMANDS = {
  approve: (slot: string) => `approve ${slot}`,
  carry: (slot: string) => `build --slot ${slot}`,
  examine: () => "doctor",
  keepRunning: () => "schedule cron",
  letGo: (slot: string) => `hold ${slot} --off`.replace("  ", " "),
  release: () => "subscribers quarantine list",
  send: (slot: string) => `send ${slot}`,
  settle: (slot: string) => `reconcile ${slot}`,
  settleLeaving: () => "subscribers keep",
  unsubscribe: (reader: string) => `subscribers suppress ${reader} --reason unsubscribed`,
} as const;

export function cureBy(
  does: NoticeCure["does"],
  to = "",
  more: Omit<NoticeCure, "does" | "to"> = {},
): Required<Pick<NoticeFix, "cure" | "command">> {
  return {
    cure: { does, to, ...more },
    command: `broadsheet ${COMMANDS[does](to && shellWord(to))}`,
  };
}

/** An operation that a page sends, with the label of its button. */
export interface NoticeOperation {
  readonly label: string;
  readonly op: string;
  /** The question to the editor, whose answer the page sends as the value. */
  readonly asks?: string;
}

/** A notice in one line: the fault and the remedy. */
export function noticeText({ message, fix: { says, command } }: Notice): string {
  if (says === undefined) return command === undefined ? message : `${message}: ${command}`;
  return `${message}; ${command === undefined ? says : `${says}: ${command}`}`;
}

export const NOTICE_WORDS = { stop: "Fix", look: "Look", note: "Note" } as const;

/** The exit code of a command that reports notices: that of a permanent `stop`, otherwise of a temporary one, otherwise 0. */
export function exitOf(notices: readonly Notice[]): number {
  const codes = notices.flatMap(({ severity, code }) =>
    severity === "stop" && code !== undefined ? [ERROR_CODES[code]] : [],
  );
  return (codes.find(({ temporary }) => !temporary) ?? codes[0])?.exit ?? 0;
}

/** A word for a shell, in quotes if necessary. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

import { type Notice, NOTICE_WORDS, noticeText } from "../platform/notice.ts";
import { type Paint, paintOnStderr, type Style, type Terminal } from "./terminal.ts";

const STYLES: Readonly<Record<Notice["severity"], Style>> = {
  stop: "fix",
  look: "look",
  note: "dim",
};

/** Formats notices, one line each. Findings of the check are omitted, unless they prevent sending. */
export function noticesView(
  notices: readonly Notice[],
  { paint }: Pick<Terminal, "paint">,
): string[] {
  return notices.filter(isShown).map((notice) => lineOf(notice, paint));
}

/** Prints notices on stderr, beside a result that contains the verdict of the check. */
export function sayNotices(notices: readonly Notice[], terminal: Terminal): void {
  for (const notice of notices.filter(({ about }) => about.rule === undefined)) {
    const line = lineOf(notice, paintOnStderr);
    if (notice.severity === "note") terminal.note(line);
    else terminal.warn(line, 0);
  }
}

function isShown({ severity, about }: Notice): boolean {
  return about.rule === undefined || severity === "stop";
}

function lineOf(notice: Notice, paint: Paint): string {
  const word = NOTICE_WORDS[notice.severity];
  return `${paint(STYLES[notice.severity], word)}${" ".repeat(7 - word.length)}${noticeText(notice)}`;
}

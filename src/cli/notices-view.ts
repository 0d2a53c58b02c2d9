import { type Notice, NOTICE_WORDS, noticeText } from "../platform/notice.ts";
import type { Style, Terminal } from "./terminal.ts";

const STYLES: Readonly<Record<Notice["severity"], Style>> = {
  stop: "fix",
  look: "look",
  note: "dim",
};

/** Notices, a line each. What the check has found is left to `check`, unless it keeps the issue from its readers. */
export function noticesView(
  notices: readonly Notice[],
  { paint }: Pick<Terminal, "paint">,
): string[] {
  return notices
    .filter(({ severity, about }) => about.rule === undefined || severity === "stop")
    .map((notice) => {
      const word = NOTICE_WORDS[notice.severity];
      return `${paint(STYLES[notice.severity], word)}${" ".repeat(7 - word.length)}${noticeText(notice)}`;
    });
}

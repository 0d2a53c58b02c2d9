import * as z from "zod";
import { noticeText } from "../../src/platform/notice.ts";
import { linesOf, type Run } from "./broadsheet.ts";

/** A notice as JSON has it. */
export const listedNotice = z.object({
  id: z.string(),
  severity: z.enum(["stop", "look", "note"]),
  about: z.object({ slot: z.string().optional(), rule: z.string().optional() }),
  message: z.string(),
  fix: z.object({ says: z.string().optional(), command: z.string().optional() }),
});

const listed = z.looseObject({ notices: z.array(listedNotice) });

/** The notices that a command printed with `--json`, each in one line. What the check found is left out. */
export function noticesIn(run: Run): readonly string[] {
  return listed
    .parse(linesOf(run)[0])
    .notices.filter(({ about }) => about.rule === undefined)
    .map(noticeText);
}

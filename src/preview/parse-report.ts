import * as z from "zod";
import type { Report } from "../check/finding.ts";

/** What is asked of a finding in order to be shown; a rule may say more of it. */
const findingSchema = z.looseObject({
  rule: z.string(),
  severity: z.enum(["error", "warning", "info"]),
  message: z.string(),
  fix: z.string().optional(),
  where: z
    .looseObject({ selector: z.string().optional(), story: z.string().optional() })
    .optional(),
});

const reportSchema = z.looseObject({
  verdict: z.enum(["pass", "fail"]),
  findings: z.array(findingSchema),
  notRun: z.array(z.looseObject({ rule: z.string(), why: z.string() })),
  leftOut: z.array(z.looseObject({ why: z.string(), name: z.string() })).optional(),
});

/**
 * A report from the text of a `report.json`; null where that holds none. We write it ourselves, and a
 * page without findings is better than no page.
 */
export function parseReport(text: string): Report | null {
  try {
    const value: unknown = JSON.parse(text);
    return isReport(value) ? value : null;
  } catch {
    return null;
  }
}

function isReport(value: unknown): value is Report {
  return reportSchema.safeParse(value).success;
}

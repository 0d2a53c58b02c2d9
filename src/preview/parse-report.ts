import type { Report } from "../check/finding.ts";

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
  return (
    typeof value === "object" &&
    value !== null &&
    "verdict" in value &&
    "findings" in value &&
    "notRun" in value &&
    Array.isArray(value.findings) &&
    Array.isArray(value.notRun)
  );
}

import { browserFinding } from "../../browser-rules.ts";
import type { Finding } from "../../finding.ts";
import type { Violation } from "./axe.ts";
import { cut } from "./cut.ts";

/** One finding for each rule of axe-core that does not hold, at the first element where it does not. */
export function accessibilityFinding({ id, help, page, severity, places }: Violation): Finding {
  const [first] = places;
  const count = places.length > 1 ? ` (${places.length} places)` : "";
  return browserFinding("axe", {
    rule: `axe-${id}`,
    severity,
    message: `${help}${count}: ${cut(first?.html ?? "", 100)}`,
    ...(first && { where: { selector: first.selector } }),
    source: page,
  });
}

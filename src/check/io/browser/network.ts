import { browserFinding } from "../../browser-rules.ts";
import type { Finding } from "../../finding.ts";
import type { Attempt } from "./email-page.ts";

/** Emails show pictures of the web; anything else that is asked of a server is lost on readers. */
export function networkFindings(attempts: readonly Attempt[]): Finding[] {
  const others = attempts.filter(({ kind }) => kind !== "image");
  return [...Map.groupBy(others, ({ kind }) => kind)].map(([kind, asked]) => {
    const hosts = [...new Set(asked.map(({ url }) => URL.parse(url)?.host ?? url))].slice(0, 3);
    const what = asked.length === 1 ? `a ${kind}` : `${asked.length} ${kind}s`;
    return browserFinding("network", { message: `the email asks ${hosts.join(", ")} for ${what}` });
  });
}

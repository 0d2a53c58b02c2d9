import type { Thing } from "./json-ld.ts";
import { plainValue } from "./plain-value.ts";
import type { Survey } from "./survey.ts";

/** The summaries that a page gives of itself, best first. */
export function declaredDescriptions(
  { metas, formats }: Survey,
  story: Thing | undefined,
): string[] {
  return [
    metas.get("og:description")?.[0],
    metas.get("description")?.[0],
    metas.get("twitter:description")?.[0],
    plainValue(story?.["description"]),
    plainValue(formats.get("p-summary")?.[0]?.textContent),
  ].filter((text) => text !== undefined);
}

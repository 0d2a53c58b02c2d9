import { createHash } from "node:crypto";
import type { Entry } from "../digest/digest.ts";
import { explain, type Explanation, type Judged } from "../summary/explanation/explain.ts";

/** Somewhat more stories than an issue has. */
const KEPT = 200;
const kept = new Map<string, Explanation>();

/**
 * Why a story's sentences were chosen. An article is ranked for it, so that of an issue which is built again
 * and again only the stories that have changed are explained anew.
 */
export function explanationOf({ article, summary }: Entry): Explanation {
  const { title, text, html, language, captions, description } = article;
  const says = JSON.stringify([title, text, html, language, captions, description, summary]);
  const key = createHash("sha256").update(says).digest("base64");
  const found = kept.get(key) ?? rounded(explain(article, summary));
  kept.delete(key);
  kept.set(key, found);
  for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest);
  return found;
}

/** Nobody reads more of a worth than two digits, and the page is shorter. */
function rounded({ sentences, chosen, nearMisses }: Explanation): Explanation {
  return { sentences, chosen: chosen.map(inShort), nearMisses: nearMisses.map(inShort) };
}

function inShort(judged: Judged): Judged {
  return { ...round(judged), reasons: judged.reasons.map(round) };
}

function round<T extends { readonly worth?: number }>(one: T): T {
  return one.worth === undefined ? one : { ...one, worth: Math.round(one.worth * 100) / 100 };
}

import { escapeHtml } from "../../article/paragraph-html.ts";
import { countCharacters } from "../../digest/count-characters.ts";
import { selfContainedPage } from "../self-contained-page.ts";
import { issuesPart } from "./issues-part.ts";
import { listPart } from "./list-part.ts";
import { mishapsPart } from "./mishaps-part.ts";
import type { Part } from "./part.ts";
import type { Past } from "./past.ts";
import { PAST_STYLE } from "./past-style.ts";
import { sourcesPart } from "./sources-part.ts";
import { dayText, many } from "./words.ts";

/** By this a page of ours is told from a file of somebody's. */
export const PAST_PAGE = "broadsheet status --html";

/** A newsletter's past as a page. */
export function pastPage(past: Past): string {
  const parts = [issuesPart(past), mishapsPart(past), listPart(past), sourcesPart(past)];
  const name = escapeHtml(past.name);
  const body = `<header>
<h1 class="${nameplateOf(past.name)}" dir="auto">${name}</h1>
<p class="tagline">Its past in figures</p>
<div class="folio"><span>${many(past.readers, "reader")}</span><time datetime="${past.today}">${dayText(past.today)}</time></div>
</header>
<main>
${parts.flatMap((part) => (part ? [partHtml(part)] : [])).join("\n")}
</main>
<footer><p>Drawn from the store by <code>${PAST_PAGE}</code>. Readers are counted, and nobody’s address is in this page.</p></footer>`;
  const title = `${past.name}: its past in figures`;
  return selfContainedPage({ mark: PAST_PAGE, title, style: PAST_STYLE, body });
}

/** As in an issue: a long name is set smaller. */
function nameplateOf(name: string): string {
  const length = countCharacters(name);
  return length > 28 ? "longest" : length > 16 ? "long" : "short";
}

function partHtml({ label, headline, html }: Part): string {
  const id = label.toLowerCase().replaceAll(" ", "-");
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${label}</h2>
<div class="told">
<p class="headline">${escapeHtml(headline)}</p>
${html}
</div>
</section>`;
}

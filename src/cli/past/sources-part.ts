import { escapeHtml } from "../../article/paragraph-html.ts";
import { counted } from "../counted.ts";
import type { Part } from "./part.ts";
import type { Past, PastSource } from "./past.ts";
import { dayText, many, total } from "./words.ts";

/** Where articles came from, and how reading it went. */
export function sourcesPart({ sources }: Past): Part {
  const label = "Sources";
  const most = Math.max(1, ...sources.map(({ articles }) => articles));
  const html = `<table class="sources">
<thead><tr><th scope="col">Source</th><th scope="col">Articles</th><th scope="col">Last read</th></tr></thead>
<tbody>
${sources.map((source) => rowOf(source, most)).join("\n")}
</tbody>
</table>`;
  return { label, headline: headlineOf(sources), html };
}

function headlineOf(sources: readonly PastSource[]): string {
  const current = sources.filter(({ isCurrent }) => isCurrent);
  const failing = current.filter(({ failures }) => failures > 0);
  const read = current.filter(({ lastFetch }) => lastFetch);
  if (read.length === 0) return "No run has read a source yet";
  if (failing.length > 0) {
    return `${counted(failing.length)} of ${many(current.length, "source")} could not be read`;
  }
  const giving = sources.filter(({ articles }) => articles > 0);
  if (giving.length === 0) return "No article has come from a source yet";
  const articles = many(total(giving.map(({ articles }) => articles)), "article");
  return `${articles} came from ${many(giving.length, "source")}`;
}

function rowOf(source: PastSource, most: number): string {
  const { name, articles, lastFetch } = source;
  const width = Math.round((1000 * articles) / most) / 10;
  const read = lastFetch ? boundDay(lastFetch) : "never";
  return `<tr><th scope="row"><bdi>${breakable(name)}</bdi>${stateOf(source)}</th>
<td><span class="share"><span style="width:${width}%"></span></span><span class="count">${counted(articles)}</span></td>
<td>${read}</td></tr>`;
}

/** The year may stand below, where there is little room. */
function boundDay(moment: Date): string {
  return dayText(moment.toISOString().slice(0, 10), "short").replace(" ", "\u00A0");
}

/** In words: nobody has to see a colour for it. What is as it should be says nothing. */
function stateOf({ failures, isCurrent, lastFetch }: PastSource): string {
  if (!isCurrent) return `<span class="state">no longer in the config</span>`;
  if (!lastFetch) return `<span class="state">not read yet</span>`;
  if (failures === 0) return "";
  return `<span class="state fails">could not be read for ${many(failures, "issue")}</span>`;
}

/** An address without what all have, which goes on in the next line where it is cut into parts anyway. */
function breakable(name: string): string {
  return escapeHtml(name.replace(/^https?:\/\//, "")).replace(/[/?&]+(?=.)/g, "$&<wbr>");
}

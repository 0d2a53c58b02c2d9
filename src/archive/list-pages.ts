import type { Publication } from "../digest/digest.ts";
import { punctuationFor } from "../platform/locale.ts";
import { dayIn, labelsFor, minutesIn, numberIn, pluralIn } from "../email/labels.ts";
import { themeFor } from "../email/theme.ts";
import { hasLongWord } from "../digest/copy/slots.ts";
import { nameplateStyle } from "../email/typography.ts";
import { anchor, escapeHtml } from "../platform/references.ts";
import { filled } from "../platform/text.ts";
import { headTags } from "./head-tags.ts";
import type { Site, SentIssue } from "./sent-issue.ts";
import { dateIn, sitePage, yearIn } from "./look.ts";

/** The number of issues with a picture below the latest one. Older issues are lines of text. */
const WITH_PICTURE = 3;

/** The front page: the latest issues, a line for each other issue of the year, and links to the other years. */
export function frontPage(issues: readonly SentIssue[], site: Site): string {
  const list = listOf(issues, site, "");
  const [latest, ...others] = issues;
  if (!latest)
    return pageView(list, `<p class="w-dek none">${escapeHtml(list.labels.archive.none)}</p>`);
  const three = others.slice(0, WITH_PICTURE).map((issue) => cardView(issue, list));
  const rest = others.slice(WITH_PICTURE);
  const year = rest[0] && yearOf(rest[0]);
  const ofYear = rest.filter((issue) => yearOf(issue) === year);
  const main = [
    latestView(latest, list),
    ...(three.length > 0 ? [`<div class="three">${three.join("\n")}</div>`] : []),
    ...(year ? [yearView(ofYear, "h2", list)] : []),
    yearsView(list, year),
  ];
  return pageView(list, main.join("\n"));
}

/** The page of a year: a line for each of its issues. */
export function yearPage(year: string, issues: readonly SentIssue[], site: Site): string {
  const list = listOf(issues, site, `${year}/`);
  const ofYear = issues.filter((issue) => yearOf(issue) === year);
  return pageView(list, `${yearView(ofYear, "h1", list)}\n${yearsView(list, year)}`);
}

/** The year of an issue, in the address of its page. */
export function yearOf({ day }: SentIssue): string {
  return day.slice(0, 4);
}

type List = ReturnType<typeof listOf>;

/** The context of a page at `path`, with the name and the language of the latest issue. `root`: the path to the front page. */
function listOf(issues: readonly SentIssue[], site: Site, path: string) {
  const { language, publication } = issues[0] ?? site;
  const root = path === "" ? "" : "../";
  const words = { labels: labelsFor(language), marks: punctuationFor(language) };
  return { issues, site, path, root, language, publication, ...words };
}

function pageView(list: List, main: string): string {
  const { issues, site, path, root, language, publication, labels } = list;
  const { name, tagline } = publication;
  const first = issues.at(-1);
  const count = pluralIn(language, labels, labels.archive.since, issues.length);
  const since = first ? filled(count, { year: yearIn(language, first.day) }) : "";
  const links = [
    ...(first ? [anchor(`${root}feed.xml`, labels.archive.feed)] : []),
    ...(site.subscribe ? [anchor(site.subscribe, labels.words.subscribe)] : []),
  ];
  const title = path === "" ? name : `${path.slice(0, -1)} · ${name}`;
  const tags = { title, description: tagline ?? (since || name), path, root, name };
  const style = nameplateStyle(name);
  const plate = nameplate(publication, `${root}${issues[0]?.slot}/`);
  const top =
    path === ""
      ? `<h1 class="w-${style}">${plate}</h1>`
      : `<p class="w-${style}"><a href="${root}">${plate}</a></p>`;
  return sitePage({
    language,
    theme: themeFor(site.theme, language, site.publication),
    styles: [style, ...STYLES],
    css: CSS,
    head: headTags(site, tags),
    body: `<div class="sheet">
<header>
<div class="name">${top}${tagline ? `<p class="w-tagline">${escapeHtml(tagline)}</p>` : ""}</div>
<div class="folio w-meta"><span>${escapeHtml(since)}</span><span class="links">${links.join("")}</span></div>
</header>
<main>
${main}
</main>
</div>`,
  });
}

/** The name, or the logo in the folder of the latest issue. */
function nameplate({ name, logo }: Publication, folder: string): string {
  if (!logo) return escapeHtml(name);
  const src = (file: string) => escapeHtml(file.startsWith("images/") ? `${folder}${file}` : file);
  const dark = `<source srcset="${src(logo.dark ?? "")}" media="(prefers-color-scheme:dark)">`;
  const img = `<img${logo.plate ? ' class="plate"' : ""} src="${src(logo.src)}" alt="${escapeHtml(logo.alt)}" width="${logo.width}">`;
  return `<picture>${logo.dark ? dark : ""}${img}</picture>`;
}

function latestView(issue: SentIssue, list: List): string {
  const { labels, marks, language } = list;
  const kicker = [labels.archive.latest, ...numberText(issue, list)].join(marks.comma);
  const facts = [minutesText(issue, list), dateIn(language, issue.day)].filter(Boolean);
  const read = anchor(`${issue.slot}/`, labels.archive.readIssue);
  return `<article class="latest">${pictureView(issue)}<div>
<p class="w-kicker">${escapeHtml(kicker)}</p>
<h2 class="w-${hasLongWord(issue.title) ? "headline-long" : "headline"}">${titleView(issue, list)}</h2>
<p class="w-dek"${languageOf(issue, list)}>${escapeHtml(issue.description)}</p>
<p class="w-meta">${[read, ...facts.map(escapeHtml)].join(marks.separator)}</p>
</div></article>`;
}

function cardView(issue: SentIssue, list: List): string {
  const { labels, marks, language } = list;
  const facts = [...numberText(issue, list), dayIn(language, labels, issue.day)].join(marks.comma);
  return `<article>${pictureView(issue)}<p class="w-kicker">${kindText(issue, list)}</p>
<h2 class="w-story">${titleView(issue, list)}</h2>
<p class="w-meta">${escapeHtml(facts)}</p></article>`;
}

function yearView(issues: readonly SentIssue[], tag: "h1" | "h2", list: List): string {
  const [first] = issues;
  const year = first ? yearIn(list.language, first.day) : "";
  // On the front page, some issues of the year are above the list, so the heading links to the page of the year.
  const heading = first && tag === "h2" ? anchor(`${yearOf(first)}/`, year) : escapeHtml(year);
  return `<section class="year"><${tag} class="w-section">${heading}</${tag}>
<ul class="rows">
${issues.map((issue) => rowView(issue, list)).join("\n")}
</ul></section>`;
}

function rowView(issue: SentIssue, list: List): string {
  const { language, labels } = list;
  const number = issue.number === undefined ? "" : numberIn(language, issue.number);
  return [
    `<li>${number && `<span class="w-numeral n">${number}</span>`}`,
    `<span class="w-meta d">${escapeHtml(dayIn(language, labels, issue.day))}</span>`,
    `<span class="w-brief t">${titleView(issue, list)}</span>`,
    `<span class="w-meta k">${kindText(issue, list)}</span>`,
    `<span class="w-meta m">${escapeHtml(minutesText(issue, list))}</span></li>`,
  ].join("");
}

function yearsView({ issues, language, labels, marks, root }: List, shown?: string): string {
  const links = [...Map.groupBy(issues, yearOf)].flatMap(([year, [first, ...others]]) => {
    if (year === shown || !first) return [];
    const count = pluralIn(language, labels, labels.archive.issues, others.length + 1);
    return [anchor(`${root}${year}/`, `${yearIn(language, first.day)}${marks.comma}${count}`)];
  });
  const label = escapeHtml(labels.archive.allIssues);
  return links.length === 0
    ? ""
    : `<nav class="years w-meta" aria-label="${label}">${links.join("")}</nav>`;
}

function numberText({ number }: SentIssue, { language, labels }: List): string[] {
  return number === undefined ? [] : [labels.number(numberIn(language, number))];
}

function minutesText({ minutes }: SentIssue, { language, labels }: List): string {
  return minutes === 0 ? "" : minutesIn(language, labels, minutes);
}

function kindText({ kind }: SentIssue, { labels }: List): string {
  return kind === undefined ? "" : escapeHtml(labels.archive[kind]);
}

function titleView(issue: SentIssue, list: List): string {
  return `<a href="${list.root}${issue.slot}/"${languageOf(issue, list)}>${escapeHtml(issue.title)}</a>`;
}

function languageOf(issue: SentIssue, { language }: List): string {
  return issue.language === language ? "" : ` lang="${escapeHtml(issue.language)}" dir="auto"`;
}

function pictureView({ slot, cover }: SentIssue): string {
  if (!cover) return "";
  const { name, alt, width, height } = cover;
  const size = width && height ? ` width="${width}" height="${height}"` : "";
  return `<img src="${slot}/images/${encodeURIComponent(name)}" alt="${escapeHtml(alt)}"${size}>`;
}

const STYLES = "tagline meta kicker headline headline-long dek story section numeral brief".split(
  " ",
);

const CSS = `.sheet{max-width:1120px;margin:0 auto;padding:28px 20px 56px}
.name{text-align:center;padding-bottom:20px;overflow-wrap:break-word}
.name a,main a{text-decoration:none}
.name img{max-width:100%;height:auto}
.w-tagline{margin-top:4px}
.folio,.year{border-top:3px solid var(--rule);position:relative}
.folio::before,.year::before{content:"";position:absolute;inset:2px 0 auto;border-top:1px solid var(--rule)}
.folio{padding-top:3px;border-bottom:1px solid var(--hair)}
.folio,.links,.years{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 24px}
.folio > :first-child,.links a,.years a{padding:12px 0}
.years{justify-content:start}
.links a,.years a,.latest .w-meta a{color:var(--ink);text-decoration:underline}
.latest .w-meta a{text-decoration-color:var(--accent)}
article,.rows li{position:relative;overflow-wrap:break-word}
h1,h2{text-wrap:balance}
article h2 a::after,.rows a::after{content:"";position:absolute;inset:0}
article:hover h2 a,.rows li:hover a{text-decoration:underline}
article img{display:block;width:100%;height:auto;object-fit:cover;margin-bottom:16px}
.latest{padding:28px 0 32px}
.latest h2{margin:4px 0 12px}
.latest .w-dek{margin-bottom:12px}
.three{border-top:1px solid var(--rule);padding:20px 0 32px;display:grid;gap:32px}
.three img{aspect-ratio:16/10}
.three .w-story{margin:4px 0 8px}
.year{padding-top:20px}
.year .w-section{margin-bottom:12px}
main > .year:first-child{border:0}
main > .year:first-child::before{display:none}
.rows{list-style:none;margin:0;padding:0;border-bottom:1px solid var(--hair)}
.rows li{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 12px;padding:12px 0;border-top:1px solid var(--hair)}
.t{flex:1 0 100%}
.none{padding:40px 0}
@media (min-width:720px){.sheet{padding:40px 40px 56px}.name{padding-bottom:24px}
.latest{padding:32px 0 40px}.latest:has(img){display:grid;grid-template-columns:616fr 392fr;gap:32px}
.latest img{margin:0}.latest h2{margin:8px 0 16px}
.three{grid-template-columns:repeat(3,1fr);gap:48px;padding:24px 0 40px}
.three article + article::before{content:"";position:absolute;inset-block:0;inset-inline-start:-24px;border-inline-start:1px solid var(--hair)}
.rows li{flex-wrap:nowrap;padding:10px 0}
.n{flex:0 0 52px}.d{flex:0 0 124px}.t{flex:1}.k,.m{flex:0 0 104px}.m{text-align:end}}
@media (prefers-color-scheme:dark){.plate{background:#FBFAF7;padding:8px}}`;

/**
 * Seven issues of real articles as readers see them, in the packaged Chromium: how many headlines end with a lost word, which
 * words are torn, how long the text of a pair is, where the hero's headline ends, and how many KB each issue has.
 *
 *   node bench/look.ts               the figures
 *   node bench/look.ts --texts       the texts that were shortened, with the text that each was taken from
 *   node bench/look.ts --out FOLDER  also the pages and their pictures at 375 and 600 px
 *
 * BROADSHEET_CORPORA names the folder with articles/. Without it the one sample article of content/ is used.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import type { Article } from "../src/article/article.ts";
import { isDoubtful } from "../src/article/article.ts";
import { readArticle } from "../src/article/read-articles.ts";
import { weightedDigest } from "../src/digest/arrange/weights.ts";
import { composeDigest } from "../src/digest/compose-digest.ts";
import type { Digest } from "../src/digest/digest.ts";
import { loadTemplate } from "../src/email/io/load-template.ts";
import { renderEmail } from "../src/email/render-email.ts";
import { slotsOf, themeFor } from "../src/email/theme.ts";
import { BroadsheetError } from "../src/errors.ts";
import { groundsOf } from "../src/issue/pictures/look-at-pixels.ts";
import { cropPictures } from "../src/issue/pictures/io/fit-pictures.ts";
import type { Picture } from "../src/platform/picture.ts";
import { summarize } from "../src/summary/summarize.ts";
import { tooThin } from "../src/summary/summary.ts";
import { openPackagedBrowser } from "../tests/browser.ts";
import { photo } from "../tests/pictures.ts";
import { corpora, type Folder, samplesOf } from "./reading/corpus.ts";
import { randomFrom } from "./training/random.ts";

const WIDTHS = [320, 375, 600] as const;
const SEED = Number(process.env["LOOK_SEED"] ?? 11);

interface Issue {
  readonly name: string;
  readonly template: "brief" | "digest" | "letter";
  readonly digest: Digest;
  readonly pictures: readonly Picture[];
}

/** What a browser shows of an issue at one width. */
interface Look {
  readonly lostHeadlines: readonly string[];
  readonly lostTexts: readonly string[];
  readonly torn: readonly string[];
  readonly pairLines: readonly number[];
  readonly heroBottomPx: number;
  readonly overflowPx: number;
}

async function main(): Promise<void> {
  const issues = await sevenIssues();
  if (process.argv.includes("--texts")) return showTexts(issues);
  const browser = await openPackagedBrowser();
  try {
    let lost = 0;
    for (const issue of issues) lost += await measure(issue, browser);
    console.log(`lost last words of headlines, all issues and widths: ${lost}`);
  } finally {
    await browser.close();
  }
}

async function measure(issue: Issue, browser: Browser): Promise<number> {
  const { html } = await renderEmail(issue.digest, await loadTemplate(issue.template));
  const looks: Look[] = [];
  for (const width of WIDTHS) looks.push(await lookAt(issue, html, width, browser));
  const all = (of: (look: Look) => readonly string[]) => looks.flatMap(of);
  const gists = await fittedEntries(issue);
  const words = gists
    .filter(({ weight }) => weight === "pair")
    .map(({ copy }) => copy.gist.text.split(/\s+/).length);
  const unfit = gists.filter(
    ({ copy, weight }) => !copy.headline.fits || (weight !== "line" && !copy.gist.fits),
  );
  console.log(
    [
      `${issue.name}: ${(Buffer.byteLength(html) / 1024).toFixed(1)} KB`,
      `lost headlines ${looks.map((look) => look.lostHeadlines.length).join("/")}, other texts ${looks.map((look) => look.lostTexts.length).join("/")}`,
      `torn ${JSON.stringify([...new Set(all((look) => look.torn))])}`,
      `pair: gist words ${words.join(", ") || "–"}, headline lines at 600 ${looks[2]?.pairLines.join(", ") || "–"}`,
      `hero headline ends at ${looks[1]?.heroBottomPx} px of 375`,
      `overflow ${looks.map((look) => look.overflowPx).join("/")}`,
      `without room: ${unfit.length} of ${gists.length} stories`,
      ...all((look) => look.lostHeadlines).map((text) => `  lost: ${text}`),
    ].join("\n  "),
  );
  return all((look) => look.lostHeadlines).length;
}

async function fittedEntries({ digest, template }: Issue) {
  const { theme } = await loadTemplate(template);
  const weighted = weightedDigest(digest, slotsOf(themeFor(theme, digest.language)));
  return weighted.sections.flatMap(({ entries }) => entries);
}

async function lookAt(issue: Issue, html: string, width: number, browser: Browser): Promise<Look> {
  const out = process.argv.indexOf("--out");
  const folder = out < 0 ? undefined : process.argv[out + 1];
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  try {
    const pictures = new Map(issue.pictures.map((picture) => [picture.name, picture]));
    await page.route("**/*", async (route) => {
      const picture = pictures.get(route.request().url().split("/").at(-1) ?? "");
      if (route.request().url().endsWith("/issue.html"))
        return route.fulfill({ body: html, contentType: "text/html; charset=utf-8" });
      return picture
        ? route.fulfill({ body: picture.content, contentType: picture.contentType })
        : route.abort();
    });
    await page.goto("http://issue.test/issue.html");
    await page.addStyleTag({ content: "*{text-wrap-style:auto!important}" });
    if (folder !== undefined && width !== 320) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, `${issue.name}.html`), html);
      await page.screenshot({
        path: path.join(folder, `${issue.name}-${width}.png`),
        fullPage: true,
      });
    }
    return await page.evaluate<Look>(LOOK);
  } finally {
    await page.close();
  }
}

/** Runs in the page: lines by the rectangles of words. */
const LOOK = `(() => {
  const wordsOf = (element) => {
    const words = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const match of node.data.matchAll(/[^\\s]+/gu)) {
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const rects = [...range.getClientRects()].filter(({ width }) => width > 0.5);
        if (rects.length > 0) words.push({ text: match[0], rects });
      }
    return words;
  };
  const linesOf = (words) => {
    const lines = [];
    for (const { text, rects } of words)
      for (const rect of rects) {
        const line = lines.at(-1);
        if (line && Math.abs(line.top - rect.top) < 6) { line.words++; line.right = Math.max(line.right, rect.right); line.left = Math.min(line.left, rect.left); line.text += " " + text; }
        else lines.push({ top: rect.top, left: rect.left, right: rect.right, words: 1, text });
      }
    return lines;
  };
  const isLost = (element) => {
    const lines = linesOf(wordsOf(element));
    const last = lines.at(-1);
    if (lines.length < 2 || last.words !== 1) return false;
    const style = getComputedStyle(element);
    const width = element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return last.right - last.left < width * 0.4;
  };
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.offsetParent !== null && element.textContent.trim() !== "");
  const headlines = shown("h1,h2,h3,.t-toc,.t-quote");
  const texts = shown("p").filter((element) => !headlines.includes(element));
  const torn = [...headlines, ...texts].flatMap((element) =>
    wordsOf(element)
      .filter(({ text, rects }) => !/[-–—/]/.test(text) && /^[\\p{Script=Latin}\\p{N}\\p{P}]+$/u.test(text) && new Set(rects.map(({ top }) => Math.round(top))).size > 1)
      .map(({ text }) => text));
  const hero = document.querySelector("h2[class^=t-headline]");
  return {
    lostHeadlines: headlines.filter(isLost).map((element) => innerWidth + " " + element.textContent.trim()),
    lostTexts: texts.filter(isLost).map((element) => element.textContent.trim()),
    torn,
    pairLines: shown(".half h2,.half h3").map((element) => linesOf(wordsOf(element)).length),
    heroBottomPx: hero ? Math.round(hero.getBoundingClientRect().bottom) : 0,
    overflowPx: Math.max(0, document.documentElement.scrollWidth - innerWidth),
  };
})()`;

/** The texts that readers see. A story in brief has no gist, and no line in the contents. */
const SHOWN = { lead: ["headline", "gist", "contents"], line: ["headline"] } as const;

async function showTexts(issues: readonly Issue[]): Promise<void> {
  for (const issue of issues.filter(({ template }) => template === "digest"))
    for (const { weight, copy } of await fittedEntries(issue))
      for (const kind of weight === "line" ? SHOWN.line : SHOWN.lead) {
        const { text, of, fits } = copy[kind];
        if (text !== of || !fits)
          console.log(
            `${issue.name} ${weight} ${kind}${fits ? "" : " NO ROOM"}\n  ${text}\n  < ${of}`,
          );
      }
}

async function sevenIssues(): Promise<Issue[]> {
  const english = shuffled(articlesOf(["en", "vetted", "fields"], "en"));
  const german = articlesOf(["multilingual"], "de");
  let from = 0;
  const next = (count: number) => english.slice(from, (from += count));
  const [ten, twentyFour, bare, thirty] = [next(10), next(24), next(24), next(30)];
  return [
    await issueOf("ten-with-pictures", ten, { withPictures: true }),
    await issueOf("24-with-pictures", twentyFour, { withPictures: true }),
    await issueOf("24-without", bare),
    await issueOf("30-without", thirty),
    await issueOf("german", german.slice(0, 8), { language: "de" }),
    await issueOf("brief", english.slice(3, 4), { template: "brief" }),
    await issueOf("letter", english.slice(0, 5), { template: "letter", withLetter: true }),
  ];
}

interface IssueOptions {
  readonly withPictures?: boolean;
  readonly withLetter?: boolean;
  readonly language?: string;
  readonly template?: Issue["template"];
}

async function issueOf(
  name: string,
  articles: readonly Article[],
  {
    withPictures = false,
    withLetter = false,
    language = "en",
    template = "digest",
  }: IssueOptions = {},
): Promise<Issue> {
  const pictures = withPictures ? await generated(articles.length) : [];
  const entries = articles.map((article, at) => {
    const images = withPictures
      ? [{ src: `images/p${at}.jpg`, alt: "A generated picture", widthPx: 1300, heightPx: 900 }]
      : [];
    return { article: { ...article, images }, summary: summarize(article) };
  });
  const letter = withLetter && articles[0] ? { ...articles[0], ...letterFor(articles) } : undefined;
  const digest = composeDigest(
    { newsletter: "the-tidewrack", slot: "2026-11-24", number: 218 },
    entries,
    {
      publication: {
        name: "The Tidewrack",
        tagline: "Harbours, boats and cold water",
        postalAddress: "2 Sailcloth Row, Thornsea",
      },
      template,
      language,
      webUrl: "https://tidewrack.example/issues/218",
      modules: { feedback: "desk@tidewrack.example" },
      ...(letter && { letter }),
    },
  );
  const { theme } = await loadTemplate(template);
  const slots = slotsOf(themeFor(theme, language));
  return {
    name,
    template,
    ...(await cropPictures({ digest, pictures }, { slots, grounds: groundsOf(theme) })),
  };
}

function letterFor(articles: readonly Article[]): Partial<Article> {
  const named = articles.slice(0, 3).map(({ title }) => `I read [[story: ${title}]] twice.`);
  return {
    kind: "letter",
    title: "",
    authors: ["Wren Aldous"],
    text: ["It has been a quiet week on the water.", ...named, "Until next week."].join("\n\n"),
  };
}

async function generated(count: number): Promise<Picture[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => ({
      name: `p${at}.jpg`,
      contentType: "image/jpeg",
      content: await photo(1300, 900, 3, at + 1)
        .jpeg()
        .toBuffer(),
    })),
  );
}

function articlesOf(folders: readonly Folder[], language: string): Article[] {
  if (!existsSync(path.join(corpora, "articles"))) return sampleArticles();
  return folders.flatMap((folder) =>
    samplesOf(folder).flatMap(({ id, html, gold }): Article[] => {
      try {
        if (/lorem ipsum/i.test(html)) return [];
        const location = gold.url ?? `https://paper.example/${id}.html`;
        const read = readArticle({ format: "html", location, body: html });
        const isUsable = read.language.startsWith(language) && !isDoubtful(read.reading);
        return isUsable && !tooThin(read) ? [{ ...read, id: `${folder}-${id}` }] : [];
      } catch (error) {
        if (error instanceof BroadsheetError) return [];
        throw error;
      }
    }),
  );
}

function sampleArticles(): Article[] {
  const file = path.resolve(import.meta.dirname, "../content/02-eleven-minutes.txt");
  const body = readFileSync(file, "utf8");
  const read = readArticle({ format: "text", location: file, body });
  return Array.from({ length: 90 }, (_, at) => ({ ...read, id: `sample-${at}` }));
}

function shuffled<T>(values: readonly T[]): T[] {
  const random = randomFrom(SEED);
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

await main();

import {
  type Digest,
  type Entry,
  flatEntries,
  headlineOf,
  idOf,
  type Removal,
} from "../../digest/digest.ts";
import { folded as foldedName, hostOf } from "../../article/identity.ts";
import { flatBlocks, type LetterBlock } from "../../article/letter-block.ts";
import { unreadIn } from "../../article/markdown/letter.ts";
import { fieldIn, isJson } from "../../digest/operations/operation.ts";
import { isPair } from "../../digest/operations/history.ts";
import { letterBlocks, letterWords } from "../../digest/letter-blocks.ts";
import { unansweredNames } from "../../email/weave-stories.ts";
import { lexiconOf, sharedCount, termsOf } from "../../summary/language/lexicon.ts";
import { atStory, titled, issueRule, type Shown, storyRule, type ReviewInput } from "../rule.ts";
import { type Fault, type Rule, quoted } from "../../check/rule.ts";
import { linksOf } from "../../check/content.ts";
import { folded } from "../../platform/text.ts";
import { faultOfLine, isForeign } from "../line-faults.ts";
import { type Printed, sentencesOf } from "../lines.ts";
import { storiesIn } from "../stories.ts";
import { shownEntries } from "../../digest/arrange/weights.ts";
import {
  attribute,
  type HtmlDocument,
  inside,
  named,
  outwards,
} from "../../check/html-document.ts";

/** Faults that an editor would correct before an issue is sent. */
export const EDITORIAL_RULES: readonly Rule<ReviewInput>[] = [
  storyRule({
    id: "dead-end",
    severity: "warning",
    what: "Every story has a link to its article, or is shown in full",
    source: "Broadsheet: readers of a digest can open its articles",
    fix: 'give the story its "url" in digest.json or in the head of its file, or accept it as it is',
    says: (entry) =>
      entry.accepted !== true && isDeadEnd(entry) && `${titled(entry)} has no link to its article`,
  }),
  issueRule({
    id: "headline-link",
    severity: "warning",
    what: "The headline of every story that has an address links to it",
    source: "Broadsheet: readers click on headlines",
    fix: "let the template put a link around the headline: {{source.url}}",
    run: (digest, _printed, { html }) => headlineLinks(digest, html),
  }),
  issueRule({
    id: "said-twice",
    severity: "warning",
    what: "No sentence is repeated, within a story or in two stories",
    source: "Broadsheet: each sentence is shown once",
    fix: "remove one of the two, or rewrite it: in the preview, or in digest.json",
    run: repeatedSentences,
  }),
  issueRule({
    id: "one-story",
    severity: "warning",
    what: "No two stories are likely to be the same",
    source:
      "Broadsheet: the probability that two articles report one event, trained on labelled pairs",
    fix: 'join them or part them: in the preview (+ and −), or in "stories" of digest.json',
    run: openPairs,
  }),
  storyRule({
    id: "sentence-whole",
    severity: "warning",
    what: "Every sentence is complete: none is cut off or begins in the middle",
    source: "Broadsheet: a sentence has a beginning and an end",
    fix: "complete the sentence or remove it, in the preview or in digest.json, or accept the story as it is",
    says: brokenLines,
  }),
  storyRule({
    id: "line-language",
    severity: "warning",
    what: "Every story is in the issue's language, or in one of `languages` in the config",
    source: "Broadsheet: its readers read one language, or those that its editor names",
    fix: 'add its language to "languages" in the config, accept the story, or hide it',
    says: (entry, _lines, digest) =>
      entry.accepted !== true &&
      isForeign(entry, digest) &&
      `${titled(entry)} is in another language than the issue (${entry.article.language})`,
  }),
  storyRule({
    id: "number-named",
    severity: "warning",
    what: "Every number says what it counts and whose it is",
    source: "Broadsheet: a number without context means nothing",
    fix: "remove the number, or write what it counts: in the preview, or in digest.json",
    says: (entry, lines) =>
      entry.accepted !== true &&
      lines.flatMap((line) => {
        const what = line.as === "number" && faultOfLine(line);
        return what ? [`The number of ${titled(entry)}, ${quoted(line.text)}, ${what}`] : [];
      }),
  }),
  issueRule({
    id: "removed",
    severity: "info",
    what: "No line was left out as unfit for readers",
    source: "Broadsheet: a line that an editor would probably remove is left out and reported",
    fix: "restore the line if it is right: your change is kept",
    run: removedLines,
  }),
  storyRule({
    id: "story-empty",
    severity: "warning",
    what: "Every story has text below its headline",
    source: "Broadsheet: a headline alone is not enough to decide whether to read on",
    fix: "write its first line in digest.json or in the preview, hide the story, or accept it as it is",
    says: (entry) => {
      const [{ text }, { title }] = [entry.summary.gist, entry.article];
      const hasText = lettersIn(text) > 0 && folded(text) !== folded(title);
      // In brief there is only room for a headline.
      const isSettled = entry.weight === "line" || title === "" || entry.accepted === true;
      if (hasText || isSettled) return undefined;
      return `${titled(entry)} has no text below its headline`;
    },
  }),
  storyRule({
    id: "kicker",
    severity: "warning",
    what: "A kicker is one or two words: no host, no tag of a site, no sentence",
    source: "Broadsheet: a kicker says what a story is about",
    fix: 'write a word or two into "kicker" in digest.json or in the head of the file, or remove it',
    says: (entry) => {
      const what = kickerFault(entry);
      return what && `The kicker ${quoted(entry.article.kicker ?? "")} of ${titled(entry)} ${what}`;
    },
  }),
  issueRule({
    id: "picture-alt",
    severity: "warning",
    what: "Every picture that a story shows has alt text",
    source: "WCAG 2.2 §1.1.1; readers with pictures off see only this text",
    fix: 'describe the picture in a sentence ("alt" of the picture in digest.json), or accept the story if the picture is decoration',
    run: (digest, _printed, { html }) =>
      shownEntries(digest)
        .filter((entry) => entry.accepted !== true && isMute(entry, html))
        .map((entry) => atStory(entry, `The picture of ${titled(entry)} has no alt text`)),
  }),
  storyRule({
    id: "headline-site",
    severity: "warning",
    what: "No headline is only the name of the site that it is from",
    source: "WCAG 2.2 §2.4.6: a heading describes its topic",
    fix: "write a headline (its title in digest.json), or accept the story as it is",
    says: (entry) =>
      isTitledAsSite(entry) && `The headline ${titled(entry)} is the name of its site`,
  }),
  issueRule({
    id: "letter-story",
    severity: "warning",
    what: "Every story that the letter names by [[story: …]] is in the issue",
    source: "Broadsheet: a name without a story is shown as plain text",
    fix: "write the story's headline, or its beginning, as it is in the issue, into the letter",
    run: (digest) => {
      const stories = shownEntries(digest).map((entry) => ({ title: headlineOf(entry) }));
      return unansweredNames(blocksOf(digest), stories).map(({ name, line }) => ({
        message: `The letter names a story that isn't in the issue: ${quoted(name)}${inLine(line)}`,
      }));
    },
  }),
  issueRule({
    id: "letter-block",
    severity: "warning",
    what: "The letter is shown as its editor means it: no HTML, no unclosed mark, no missing picture or sponsor",
    source: "Broadsheet: markup that it can't read is shown as it is written",
    fix: "write it in Markdown, correct its name, or remove it from the letter",
    run: (digest) => letterFaults(digest),
  }),
  issueRule({
    id: "letter-text",
    severity: "error",
    what: "An issue in the template of the letter has a letter",
    source: "Broadsheet: a list of stories alone is no letter",
    fix: 'write the letter, or choose the digest: "template": "digest" in digest.json',
    run: (digest) =>
      digest.template === "letter" && letterWords(blocksOf(digest)).trim() === ""
        ? "The letter has no text"
        : [],
  }),
  issueRule({
    id: "subject-whole",
    severity: "warning",
    what: "Subject and preheader are complete: neither is cut off or announces something that is missing",
    source: "Broadsheet: the subject is all that many readers see",
    fix: 'write "subject" or "preheader" in digest.json, or give --subject',
    run: (_digest, { lines }) =>
      lines.flatMap((line) => {
        const isInbox = line.as === "subject" || line.as === "preheader";
        const what = isInbox && faultOfLine(line);
        return what ? [{ message: `The ${line.as} ${what}: ${quoted(line.text)}` }] : [];
      }),
  }),
];

function blocksOf({ letter }: Digest): readonly LetterBlock[] {
  return letter ? letterBlocks(letter) : [];
}

/** Returns the line number in the letter's file, as the end of a sentence. */
function inLine(line: number | undefined): string {
  return line === undefined ? "" : ` (line ${line})`;
}

/** Returns the faults of a letter: parts that are printed as written, or not at all. */
function letterFaults(digest: Digest): Fault[] {
  const blocks = blocksOf(digest);
  const hasSponsor = digest.modules?.sponsor !== undefined;
  const lost = flatBlocks(blocks).flatMap((block): string[] => {
    if (block.kind === "sponsor" && !hasSponsor)
      return [`The letter has a place for a sponsor, and the issue has none${inLine(block.line)}`];
    if (block.kind !== "picture" || block.src !== undefined) return [];
    const name = begun(block.missing ?? block.alt);
    return [`A picture of the letter can't be loaded or shown${inLine(block.line)}: ${name}`];
  });
  const written = unreadIn(blocks).map(
    ({ text, line }) => `The letter shows this as it is written${inLine(line)}: ${begun(text)}`,
  );
  return [...new Set([...lost, ...written])].map((message) => ({ message }));
}

const LONGEST_BEGINNING = 60;

function begun(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return quoted(line.length > LONGEST_BEGINNING ? `${line.slice(0, LONGEST_BEGINNING)}…` : line);
}

/**
 * Whether the email shows the picture of a story, complete or cropped, without alt text. Pictures are compared by file
 * name, because their address differs in the folder, in the message and on the newsletter's server.
 */
function isMute({ article: { images } }: Entry, html: HtmlDocument): boolean {
  const [image] = images;
  if (!image || image.alt.trim() !== "") return false;
  const files = [image, ...Object.values(image.crops ?? {})];
  const names = files.flatMap((file) => file?.src.split("/").at(-1) ?? []);
  return named(html, "img").some((shown) =>
    names.some((name) => attribute(shown, "src").endsWith(name)),
  );
}

/** Whether a story has no link and is not printed completely. A short note may be complete. */
function isDeadEnd({ article, summary }: Entry): boolean {
  if (article.url !== undefined || article.kind === "letter") return false;
  const shown = [summary.gist, ...summary.keyPoints].map(({ text }) => text).join("");
  return lettersIn(shown) < lettersIn(article.text) * 0.8;
}

function lettersIn(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

function headlineLinks(digest: Digest, html: HtmlDocument): Fault[] {
  const links = new Map(linksOf(html).map(({ element, href }) => [element, href]));
  // Two stories may have the same headline.
  const entries = Map.groupBy(shownEntries(digest), headlineOf);
  return storiesIn(html, digest).flatMap(({ heading, headline }): Fault[] => {
    const urls = (entries.get(headline) ?? []).flatMap(({ article: { url } }) => url ?? []);
    if (urls.length === 0) return [];
    const around = [...outwards(heading), ...inside(html, heading)];
    if (around.some((element) => urls.includes(links.get(element) ?? ""))) return [];
    return [{ message: `The headline ${quoted(headline)} is no link`, at: [heading] }];
  });
}

interface Sentence {
  readonly text: string;
  readonly terms: ReadonlySet<string>;
}

/** Two sentences with a larger share of common terms say the same. */
const SAME = 0.85;
/** Shorter sentences may be similar by coincidence. */
const LEAST_TERMS = 6;

function repeatedSentences(_digest: Digest, { stories }: Printed): Fault[] {
  const said: (Sentence & { readonly entry: Entry })[] = [];
  return stories.flatMap(({ entry, lines: all }) => {
    const { stopWords } = lexiconOf(entry.article.language);
    const again = sentencesOf(all).flatMap((text) => {
      const line = { text, entry, terms: termsOf(text, stopWords) };
      const before = said.find((other) => saysTheSame(other, line));
      said.push(line);
      return before ? [{ text, before: before.entry }] : [];
    });
    // Two stories with several common sentences are one finding.
    return [...Map.groupBy(again, ({ before }) => before)].map(([before, lines]) => {
      const more = lines.length > 1 ? ` and ${lines.length - 1} more` : "";
      const first = `${quoted(lines[0]?.text ?? "")}${more}`;
      const where = before === entry ? "" : ` from ${titled(before)}`;
      const point = entry.summary.keyPoints.find(({ text }) => text === lines[0]?.text)?.text;
      return atStory(entry, `${titled(entry)} repeats ${first}${where}`, {
        ...(point !== undefined && { sentence: point }),
        ...(before !== entry && { other: idOf(before) }),
      });
    });
  });
}

function saysTheSame(a: Sentence, b: Sentence): boolean {
  const least = Math.min(a.terms.size, b.terms.size);
  const isAlike = least >= LEAST_TERMS && sharedCount(a.terms, b.terms) >= least * SAME;
  return isAlike || folded(a.text) === folded(b.text);
}

/** Returns a fault for each removal of the build that the editor has not restored. Hidden stories are not in `digest`. */
function removedLines(digest: Digest): Fault[] {
  const entries = flatEntries(digest);
  return (digest.removed ?? []).flatMap((removal): Fault[] => {
    const { id, story = id, op, field, value, text, why } = removal;
    const entry = entries.find((one) => idOf(one) === story);
    if (story === undefined || isBack(removal, entry, digest)) return [];
    const isList = field !== undefined && /^summary\.(?!gist)/.test(field);
    const was = isList ? fieldIn(entry, field.split(".")) : undefined;
    const restores = {
      op,
      ...(id !== undefined && { id }),
      ...(field !== undefined && { field }),
      value,
      ...(isJson(was) && { was }),
    };
    const says = REMOVED[field ?? op] ?? "is left out";
    const place = { story: entry ? headlineOf(entry) : text, id: story, restores };
    return [{ message: `${quoted(text)} ${says}: ${why}`, at: [place] }];
  });
}

const REMOVED: Readonly<Record<string, string>> = {
  weight: "is not shown, and its story is in brief",
  hide: "is left out with its story",
};

/** Whether the words are in the issue again, or their story is gone. */
function isBack(
  { id, op, field, text }: Removal,
  entry: Entry | undefined,
  digest: Digest,
): boolean {
  if (op === "hide") return entry !== undefined;
  if (!entry) return true;
  if (field === "weight") return entry.weight !== "line";
  const within = id === undefined ? (digest.modules ?? {}) : entry;
  return JSON.stringify(within).includes(JSON.stringify(text));
}

/** Returns the pairs of printed stories that may be one, without those that the editor has separated since. */
function openPairs(digest: Digest, printed: Printed): Fault[] {
  const { offered = [], stories: { apart = [] } = {} } = digest;
  const entries = new Map(printed.stories.map(({ entry }) => [idOf(entry), entry]));
  return offered.flatMap(({ stories, chance }) => {
    const [host, guest] = stories.map((id) => entries.get(id));
    if (!host || !guest || apart.some((pair) => isPair(pair, stories))) return [];
    const says = `${titled(host)} and ${titled(guest)} may be the same story (${Math.round(chance * 100)} %)`;
    return [atStory(guest, says, { other: idOf(host) })];
  });
}

/** Returns the faults of lines that are sentences. Numbers have a rule of their own. */
function brokenLines(entry: Entry, lines: Shown): string[] {
  if (entry.accepted === true) return [];
  const broken = lines
    .filter(({ as, isWhole }) => as !== "number" && isWhole)
    .flatMap((line) => {
      const what = faultOfLine(line);
      return what === undefined ? [] : [`${quoted(line.text)} ${what}`];
    });
  return [...new Set(broken)];
}

/** A kicker with more letters is a sentence, unless it is one word, such as a Welsh name or a German compound. */
const LONGEST_KICKER = 40;

function kickerFault({ article }: Entry): string | undefined {
  const { kicker = "", site, url } = article;
  if (kicker === "") return undefined;
  const name = foldedName(kicker);
  if (
    /^(?:https?:\/\/)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:\/\S*)?$/i.test(kicker) ||
    name === hostOf(url)
  )
    return "is a host";
  if (/^#|_|^\p{Ll}[\p{Ll}\p{N}]*(?:-[\p{Ll}\p{N}]+)+$|[,|>›]/u.test(kicker))
    return "is a tag of a site";
  if (site !== undefined && name === foldedName(site)) return "is the name of the paper";
  return kicker.length > LONGEST_KICKER && /\s/u.test(kicker) ? "is a sentence" : undefined;
}

/** Whether the headline is only the name of the site. A doubt from reading the article is not reported again. */
function isTitledAsSite({ article, accepted }: Entry): boolean {
  const { title, site, url, reading } = article;
  if (title === "" || accepted === true || (reading?.doubts.length ?? 0) > 0) return false;
  const name = foldedName(title).replace(/^www\./, "");
  const host = hostOf(url);
  return [site === undefined ? "" : foldedName(site), host, host?.split(".")[0]].includes(name);
}

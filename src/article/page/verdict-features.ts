import { BOILERPLATE_REASONS } from "../boilerplate.ts";
import type { BlockWithRole, Role } from "../block.ts";
import { fold } from "../clean-text.ts";
import { measureText, type TextMeasure } from "../measure-text.ts";
import { isHeading, isItem, type PageBlock, type Place, placesAround, proseOf } from "./blocks.ts";
import type { JudgedBlock } from "./choose-story.ts";
import { groupOf } from "./page-measures.ts";

/** A block of a page with its role and the evidence for it. */
export interface SeenBlock {
  readonly text: string;
  /** Its longer words. */
  readonly terms: readonly string[];
  readonly measure: TextMeasure;
  readonly linked: number;
  readonly prose: number;
  /** 1 to 6 for headings, otherwise 0. */
  readonly level: number;
  readonly isItem: boolean;
  /** The probability that it belongs to the story, and the same from the trees alone, without rules. */
  readonly chance: number;
  readonly chanceAlone: number;
  /** The share that Readability chooses. */
  readonly taken: number;
  readonly role: Role["is"];
  readonly isComment: boolean;
  /** The number of the largest group of siblings with the same shape around the block, and the size of the group. */
  readonly list: number;
  readonly listed: number;
  /** The number of the outermost `article` element around it. */
  readonly article: number;
}

export interface SeenPage {
  readonly blocks: readonly SeenBlock[];
  readonly titles: readonly string[];
  readonly title: string;
  readonly isTitleSite: boolean;
  readonly descriptions: readonly string[];
  readonly declaredBody: string | undefined;
}

/** Collects the roles and the evidence of a page's blocks. */
export function seeBlocks(
  assigned: readonly BlockWithRole<PageBlock>[],
  judged: readonly JudgedBlock[],
): SeenBlock[] {
  const byBlock = new Map(judged.map((one) => [one.block, one]));
  const numbers = new Map<Place, number>();
  const numberOf = (place: Place | undefined): number => {
    if (!place) return -1;
    const number = numbers.get(place) ?? numbers.size;
    numbers.set(place, number);
    return number;
  };
  const groups: Parameters<typeof groupOf>[1] = new Map();
  return assigned.map(({ block, role }) => {
    const path = placesAround(block.place);
    const [list, listed] = largestList(path, groups);
    const { text, measure, linked } = block;
    const own = byBlock.get(block);
    return {
      text,
      terms: termsOf(text),
      measure,
      linked,
      prose: proseOf(block),
      level: isHeading(block) ? Number(/\d/.exec(block.place.name)?.[0] ?? 6) : 0,
      isItem: isItem(block),
      chance: own?.chance ?? 0,
      chanceAlone: own?.chanceAlone ?? 0,
      taken: own?.taken ?? 0,
      role: role.is,
      isComment: role.is === "boilerplate" && role.reason === BOILERPLATE_REASONS.comments,
      list: numberOf(list),
      listed,
      article: numberOf(path.findLast(({ name }) => name === "article")),
    };
  });
}

const TEXT_ELEMENT = /^(?:p|h[1-6]|blockquote|pre|figure|br|hr)$/;

function largestList(
  path: readonly Place[],
  groups: Parameters<typeof groupOf>[1],
): readonly [Place | undefined, number] {
  let [found, most, count]: [Place | undefined, number, number] = [undefined, 0, 0];
  for (const place of path) {
    if (TEXT_ELEMENT.test(place.name) || place.prose === 0) continue;
    const { places, prose } = groupOf(place, groups);
    if (places.length < 3 || prose <= most) continue;
    [found, most, count] = [places[0], prose, places.length];
  }
  return [found, count];
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const log = (value: number): number => Math.log2(1 + Math.max(0, value));
const NONE = -1;
const wordsIn = (blocks: readonly SeenBlock[]): number =>
  blocks.reduce((sum, { measure }) => sum + measure.words, 0);
const proseIn = (blocks: readonly SeenBlock[]): number =>
  blocks.reduce((sum, { prose }) => sum + prose, 0);
const meanChance = (blocks: readonly SeenBlock[]): number =>
  share(
    blocks.reduce((sum, { chanceAlone, measure }) => sum + chanceAlone * measure.words, 0),
    wordsIn(blocks),
  );

/** The features of the printed text by name, always in the same order. */
export function verdictFeatures(page: SeenPage): Readonly<Record<string, number>> {
  const { blocks } = page;
  const printed = blocks.filter(({ role }) => role === "story");
  const words = wordsIn(printed);
  const first = blocks.findIndex(({ role }) => role === "story");
  const last = blocks.findLastIndex(({ role }) => role === "story");
  return {
    ...ofChances(page, printed, words),
    ...ofText(printed, words),
    ...ofPlace(page, first, last, words),
    ...ofWords(page, printed),
    ...ofLists(page, printed, words),
  };
}

/** A text without a page around it. */
export interface SeenText {
  /** Its paragraphs, with a blank line between them. */
  readonly text: string;
  readonly title: string;
  readonly description?: string | undefined;
}

/** The features of such a text by name, always in the same order. */
export function textFeatures(seen: SeenText): Readonly<Record<string, number>> {
  const printed = seen.text.split(/\n{2,}/).map(toPrinted);
  const descriptions = seen.description === undefined ? [] : [seen.description];
  const title = new Set(termsOf(seen.title, LETTERS_OF_TEXTS));
  const at = printed.findIndex(({ terms }) => terms.some((term) => title.has(term)));
  return {
    ...ofText(printed, wordsIn(printed)),
    ...ofWords({ blocks: printed, title: seen.title, descriptions }, printed, LETTERS_OF_TEXTS),
    titleAt: at < 0 ? NONE : share(at, printed.length),
    titleInOpening: found([...title], new Set(printed.slice(0, 2).flatMap(({ terms }) => terms))),
    firstWords: log(printed[0]?.measure.words ?? 0),
    lastWords: log(printed.at(-1)?.measure.words ?? 0),
  };
}

function toPrinted(text: string): SeenBlock {
  const measure = measureText(text);
  return {
    text,
    terms: termsOf(text, LETTERS_OF_TEXTS),
    measure,
    linked: 0,
    prose: measure.chars,
    level: 0,
    isItem: false,
    chance: 1,
    chanceAlone: 1,
    taken: 1,
    role: "story",
    isComment: false,
    list: NONE,
    listed: 0,
    article: NONE,
  };
}

function ofChances({ blocks }: SeenPage, printed: readonly SeenBlock[], words: number) {
  let [right, hoped, margin, either, both, chosen] = [0, 0, 0, 0, 0, 0];
  for (const { chanceAlone, taken, role, measure } of blocks) {
    const own = measure.words;
    hoped += chanceAlone * own;
    const is = role === "story";
    if (is) right += chanceAlone * own;
    if (taken > 0.5) chosen += own;
    if (!is && taken <= 0.5) continue;
    either += own;
    if (is && taken > 0.5) both += own;
    margin += own * Math.abs(2 * chanceAlone - 1);
  }
  const others = blocks.filter(({ role }) => role !== "story");
  const third = Math.ceil(printed.length / 3);
  return {
    expectedF1: share(2 * right, words + hoped),
    expectedPrecision: share(right, words),
    expectedRecall: share(right, hoped),
    margin: share(margin, either),
    agreement: share(both, either),
    readabilityPrecision: share(both, words),
    readabilityRecall: share(both, chosen),
    product: share(2 * right, words + hoped) * share(margin, either) * share(both, either),
    unlikely: share(wordsIn(printed.filter(({ chanceAlone }) => chanceAlone < 0.6)), words),
    unsure: share(wordsIn(printed.filter(({ chanceAlone }) => chanceAlone < 0.85)), words),
    lost: share(wordsIn(others.filter(({ chanceAlone }) => chanceAlone >= 0.5)), words),
    nearlyLost: share(wordsIn(others.filter(({ chanceAlone }) => chanceAlone >= 0.25)), words),
    chanceFirst: meanChance(printed.slice(0, 3)),
    chanceLast: meanChance(printed.slice(-3)),
    chanceThird1: meanChance(printed.slice(0, third)),
    chanceThird2: meanChance(printed.slice(third, -third)),
    chanceThird3: meanChance(printed.slice(-third)),
  };
}

function ofText(printed: readonly SeenBlock[], words: number) {
  const text = printed.map((block) => block.text).join("\n");
  const part = (is: (block: SeenBlock) => boolean): number =>
    share(wordsIn(printed.filter(is)), words);
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const end = printed.at(-1)?.text ?? "";
  return {
    wordsInBlock: share(words, printed.length),
    open: part(({ measure }) => !measure.endsSentence),
    short: share(printed.filter(({ measure }) => measure.words < 8).length, printed.length),
    headings: part(({ level }) => level > 0),
    items: part((block) => block.isItem),
    damaged: 1000 * share(count(/\uFFFD/g), text.length),
    garbled: 1000 * share(count(/[ÃÂâÐÑ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]/gu), text.length),
    years: share(count(/\b(?:19|20)\d\d\b/g), words),
    cutOff: isCutOff(printed) ? 1 : 0,
    openTail: printed.slice(-4).some(({ measure }) => measure.words >= 8 && !measure.endsSentence)
      ? 1
      : 0,
    openLong: share(
      printed.filter(
        ({ measure, isItem: is }) => !is && measure.words >= 15 && !measure.endsSentence,
      ).length,
      printed.length,
    ),
    endsOpen: /[.!?。！？…"”»’)]\s*$/u.test(end) ? 0 : 1,
    endsDots: /(?:…|\.\.\.)[)\]"”»’]*\s*$/u.test(end) ? 1 : 0,
    firstSmall: /^[^\p{L}]*\p{Ll}/u.test(printed[0]?.text ?? "") ? 1 : 0,
    firstOpen: printed[0]?.measure.endsSentence === true ? 0 : 1,
  };
}

// Whether the last longer paragraph ends within a sentence.
function isCutOff(printed: readonly SeenBlock[]): boolean {
  const last = printed.findLast(
    ({ measure, level, isItem: is }) => measure.words >= 15 && level === 0 && !is,
  );
  return last !== undefined && !last.measure.endsSentence;
}

function ofPlace(page: SeenPage, first: number, last: number, words: number) {
  const { blocks } = page;
  const titles = new Set(page.titles.map(fold));
  const isTitle = ({ text, role }: SeenBlock): boolean =>
    role === "title" || (text.length <= 300 && titles.has(fold(text)));
  const all = blocks.findIndex((block) => block.level > 0 && isTitle(block));
  const title = all >= 0 ? all : blocks.findIndex(isTitle);
  const level = blocks[title]?.level ?? 0;
  const inside = blocks.slice(first, last + 1);
  const gaps = inside.filter(({ role }) => role !== "story");
  const printed = inside.filter(({ role }) => role === "story");
  const second = printed.findIndex(
    (block, index) =>
      index > 0 && block.level > 0 && block.level <= Math.max(1, level) && !isTitle(block),
  );
  return {
    hasTitle: page.title === "" ? 0 : page.isTitleSite ? 1 : 2,
    title: title < 0 ? NONE : share(title, blocks.length),
    titleGap: title < 0 ? NONE : log(proseIn(blocks.slice(title + 1, Math.max(first, title + 1)))),
    titleAfter: title > first ? share(wordsIn(blocks.slice(first, title)), words) : 0,
    titleBlocks: title < 0 ? -99 : Math.max(-20, Math.min(20, first - title)),
    proseBefore: log(proseIn(blocks.slice(0, Math.max(0, first)))),
    proseAfter: log(proseIn(blocks.slice(last + 1))),
    proseNext: log(proseIn(blocks.slice(last + 1, last + 6))),
    takenBefore: share(
      wordsIn(blocks.slice(0, Math.max(0, first)).filter(({ taken }) => taken > 0.5)),
      words,
    ),
    takenAfter: share(wordsIn(blocks.slice(last + 1).filter(({ taken }) => taken > 0.5)), words),
    proseShare: share(proseIn(printed), proseIn(blocks)),
    wordShare: share(words, wordsIn(blocks)),
    gapProse: share(proseIn(gaps), proseIn(inside)),
    gaps: share(gaps.length, inside.length),
    captions: share(wordsIn(blocks.filter(({ role }) => role === "caption")), words),
    comments: share(wordsIn(blocks.filter(({ isComment }) => isComment)), words),
    code: share(wordsIn(blocks.filter(({ role }) => role === "markup")), words),
    secondHeadline: second < 0 ? 0 : share(wordsIn(printed.slice(second)), words),
    topHeadings: printed.filter(
      (block) => block.level === 1 || (block.level > 0 && block.level < level),
    ).length,
    headingsPrinted: printed.filter((block) => block.level > 0).length,
    declared: agreementWith(page.declaredBody, printed),
  };
}

function agreementWith(declared: string | undefined, printed: readonly SeenBlock[]): number {
  if (declared === undefined || declared.length < 100) return NONE;
  const own = new Set(printed.flatMap(({ terms }) => terms));
  const theirs = new Set(termsOf(declared));
  let both = 0;
  for (const term of own) if (theirs.has(term)) both++;
  return share(2 * both, own.size + theirs.size);
}

const TERM =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+|[\p{L}\p{M}\p{N}]+/gu;
const WIDE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Words are equal if they have the same first letters: "doormat" and "doormats". */
const LETTERS_OF_PAGES = 8;
const LETTERS_OF_TEXTS = 6;

/** The longer words of a text, or pairs of characters in scripts without spaces. */
function termsOf(text: string, letters = LETTERS_OF_PAGES): string[] {
  return (text.toLowerCase().match(TERM) ?? []).flatMap((word) => {
    if (!WIDE.test(word)) return word.length >= 5 ? [word.slice(0, letters)] : [];
    return Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2));
  });
}

function ofWords(
  page: Pick<SeenPage, "blocks" | "title" | "descriptions">,
  printed: readonly SeenBlock[],
  letters = LETTERS_OF_PAGES,
) {
  const terms = printed.map((block) => block.terms);
  const all = new Set(terms.flat());
  const half = Math.floor(printed.length / 2);
  const head = new Set(terms.slice(0, Math.max(2, Math.ceil(printed.length / 4))).flat());
  const tail = new Set(terms.slice(half).flat());
  const title = [...new Set(termsOf(page.title, letters))];
  const described = page.descriptions
    .map((one) => [...new Set(termsOf(one, letters))])
    .filter(({ length }) => length >= 4);
  const best = (among: ReadonlySet<string>): number =>
    Math.max(NONE, ...described.map((asked) => found(asked, among)));
  const beside = new Set(
    page.blocks.filter(({ role }) => role !== "story").flatMap((block) => block.terms),
  );
  return {
    titleFound: found(title, all),
    titleInHead: found(title, head),
    titleInTail: found(title, tail),
    titleElsewhere: found(title, beside),
    describedFound: best(all),
    describedInHead: best(head),
    describedInTail: best(tail),
    describedElsewhere: best(beside),
    ...kinOf(page, all),
    ...cohesionOf(terms, headedIn(page)),
  };
}

function found(asked: readonly string[], among: ReadonlySet<string>): number {
  if (asked.length === 0) return NONE;
  return share(asked.filter((term) => among.has(term)).length, asked.length);
}

/** The amount of unprinted prose with the same vocabulary as the story, before, inside and after it. */
function kinOf({ blocks }: Pick<SeenPage, "blocks">, printed: ReadonlySet<string>) {
  const first = blocks.findIndex(({ role }) => role === "story");
  const last = blocks.findLastIndex(({ role }) => role === "story");
  const own = proseIn(blocks.filter(({ role }) => role === "story"));
  let [before, inside, after] = [0, 0, 0];
  for (const [index, { role, prose, terms }] of blocks.entries()) {
    if (role === "story" || role === "title" || prose === 0) continue;
    const kin = prose * share(terms.filter((term) => printed.has(term)).length, terms.length) ** 2;
    if (index < first) before += kin;
    else if (index > last) after += kin;
    else inside += kin;
  }
  return {
    kinBefore: share(before, own),
    kinInside: share(inside, own),
    kinAfter: share(after, own),
  };
}

/** For each printed block, whether a heading is between it and the one before. */
function headedIn({ blocks }: Pick<SeenPage, "blocks">): boolean[] {
  let isHeaded = false;
  return blocks.flatMap(({ role, level }): boolean[] => {
    isHeaded ||= level > 0;
    if (role !== "story") return [];
    const found = isHeaded;
    isHeaded = level > 0;
    return [found];
  });
}

/** Finds the break that splits a text best into two that share few of their repeated words. */
function cohesionOf(paragraphs: readonly (readonly string[])[], headed: readonly boolean[]) {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const [at, terms] of paragraphs.entries())
    for (const term of terms) {
      if (!first.has(term)) first.set(term, at);
      last.set(term, at);
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  const length = paragraphs.length;
  const before = new Float64Array(length + 1);
  const after = new Float64Array(length + 1);
  const across = new Float64Array(length + 1);
  let repeated = 0;
  for (const [term, count] of counts) {
    if (count < 2) continue;
    repeated++;
    const [from = 0, to = 0] = [first.get(term), last.get(term)];
    // A break at `at` is before paragraph `at`.
    before[to + 1]!++;
    after[from]!++;
    across[from + 1]!++;
    across[to + 1]!--;
  }
  let [least, where, done] = [1, 0, 0];
  let [headedLeast, headedWhere] = [1, 0];
  let ended = 0;
  let begun = 0;
  let crossing = 0;
  const total = paragraphs.reduce((sum, { length: own }) => sum + own, 0);
  for (let at = 1; at < length; at++) {
    done += paragraphs[at - 1]?.length ?? 0;
    ended += before[at] ?? 0;
    begun += after[at - 1] ?? 0;
    crossing += across[at] ?? 0;
    const ahead = repeated - begun;
    const part = share(done, total);
    if (part < 0.15 || part > 0.85) continue;
    const shared = share(crossing, crossing + Math.min(ended, ahead));
    if (shared < least) [least, where] = [shared, part];
    if (headed[at] === true && shared < headedLeast) [headedLeast, headedWhere] = [shared, part];
  }
  return {
    cohesion: least,
    breakAt: where,
    headedCohesion: headedLeast,
    headedAt: headedWhere,
    repeatedTerms: share(repeated, counts.size),
  };
}

function ofLists(page: SeenPage, printed: readonly SeenBlock[], words: number) {
  const byList = Map.groupBy(
    printed.filter(({ list }) => list >= 0),
    ({ list }) => list,
  );
  let [most, count, each, largest] = [0, 0, 0, -1];
  for (const [list, blocks] of byList) {
    const own = wordsIn(blocks);
    if (own > most)
      [most, count, each, largest] = [own, blocks[0]?.listed ?? 0, blocks.length, list];
  }
  const apart = printed.filter(({ list }) => list !== largest);
  const declared = [page.title, ...page.descriptions].flatMap((text) => termsOf(text));
  const said = new Set([...declared, ...apart.flatMap(({ terms }) => terms)]);
  const listed = printed.filter(({ list }) => list === largest).flatMap(({ terms }) => terms);
  const byArticle = Map.groupBy(printed, ({ article }) => article);
  const articles = [...byArticle].filter(([article]) => article >= 0);
  const unprinted = page.blocks.filter(({ role, list }) => role !== "story" && list >= 0);
  const lists = [...Map.groupBy(unprinted, ({ list }) => list).values()].map(proseIn);
  return {
    listShare: share(most, words),
    listCount: count,
    listBlocks: share(each, count),
    listKin: largest < 0 ? 1 : share(listed.filter((term) => said.has(term)).length, listed.length),
    articles: articles.length,
    articleShare: share(Math.max(0, ...articles.map(([, blocks]) => wordsIn(blocks))), words),
    otherList: share(Math.max(0, ...lists), proseIn(page.blocks)),
  };
}

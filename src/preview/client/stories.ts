import { computed } from "@preact/signals";
import type { Entry } from "../../digest/digest.ts";
import type { Finding } from "../../check/finding.ts";
import type { Notice } from "../../platform/notice.ts";
import { groupsOf, isBackground } from "../../review/verdict-words.js";
import type { Refusal } from "../page-data.ts";
import { desk, filter, issue, set, settings } from "./store.ts";

export interface Story {
  /** Counted from 1 in the order of the email; 0 for a hidden story. */
  readonly number: number;
  /** Counted from 0 through all sections, including hidden stories. */
  readonly index: number;
  readonly entry: Entry;
  readonly title: string;
  /** The newspaper and the reading time in one line. */
  readonly source: string;
}

/** The stories in the order of `digest.json`. */
export const allStories = computed((): readonly Story[] => {
  const { digest, sizes } = issue.value;
  const entries = digest.sections.flatMap((section) => section.entries);
  const shown = entries.filter(({ hidden }) => !hidden).map(idOf);
  // A template of one's own may leave stories out.
  const order = [...new Set([...sizes.flatMap(({ id = [] }) => id), ...shown])];
  return entries.map((entry, index) => ({
    number: entry.hidden ? 0 : order.indexOf(idOf(entry)) + 1,
    index,
    entry,
    title: entry.article.title || entry.summary.gist.text,
    source: [paperOf(entry), `${entry.summary.minutes} min`].filter(Boolean).join(", "),
  }));
});

/** The stories in the email, in its order. */
export const stories = computed(() =>
  allStories.value.filter(({ number }) => number > 0).sort((a, b) => a.number - b.number),
);

export const hiddenStories = computed(() => allStories.value.filter(({ number }) => number === 0));

export const chosenStory = computed(() => {
  const all = stories.value;
  return all[Math.min(settings.story.value, all.length) - 1];
});

/** Chooses a story by its id, wherever it is now. */
export function choose(id: string): void {
  const story = stories.value.find(({ entry }) => idOf(entry) === id);
  if (story) set({ story: story.number });
}

/** The id of a story, which is the same wherever the story is. */
export function idOf({ id, article }: Entry): string {
  return id ?? article.id;
}

export function paperOf({ article }: Entry) {
  if (article.site) return article.site;
  const host = article.url === undefined ? "" : (URL.parse(article.url)?.hostname ?? "");
  return host.replace(/^www\./, "") || article.authors.join(", ");
}

/** The notices about a story, including those of the check. */
export function noticesOf({ entry }: Story): readonly Notice[] {
  return desk.value?.notices.filter(({ about }) => about.id === idOf(entry)) ?? [];
}

/** The story with a picture of the email, found by the picture's source in the frame. */
export function storyOfPicture(source: string): Story | undefined {
  const shown = issue.value.pictures.find(({ base64 }) => source.endsWith(base64));
  return stories.value.find(({ entry: { article } }) =>
    article.images
      .flatMap(({ src, crops = {} }) => [src, ...Object.values(crops).map((crop) => crop.src)])
      .some((src) => src === source || src === `images/${shown?.name}`),
  );
}

export function findingsOf({ title }: Story): Finding[] {
  const findings = issue.value.report?.findings ?? [];
  return findings.filter(({ where }) => where?.story !== undefined && same(where.story, title));
}

/** The sentences of a story that its article does not support. */
export function refusalsOf({ index }: Story): readonly Refusal[] {
  return desk.value?.refusals.filter(({ story }) => story === index) ?? [];
}

/** The unsupported sentences of a story that no editor has accepted and no finding names. */
export function openRefusals(story: Story): readonly Refusal[] {
  const isNamed = findingsOf(story).some(({ rule }) => rule === "own-words");
  return isNamed || story.entry.accepted ? [] : refusalsOf(story);
}

/** An entry in the list of findings. */
export interface Found {
  /** The key of its row. */
  readonly key: string;
  readonly severity: Finding["severity"];
  readonly says: string;
  readonly story?: Story | undefined;
  readonly finding?: Finding;
  /** The notice with its fix, shown in addition to the finding. */
  readonly notice?: Notice | undefined;
  /** The point of the model view that it concerns. */
  readonly point?: string | undefined;
  /** Two stories that a model considers the same. */
  readonly pair?: readonly [guest: Story, host: Story];
}

/** All findings, doubts, omissions and offers, the most severe first, in groups of one kind. */
export const foundGroups = computed((): readonly (readonly Found[])[] => {
  const all = [...fromCheck(), ...fromEditor(), ...fromBuild(), ...fromModel()];
  const inOrder = (["error", "warning", "info"] as const).flatMap((severity) =>
    all.filter((one) => one.severity === severity),
  );
  const named = inOrder.map((found) => {
    const rule = found.finding?.rule ?? found.key;
    return { rule, severity: found.severity, message: found.says, found };
  });
  return groupsOf(named).map((group) => group.map(({ found }) => found));
});

/** The keys step through the findings in this order. */
export const allFound = computed(() => foundGroups.value.flat());

export const chosenFound = computed(() => allFound.value[settings.finding.value - 1]);

const SAMPLES = new Set<string>(["SENDER_PLACEHOLDER", "CONTENT_SAMPLE"]);

/** The findings of the check. If sample articles block the issue, one notice stands for all of those findings. */
function fromCheck(): Found[] {
  const { notices = [] } = desk.value ?? {};
  const isReported = notices.some(({ code = "" }) => SAMPLES.has(code));
  const findings = (issue.value.report?.findings ?? []).filter(
    (one) => !isBackground(one) && !(isReported && one.rule === "placeholder"),
  );
  return findings.map((finding, at) => {
    const { rule, message, severity, where } = finding;
    const story = stories.value.find(({ title }) => same(title, where?.story ?? ""));
    const notice = notices.find(
      ({ about, ...one }) =>
        about.rule === rule && about.id === where?.id && one.message === message,
    );
    const [refusal] = story && rule === "own-words" ? refusalsOf(story) : [];
    const key = `finding-${at + 1}`;
    return { key, severity, says: message, story, finding, notice, point: refusal?.point };
  });
}

/** Texts of an editor that go beyond the article. The model view shows them. */
function fromEditor(): Found[] {
  return stories.value.flatMap((story) =>
    openRefusals(story).map(({ point, why }) => {
      const key = `refusal-${story.index}-${point}`;
      return { key, severity: "warning", says: `Story ${story.number}: ${why}.`, story, point };
    }),
  );
}

/** Maps the severity of a notice to the severity of a finding. */
export const WEIGHTS = { stop: "error", look: "warning", note: "info" } as const;

/** The notices about the issue that do not come from the check. A delivery that runs here needs no notice. */
export const ownNotices = computed(() =>
  (desk.value?.notices ?? [])
    .filter(({ about }) => about.rule === undefined)
    .filter(({ id }) => !(desk.value?.life.isSending && id.startsWith("left:"))),
);

function fromBuild(): Found[] {
  return ownNotices.value.map((notice) => {
    const { id, severity, message, about } = notice;
    const story = stories.value.find(({ entry }) => idOf(entry) === about.id);
    const says = capitalised(message);
    return { key: `found-${id}`, severity: WEIGHTS[severity], says, story, notice };
  });
}

/** The pairs of stories that a model considers the same and that are separate. */
function fromModel(): Found[] {
  const { same: pairs = [] } = issue.value.digest.advice ?? {};
  return pairs.flatMap(({ stories: ids, used, why = "" }) => {
    const [host, guest] = ids.map((id) =>
      stories.value.find(({ entry }) => entry.article.id === id),
    );
    if (used || !host || !guest) return [];
    const apart = why && ` They stay apart: ${why}.`;
    const says = `The model considers “${guest.title}” and “${host.title}” one story.${apart}`;
    const key = `pair-${host.index}-${guest.index}`;
    return [{ key, severity: "info", says, story: host, pair: [guest, host] }];
  });
}

/** Whether two texts are equal apart from typography, such as curly quotes and non-breaking spaces. */
export function same(a: string, b: string) {
  return plain(a) === plain(b);
}

export function plain(text: string) {
  return text
    .normalize("NFKC")
    .replace(/[\s\u00A0\u202F]+/g, " ")
    .replace(/« ?| ?»|[“”„「」『』]/g, '"')
    .replace(/[-‐‑–—―]+/g, "-")
    .replace(/[‘’‚]/g, "'")
    .trim();
}

/** A text with a capital at its beginning, unless it begins with a host, such as "paper.example can't be reached". */
export function capitalised(text: string) {
  return /^\S+\.\w/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** For example "12,000". */
export function counted(number: number): string {
  return number.toLocaleString("en");
}

/** For example "1st", "2nd", "13th". */
export function ordinal(number: number) {
  const form = new Intl.PluralRules("en", { type: "ordinal" }).select(number);
  return `${number}${{ one: "st", two: "nd", few: "rd", many: "th", zero: "th", other: "th" }[form]}`;
}

/** For example "21 November"; text that is not a date is unchanged. */
export function dayOf(date: string) {
  const day = new Date(`${date.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return date;
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
}

export function matchesFilter(text: string) {
  return plain(text).toLowerCase().includes(plain(filter.value).toLowerCase());
}

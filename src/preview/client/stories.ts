import { computed } from "@preact/signals";
import type { Entry } from "../../digest/digest.ts";
import type { Finding } from "../../check/finding.ts";
import type { Notice } from "../../platform/notice.ts";
import { isBackground } from "../../review/verdict-words.js";
import type { Refusal } from "../page-data.ts";
import { desk, filter, issue, set, settings } from "./store.ts";

export interface Story {
  /** From 1, as readers count them; 0 for one that is hidden. */
  readonly number: number;
  /** From 0 through all sections, hidden ones too. */
  readonly index: number;
  readonly entry: Entry;
  readonly title: string;
  /** Paper and minutes, in one line. */
  readonly source: string;
}

export const allStories = computed((): readonly Story[] => {
  let shown = 0;
  return issue.value.digest.sections
    .flatMap(({ entries }) => entries)
    .map((entry, index) => ({
      number: entry.hidden ? 0 : ++shown,
      index,
      entry,
      title: titleOf(entry),
      source: [paperOf(entry), `${entry.summary.minutes} min`].filter(Boolean).join(", "),
    }));
});

/** The stories that readers get. */
export const stories = computed(() => allStories.value.filter(({ number }) => number > 0));

export const hiddenStories = computed(() => allStories.value.filter(({ number }) => number === 0));

export const chosenStory = computed(() => {
  const all = stories.value;
  return all[Math.min(settings.story.value, all.length) - 1];
});

/** Chooses a story by its id, wherever it stands by now. */
export function choose(id: string): void {
  const story = stories.value.find(({ entry }) => idOf(entry) === id);
  if (story) set({ story: story.number });
}

/** What a story is known by, wherever it stands. */
export function idOf({ id, article }: Entry): string {
  return id ?? article.id;
}

function titleOf({ article, summary }: Entry) {
  return article.title || summary.gist.text;
}

export function paperOf({ article }: Entry) {
  if (article.site) return article.site;
  const host = article.url === undefined ? "" : (URL.parse(article.url)?.hostname ?? "");
  return host.replace(/^www\./, "") || article.authors.join(", ");
}

/** The notices that name a story, those of the check among them. */
export function noticesOf({ entry }: Story): readonly Notice[] {
  return desk.value?.notices.filter(({ about }) => about.id === idOf(entry)) ?? [];
}

/** The story that shows a picture of the mail, by the source that it has in the frame. */
export function storyOfPicture(source: string): Story | undefined {
  const shown = issue.value.pictures.find(({ base64 }) => source.endsWith(base64));
  return stories.value.find(({ entry: { article } }) =>
    article.images
      .flatMap(({ src, crops = {} }) => [src, ...Object.values(crops).map((crop) => crop.src)])
      .some((src) => src === source || src === `images/${shown?.name}`),
  );
}

/** The findings that are about a story. */
export function findingsOf({ title }: Story): Finding[] {
  const findings = issue.value.report?.findings ?? [];
  return findings.filter(({ where }) => where?.story !== undefined && same(where.story, title));
}

/** The sentences of a story that its article does not say. */
export function refusalsOf({ index }: Story): readonly Refusal[] {
  return desk.value?.refusals.filter(({ story }) => story === index) ?? [];
}

/** Those of a story that no editor has accepted and the report does not name. */
export function openRefusals(story: Story): readonly Refusal[] {
  const isNamed = findingsOf(story).some(({ rule }) => rule === "own-words");
  return isNamed || story.entry.accepted ? [] : refusalsOf(story);
}

/** Something that is known of the issue, as the list of all has it. */
export interface Found {
  /** By which its row is found. */
  readonly key: string;
  readonly severity: Finding["severity"];
  readonly says: string;
  readonly story?: Story | undefined;
  readonly finding?: Finding;
  /** What mends it, beside what an editor may look at. */
  readonly notice?: Notice | undefined;
  /** The sentence of the model that it is about. */
  readonly point?: string | undefined;
  /** Two stories that a model takes for one. */
  readonly pair?: readonly [guest: Story, host: Story];
}

/** All that is found, doubted, left out or offered, the gravest first, in the order in which one steps through it. */
export const allFound = computed((): readonly Found[] => {
  const all = [...fromCheck(), ...fromEditor(), ...fromBuild(), ...fromModel()];
  return (["error", "warning", "info"] as const).flatMap((severity) =>
    all.filter((one) => one.severity === severity),
  );
});

export const chosenFound = computed(() => allFound.value[settings.finding.value - 1]);

const SAMPLES = new Set<string>(["SENDER_PLACEHOLDER", "CONTENT_SAMPLE"]);

/** What the check found. Where samples keep an issue from its readers, the notice about them says all of it. */
function fromCheck(): Found[] {
  const { notices = [] } = desk.value ?? {};
  const isSaid = notices.some(({ code = "" }) => SAMPLES.has(code));
  const findings = (issue.value.report?.findings ?? []).filter(
    (one) => !isBackground(one) && !(isSaid && one.rule === "placeholder"),
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

/** What an editor has a story say beyond its article: one looks at it in the model. */
function fromEditor(): Found[] {
  return stories.value.flatMap((story) =>
    openRefusals(story).map(({ point, why }) => {
      const key = `refusal-${story.index}-${point}`;
      return { key, severity: "warning", says: `Story ${story.number}: ${why}.`, story, point };
    }),
  );
}

/** The severities of notices as those of findings. */
export const WEIGHTS = { stop: "error", look: "warning", note: "info" } as const;

/** The notices about the issue that are not of the check. A sending that runs here goes on by itself. */
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

/** The pairs of stories that a model takes for one and that stand apart. */
function fromModel(): Found[] {
  const { same: pairs = [] } = issue.value.digest.advice ?? {};
  return pairs.flatMap(({ stories: ids, used, why = "" }) => {
    const [host, guest] = ids.map((id) =>
      stories.value.find(({ entry }) => entry.article.id === id),
    );
    if (used || !host || !guest) return [];
    const apart = why && ` They are left apart: ${why}.`;
    const says = `The model takes “${guest.title}” and “${host.title}” for one story.${apart}`;
    const key = `pair-${host.index}-${guest.index}`;
    return [{ key, severity: "info", says, story: host, pair: [guest, host] }];
  });
}

/** Whether two texts say the same, however they are set: quotes may be curled and spaces bound. */
export function same(a: string, b: string) {
  return plain(a) === plain(b);
}

export function plain(text: string) {
  return text
    .normalize("NFKC")
    .replace(/[“”„«»「」『』]/g, '"')
    .replace(/[‘’‚]/g, "'")
    .replace(/[\s\u00A0\u202F]+/g, " ")
    .trim();
}

export function capitalised(word: string) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** "12,000". */
export function counted(number: number): string {
  return number.toLocaleString("en");
}

/** "1st", "2nd", "13th". */
export function ordinal(number: number) {
  const form = new Intl.PluralRules("en", { type: "ordinal" }).select(number);
  return `${number}${{ one: "st", two: "nd", few: "rd", many: "th", zero: "th", other: "th" }[form]}`;
}

/** "21 November"; what is no day stays as it is. */
export function dayOf(date: string) {
  const day = new Date(`${date.slice(0, 10)}T12:00:00Z`);
  if (Number.isNaN(day.getTime())) return date;
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
}

/** Whether a text is among what lists are narrowed to. */
export function isWanted(text: string) {
  return plain(text).toLowerCase().includes(plain(filter.value).toLowerCase());
}

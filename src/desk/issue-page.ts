import stored from "./fixtures.json" with { type: "json" };
import type { DeskData, PageData, Refusal, IssueData, Trouble } from "../preview/page-data.ts";
import type { Desk } from "./desk.ts";
import type { Events } from "./events.ts";
import type { Access } from "./require-key.ts";
import { type Digest, flatEntries, type Entry } from "../digest/digest.ts";
import { BroadsheetError } from "../errors.ts";
import { issueData } from "../preview/preview-page.ts";
import { issueFiles } from "../issue/io/publish.ts";
import { renderDigest } from "../issue/io/render-again.ts";
import { troubleOf } from "./trouble.ts";
import { ownWords } from "../summary/faithfulness/faithfulness.ts";

export interface AppOptions {
  readonly desk: Desk;
  readonly events: Events;
  readonly cwd: string;
  readonly access: Access;
}

/** All that the page of an issue shows; of "", which is no issue, only why there is none yet. */
export async function issuePage(name: string, { desk, events }: AppOptions): Promise<PageData> {
  const { changes } = events;
  const sheet = await desk.open(name);
  const { data, digest, history, done } = sheet;
  const trouble = sheet.buildTrouble ?? (name === "" ? null : sheet.trouble);
  return pageOf(data, desk, {
    changes,
    path: `/${name}`,
    trouble,
    cannotGo: sheet.trouble?.message ?? "",
    done,
    notice: desk.noticeOf(name),
    canEdit: data !== null && sheet.trouble === null,
    canUndo: history.undo !== undefined,
    canRedo: history.redo !== undefined,
    refusals: digest ? refusalsIn(digest) : [],
  });
}

type OfIssue = Omit<DeskData, keyof Awaited<ReturnType<typeof ofAll>> | "fixtures">;

/** What changes while a page is open without a change of its issue. */
export async function ofAll(name: string, desk: Desk) {
  const issues = await desk.list();
  return { issues, storeTrouble: desk.storeTrouble, ...(await desk.noticesOf(name)) };
}

async function pageOf(issue: IssueData | null, desk: Desk, ofIssue: OfIssue): Promise<PageData> {
  const fixtures = FIXTURES.map(({ name, title }) => ({ name, title }));
  const all = await ofAll(ofIssue.path.slice(1), desk);
  return { mode: "server", issue, desk: { ...ofIssue, ...all, fixtures } };
}

/** The page of a fixture, rendered with the newsletter's templates as they are now. Nothing of it is written. */
export async function fixturePage(
  name: string,
  { desk, events, cwd }: AppOptions,
): Promise<PageData> {
  const { changes } = events;
  const [issue, trouble] = await rendered(name, desk, cwd);
  const path = `/~fixtures/${name}`;
  return pageOf(issue, desk, { ...ONLY_TO_LOOK_AT, changes, path, trouble });
}

const ONLY_TO_LOOK_AT = {
  cannotGo: "",
  notice: "",
  done: null,
  canEdit: false,
  canUndo: false,
  canRedo: false,
  refusals: [],
} as const;

async function rendered(
  name: string,
  desk: AppOptions["desk"],
  cwd: string,
): Promise<[IssueData | null, Trouble | null]> {
  try {
    const fixture = FIXTURES.find((one) => one.name === name);
    if (!fixture) {
      throw new BroadsheetError("ISSUE_MISSING", `there is no fixture ${name}`, {
        fix: `there is ${FIXTURES.map((one) => one.name).join(", ")}`,
      });
    }
    const digest = fixtureDigest(fixture, await desk.likeness());
    const issue = await renderDigest({ digest, pictures: [] }, desk.config);
    return [issueData(digest, issueFiles(issue)), null];
  } catch (error) {
    return [null, await troubleOf(error, cwd)];
  }
}

/**
 * The sentences of a digest that stand nowhere in their articles and that a model would not have got away
 * with either. An editor may say more than the article does, and should know it.
 */
function refusalsIn(digest: Digest): Refusal[] {
  return flatEntries(digest).flatMap(({ article, summary }, story) =>
    ownWords(article, summary).map(({ point, why }) => ({ story, point, why })),
  );
}

/** An issue that no newsletter has, to try a template with. */
interface Fixture {
  readonly name: string;
  readonly title: string;
  readonly language: string;
  readonly subject: string;
  readonly preheader: string;
  readonly entries: readonly StoredEntry[];
}

interface StoredEntry {
  readonly title?: string;
  readonly language?: string;
  readonly kicker?: string;
  readonly site?: string;
  readonly gist: string;
  readonly points?: readonly string[];
  /** What else its summary has. */
  readonly more?: Partial<Entry["summary"]>;
}

const SUBJECTS = "ferry lamp bell mill winch chapel quay orchard net post".split(" ");
const DEEDS = ["waits for the tide", "was mended too well", "has a new keeper"];
const KICKERS = ["Ferries", "Light", "Bread", "Books", "Weather"];

const THIRTY = Array.from({ length: 30 }, (_, at): StoredEntry => ({
  title: `The ${SUBJECTS[at % 10]} that ${DEEDS[at % 3]}`.concat(
    at < 10 ? "" : `, part ${Math.floor(at / 10) + 1}`,
  ),
  kicker: KICKERS[at % 5] ?? "Ferries",
  site: at % 4 === 0 ? "Carrow Gazette" : "The Sound Courier",
  gist: `Story ${at + 1} of thirty says in a sentence of middling length what happened, to whom, and what it cost them in the end.`,
  ...(at === 0 && {
    points: ["The first point of the lead.", "The second point of the lead.", "And a third."],
  }),
}));

const FIXTURES: readonly Fixture[] = [
  ...stored,
  {
    name: "thirty",
    title: "Thirty stories",
    language: "en",
    subject: "Thirty stories, of which this is the first",
    preheader:
      "A ferry, a lamp, a bell, a mill, a winch, a chapel, a quay, an orchard, a net and the post",
    entries: THIRTY,
  },
];

/** A fixture as an issue of the newsletter that is being worked on. */
function fixtureDigest(
  { name, title: _title, entries, ...fixture }: Fixture,
  like: Pick<Digest, "publication" | "parts">,
): Digest {
  const [lead, ...others] = entries.map(entryOf);
  if (!lead) throw new Error(`the fixture ${name} has no stories`);
  return {
    issue: { newsletter: "fixtures", slot: "2030-11-14", number: 214 },
    ...(like.publication && { publication: like.publication }),
    ...(like.parts && { parts: like.parts }),
    date: "2030-11-14",
    title: fixture.subject,
    ...fixture,
    sections: [
      { heading: "", entries: [lead] },
      ...(others.length > 0 ? [{ heading: "", entries: others }] : []),
    ],
  };
}

function entryOf({
  title = "",
  language = "en",
  kicker,
  site,
  gist,
  points = [],
  more,
}: StoredEntry): Entry {
  const text = [gist, ...points].join("\n\n");
  const id = title || gist.slice(0, 20);
  return {
    article: {
      id,
      title,
      ...(site !== undefined && { site, url: "https://paper.example/story" }),
      authors: site === undefined ? [] : ["Ada Quill"],
      publishedAt: "2030-11-12",
      language,
      tags: [],
      ...(kicker !== undefined && { kicker }),
      kind: "story",
      html: "",
      text,
      images: [],
      captions: [],
      dropped: [],
      source: "fixture",
    },
    summary: {
      articleId: id,
      gist: placed(gist, text),
      keyPoints: points.map((point) => placed(point, text)),
      people: [],
      timeline: [],
      figures: [],
      minutes: 3,
      origin: "extract",
      ...more,
    },
  };
}

function placed(sentence: string, text: string) {
  const start = text.indexOf(sentence);
  return { text: sentence, start, end: start + sentence.length };
}

import { arrangedDigest, issueMinutes } from "../digest/arrange/weights.ts";
import { type Digest, headlineOf, type Publication } from "../digest/digest.ts";
import { letterBlocks, letterWords } from "../digest/letter-blocks.ts";
import { dayOfSlot } from "../platform/slot.ts";
import type { Email } from "../email/email.ts";
import type { Theme } from "../email/theme.ts";
import { type Picture, PLACED_PICTURE, placedName } from "../platform/picture.ts";
import { curl } from "../email/typography.ts";
import { unescapeHtml } from "../platform/references.ts";
import { readingMinutes } from "../summary/language/segments.ts";

/** What the pages have in common. */
export interface Site {
  /** The address of the newsletter's pages, without a slash at its end. */
  readonly url: string;
  /** The address at which a reader subscribes. */
  readonly subscribe?: string | undefined;
  /** The theme of the newsletter's template. */
  readonly theme: Theme;
  /** Its colours and fonts; before the first issue, its name too. */
  readonly publication: Publication;
  /** The language of the site as long as no issue was sent. */
  readonly language: string;
}

/** An issue that readers have, and that the archive lacks; `why` is the end of a sentence. */
export interface MissingIssue {
  readonly slot: string;
  readonly why: string;
}

/** What was sent, as it was sent. A port: every implementation passes tests/archive/sent-issues-contract.ts. */
export interface SentIssues {
  /** All issues whose sending has begun, the latest first, and those of which nothing is kept. */
  list(): Promise<{
    readonly issues: readonly SentIssue[];
    readonly missing: readonly MissingIssue[];
  }>;
  /** The email of an issue; undefined if the issue is not in the list. */
  email(slot: string): Promise<Email | undefined>;
  picture(slot: string, name: string): Promise<Picture | undefined>;
}

/** An issue whose sending has begun, as the lists of the archive show it. */
export type SentIssue = Readonly<ReturnType<typeof sentIssue>>;

interface Sent {
  readonly slot: string;
  readonly sentAt: Date;
  readonly digest: Digest;
  readonly email: Pick<Email, "html">;
}

/** What the lists show of an issue. */
export function sentIssue({ slot, sentAt, digest, email }: Sent) {
  const weighted = arrangedDigest(digest);
  const entries = weighted.sections.flatMap(({ entries }) => entries);
  const { language, letter, publication = { name: digest.issue.newsletter } } = digest;
  // A template of the newsletter's own has no kind.
  const kind = (["brief", "digest", "letter"] as const).find((name) => name === digest.template);
  const own = kind === "letter" && letter ? readingMinutes(letterWords(letterBlocks(letter))) : 0;
  const [image] = entries[0]?.article.images ?? [];
  const { src, widthPx: width, heightPx: height } = image?.crops?.lead ?? image ?? {};
  const cover = placedName(src);
  const shown = [...email.html.matchAll(PLACED_PICTURE)].map(([, name = ""]) => unescapeHtml(name));
  const logos = [publication.logo?.src, publication.logo?.dark].map(placedName);
  return {
    slot,
    number: digest.issue.number,
    title: curl(digest.title, language),
    description: curl(digest.preheader, language),
    language,
    /** The day on its front page, YYYY-MM-DD. */
    day: digest.date ?? dayOfSlot(slot) ?? sentAt.toISOString().slice(0, 10),
    sentAt,
    kind,
    minutes: own + (entries.length > 0 ? issueMinutes(weighted) : 0),
    /** The picture of the story that leads it, if it lies in the issue's folder. */
    cover: cover === undefined ? undefined : { name: cover, alt: image?.alt ?? "", width, height },
    stories: entries.map(({ article, summary }) => ({
      title: curl(headlineOf({ article, summary }), article.language),
      gist: curl(summary.gist.text, article.language),
      url: article.url,
    })),
    /** The names of the pictures that its pages show. The others, such as those of hidden stories, are not published. */
    pictures: new Set([...shown, cover, ...logos].filter((name) => name !== undefined)),
    publication,
  };
}

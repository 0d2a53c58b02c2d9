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

/** The values that all pages share. */
export interface Site {
  /** The address of the newsletter's pages, without a slash at its end. */
  readonly url: string;
  /** The address at which a reader subscribes. */
  readonly subscribe?: string | undefined;
  /** The theme of the newsletter's template. */
  readonly theme: Theme;
  /** The colours and fonts of the newsletter. Its name is used before the first issue. */
  readonly publication: Publication;
  /** The language of the site before the first issue. */
  readonly language: string;
}

/** A sent issue that the archive can't show. `why` is the end of a sentence. */
export interface MissingIssue {
  readonly slot: string;
  readonly why: string;
}

/** The port of the sent issues. Every implementation passes tests/archive/sent-issues-contract.ts. */
export interface SentIssues {
  /** All issues whose sending has begun, the latest first. `missing`: the issues whose content is not stored. */
  list(): Promise<{
    readonly issues: readonly SentIssue[];
    readonly missing: readonly MissingIssue[];
  }>;
  /** The email of an issue. Undefined if the issue is not in the list. */
  email(slot: string): Promise<Email | undefined>;
  picture(slot: string, name: string): Promise<Picture | undefined>;
}

/** An issue whose sending has begun, with the facts for the lists of the archive. */
export type SentIssue = Readonly<ReturnType<typeof sentIssue>>;

interface Sent {
  readonly slot: string;
  readonly sentAt: Date;
  readonly digest: Digest;
  readonly email: Pick<Email, "html">;
}

/** The facts of an issue for the lists. */
export function sentIssue({ slot, sentAt, digest, email }: Sent) {
  const weighted = arrangedDigest(digest);
  const entries = weighted.sections.flatMap(({ entries }) => entries);
  const { language, letter, publication = { name: digest.issue.newsletter } } = digest;
  // A newsletter's own template has no kind.
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
    /** The day in its heading, YYYY-MM-DD. */
    day: digest.date ?? dayOfSlot(slot) ?? sentAt.toISOString().slice(0, 10),
    sentAt,
    kind,
    minutes: own + (entries.length > 0 ? issueMinutes(weighted) : 0),
    /** The picture of the lead story, if it is in the issue's folder. */
    cover: cover === undefined ? undefined : { name: cover, alt: image?.alt ?? "", width, height },
    stories: entries.map(({ article, summary }) => ({
      title: curl(headlineOf({ article, summary }), article.language),
      gist: curl(summary.gist.text, article.language),
      url: article.url,
    })),
    /** The names of the pictures that its pages show. Other pictures, such as those of hidden stories, are not published. */
    pictures: new Set([...shown, cover, ...logos].filter((name) => name !== undefined)),
    publication,
  };
}

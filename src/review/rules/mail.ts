import { linksOf } from "../../check/content.ts";
import { attribute, type HtmlDocument, named } from "../../check/html-document.ts";
import {
  type Fault,
  faultAt,
  htmlRule,
  NothingToCheck,
  plural,
  quoted,
  type Rule,
} from "../../check/rule.ts";
import { type Digest, headlineOf, LEFT_AS_BROKEN, LEFT_FOR_WEIGHT } from "../../digest/digest.ts";
import { hostOf } from "../../article/identity.ts";
import { folded } from "../../platform/text.ts";
import type { ReviewInput } from "../rule.ts";
import { type Sample, sampleAddresses, samplesSaid, sampleTexts } from "../samples.ts";
import { headlinesOf, shownArticles, storiesIn } from "../stories.ts";
import { squeezed } from "../lines.ts";
import { shownEntries } from "../../digest/arrange/weights.ts";

/** Rules for the display and the origin of pictures. */
export const PICTURE_RULES: readonly Rule<ReviewInput>[] = [
  htmlRule<ReviewInput>({
    id: "image-hotlink",
    severity: "warning",
    what: "No picture of a story is loaded from its publisher, who could change or remove it and could see who reads",
    source: "RFC 2557 §1: a message can carry what it shows",
    fix: "remove copy: false from images in the config, and build it again",
    run: (html, { digest }) => {
      if (!digest)
        return new NothingToCheck(
          "it needs an issue: only an issue names the publisher of a picture",
        );
      const theirs = hotlinked(digest);
      return faultAt(
        named(html, "img").filter((image) => theirs.has(attribute(image, "src"))),
        (count) => `${plural(count, "picture is", "pictures are")} loaded from the publisher`,
      );
    },
  }),
  {
    id: "pictures-left",
    severity: "info",
    what: "Every picture of a story is shown: it can be loaded, and all pictures together have at most 200 KB in the message",
    source: "Broadsheet: readers on phones pay for the size of a message",
    fix: "put the pictures onto a server (images.baseUrl in the config), or choose smaller ones",
    run: ({ digest }) => {
      if (!digest) return new NothingToCheck("it needs an issue");
      return [
        ...faultAt(
          withoutPicture(digest, LEFT_FOR_WEIGHT),
          (count) =>
            `${plural(count, "story goes without its", "stories go without their")} picture, because the message would be too large`,
        ),
        ...faultAt(
          withoutPicture(digest, LEFT_AS_BROKEN),
          (count) =>
            `${plural(count, "story goes without its", "stories go without their")} picture, which couldn't be loaded or shown`,
          { fix: "correct its address, or give the story another picture, or none" },
        ),
      ];
    },
  },
];

export const STORY_HEADINGS: Rule<ReviewInput> = htmlRule<ReviewInput>({
  id: "story-headings",
  severity: "error",
  what: "Every story's headline is a heading",
  source: "WCAG 2.2 §1.3.1",
  fix: "put the headline into an h2 or h3 in the template",
  run: (html, { digest }) => {
    if (!digest) return new NothingToCheck("it needs an issue, which names its stories");
    const found = new Set(storiesIn(html, digest).map(({ headline }) => folded(headline)));
    const missing = headlinesOf(digest).filter((headline) => !found.has(folded(headline)));
    return missing.map((headline) => ({
      message: `The headline ${quoted(headline)} is not a heading`,
      at: [{ story: headline }],
    }));
  },
});

/** `send` and `run` reject an issue with this finding, except to a server on this machine. */
export const PLACEHOLDER: Rule<ReviewInput> = {
  id: "placeholder",
  severity: "warning",
  what: "No sample content is left: no sample story, letter or address, and no example sender or link of the newsletter",
  source: "RFC 2606 §3; what `broadsheet init` writes",
  fix: "write your own in its place",
  run: ({ message, digest, promises }) => {
    if (!message && !digest) return new NothingToCheck("it needs a message or an issue");
    const { postalAddress, tagline } = digest?.publication ?? {};
    const urls = { unsubscribe: promises?.unsubscribe, web: promises?.web };
    const samples: readonly Sample[] = [
      ...sampleAddresses({ senders: message?.from ?? [], postalAddress, urls }),
      ...(tagline === SAMPLE_TAGLINE ? [{ what: "the tagline", place: "config" } as const] : []),
      ...(digest ? sampleTexts(digest) : []),
    ];
    const { says, fix } = samplesSaid(samples);
    return samples.length === 0 ? [] : { message: says.replace(/^t/, "T"), fix };
  },
};

const SAMPLE_TAGLINE = "Two stories to begin with";

/** Returns the stories whose picture was omitted for this reason. */
function withoutPicture(digest: Digest, reason: string): { readonly story: string }[] {
  return shownEntries(digest)
    .filter(
      ({ article: { images, dropped } }) =>
        images.length === 0 && dropped.some((left) => left.reason === reason),
    )
    .map((entry) => ({ story: headlineOf(entry) }));
}

/** Returns the pictures of an issue that are on a server other than the newsletter's own. */
function hotlinked(digest: Digest): ReadonlySet<string> {
  const own = hostOf(digest.webUrl);
  return new Set(
    shownArticles(digest)
      .flatMap(({ images }) => images.map(({ src }) => src))
      .filter((src) => /^https?:/i.test(src) && (own === undefined || hostOf(src) !== own)),
  );
}

/** Extends the rule that compares both parts of a mail: the parts of an issue are compared with its digest. */
export function parityOfIssue(rule: Rule): Rule<ReviewInput> {
  return {
    ...rule,
    run(input) {
      const { html, text, digest, slots } = input;
      if (!digest || !html || text === undefined) return rule.run(input);
      const inHtml = storiesIn(html, digest).map(({ headline }) => headline);
      const headlines = headlinesOf(digest, slots);
      const expected = digest.letter ? asWoven(headlines, inHtml) : headlines;
      return [
        ...storyFaults(expected, inHtml, "HTML"),
        ...storyFaults(expected, inOrder(expected, text), "text part"),
        ...linkFaults(html, text, digest),
      ];
    },
  };
}

/** Sorts headlines in the order of the HTML. A letter places stories where its editor names them. */
function asWoven(headlines: readonly string[], inHtml: readonly string[]): string[] {
  const place = (headline: string) => inHtml.indexOf(headline);
  return headlines.toSorted((a, b) => place(a) - place(b));
}

/** Returns the missing stories or, if none is missing, the first one in a wrong place. */
function storyFaults(
  expected: readonly string[],
  found: readonly string[],
  where: string,
): Fault[] {
  const missing = expected
    .filter((story) => !found.includes(story))
    .map((story) => ({
      message: `The ${where} does not contain ${quoted(story)}`,
      at: [{ story }],
    }));
  const story = expected.find((headline, index) => found[index] !== headline);
  if (missing.length > 0 || story === undefined) return missing;
  const message = `The ${where} has ${quoted(story)} in another position than the digest`;
  return [{ message, at: [{ story }] }];
}

/** Returns the headlines that a text contains in lines of their own, in the order of the text. */
function inOrder(headlines: readonly string[], text: string): string[] {
  const lines = text.split("\n").map(squeezed);
  return headlines
    .map((headline) => ({ headline, at: lineOf(squeezed(headline), lines) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)
    .map(({ headline }) => headline);
}

/** Returns the index of the line where a headline begins that fills this and the next lines completely, or -1. */
function lineOf(headline: string, lines: readonly string[]): number {
  return lines.findIndex((first, from) => {
    let joined = first;
    for (
      let at = from + 1;
      joined !== "" && headline.startsWith(joined) && joined !== headline;
      at++
    ) {
      if (!lines[at]) return false;
      joined += lines[at];
    }
    return joined === headline && headline !== "";
  });
}

function linkFaults(html: HtmlDocument, text: string, digest: Digest): Fault[] {
  const hrefs = new Set(linksOf(html).map(({ href }) => href));
  return shownArticles(digest).flatMap(({ url, title }) => {
    if (url === undefined) return [];
    const lacking = [hrefs.has(url) ? "" : "HTML", text.includes(url) ? "" : "text part"].filter(
      Boolean,
    );
    return lacking.map((where) => ({
      message: `The ${where} has no link to ${quoted(title)}`,
      at: [{ story: title }],
    }));
  });
}

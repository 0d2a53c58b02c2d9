import type { Article } from "../../src/article/article.ts";
import { readHtmlFragment } from "../../src/article/fragment.ts";
import { countWords } from "../../src/article/measure-text.ts";
import { FEWEST_WORDS } from "../../src/article/page/verdict.ts";
import { textFeatures } from "../../src/article/page/verdict-features.ts";
import { readHtml } from "../../src/article/page.ts";
import { BroadsheetError } from "../../src/errors.ts";
import { type Sample, samplesOf } from "./corpus.ts";
import { cutToStory, harmedPages } from "./harms.ts";
import { pageF1 } from "./page-scores.ts";
import { FOLDS } from "./training.ts";
import type { JudgedReading } from "./verdict-training.ts";

const FOLDERS = ["en", "multilingual", "vetted"] as const;
/** In a text without a page around it, a list in an `aside` and a gallery belong to the story. */
const HARMLESS: ReadonlySet<string> = new Set(["apart", "gallery"]);

/** Reads the stories of all pages as feeds carry them, unharmed and harmed. Takes two minutes. */
export function readTextsForVerdicts(): JudgedReading[] {
  return FOLDERS.flatMap((folder) => {
    const pages = samplesOf(folder);
    const stories = pages.map((page) => ({ ...page, html: cutToStory(page) }));
    return stories.flatMap((story, at) => readingsOf(story, stories, declaredBy(pages[at])));
  });
}

type Declared = Pick<Article, "title" | "description">;

function declaredBy(page: Sample | undefined): Declared {
  if (!page) return { title: "" };
  try {
    return readHtml({ format: "html", location: `${page.id}.html`, body: page.html });
  } catch (error) {
    if (error instanceof BroadsheetError) return { title: "" };
    throw error;
  }
}

const DESCRIBED = "described";

function readingsOf(
  sample: Sample,
  others: readonly Sample[],
  { title, description }: Declared,
): JudgedReading[] {
  const textOf = (html: string): string =>
    readHtmlFragment(bodyOf(html), undefined, { title }).text;
  const truth = textOf(sample.html);
  const judge = (text: string, harm: string, form: string): JudgedReading[] => {
    if (countWords(text) < FEWEST_WORDS || isRepeating(text)) return [];
    const { folder, id, site } = sample;
    return [
      {
        sample: { folder, id, site },
        form,
        harm,
        f1: harm === "" ? 1 : pageF1(text, truth),
        row: Object.values(
          textFeatures({ text, title, description: form === DESCRIBED ? description : undefined }),
        ),
        isDoubtedOtherwise: false,
        isRefused: false,
      },
    ];
  };
  return [DESCRIBED, ""].flatMap((form, draw) =>
    judge(truth, "", form).concat(
      harmedPages(sample, others, FOLDS, draw)
        .filter(({ harm }) => !HARMLESS.has(harm))
        .flatMap(({ html, harm }) => judge(textOf(withoutLead(html)), harm, form)),
    ),
  );
}

// The harm "lead" moves the beginning into a box. Here the beginning is lost.
function withoutLead(html: string): string {
  return html.replace(/<header class="teaser-header">[^]*?<\/header>/, "");
}

function bodyOf(html: string): string {
  return /<body>([^]*)<\/body>/.exec(html)?.[1] ?? html;
}

// Whether a short text of another page was repeated to make it long enough. The trees would recognise the repetition.
function isRepeating(text: string): boolean {
  const paragraphs = text.split("\n\n");
  return new Set(paragraphs).size < paragraphs.length * 0.95;
}

import type { Article } from "../article/article.ts";
import { descriptionOf, gistOf, type GistChoice } from "./gist.ts";
import { keyPointsOf, Told } from "./key-points.ts";
import type { EntryContext } from "./passages.ts";
import type { Sentence } from "./summary.ts";

/** The gist and the key points, chosen together: nothing stands in both. */
export interface EntryText {
  readonly gist: Sentence;
  /** How sure it is that the gist is the article's main point, 0 to 1. */
  readonly confidence: number;
  readonly keyPoints: readonly Sentence[];
  readonly origin: "author" | "extract";
  readonly why?: string;
}

/** The entry of an article in its own sentences. */
export function entryOf(context: EntryContext): EntryText {
  const { article } = context;
  const choice = gistOf(context);
  const description = descriptionOf(context, choice);
  const gist = description?.sentence ?? choice?.sentence ?? { text: article.title };
  const told = new Told(context, gist, description ? undefined : choice?.candidates);
  return {
    gist,
    confidence: description?.confidence ?? choice?.confidence ?? 0,
    keyPoints: keyPointsOf(context, told),
    origin: description ? "author" : "extract",
    ...whyOf(article, description?.sentence, choice),
  };
}

function whyOf(
  article: Article,
  description: Sentence | undefined,
  choice: GistChoice | undefined,
): { readonly why?: string } {
  if (description) return {};
  const isLeftOut = Boolean(article.description?.trim());
  const reasons = [
    ...(isLeftOut
      ? ["the author's description can't be read alone, or is about something else"]
      : []),
    ...(choice?.why === undefined ? [] : [choice.why]),
  ];
  return reasons.length > 0 ? { why: reasons.join("; ") } : {};
}

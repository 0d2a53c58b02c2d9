import type { Judged } from "../../summary/explanation/explain.ts";
import { bylineOf, hung, paragraphOf } from "../article-view.ts";
import type { Paint } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import type { Explained } from "./explain-page.ts";
import { markedParagraphs, type Stretch } from "./marked-text.ts";
import { countOf, headOf, whoseWords } from "./told.ts";

/** An article as the terminal shows it with its summary marked in it, and why this was chosen. */
export function explainView(
  { article, summary, explanation }: Explained,
  { paint, isUtf8 }: Pick<Terminal, "paint" | "isUtf8">,
): string {
  const paragraphs = markedParagraphs(article.text, explanation).map((stretches, at) =>
    hung(paint("dim", String(at + 1).padStart(3)), stretches.map((s) => marked(s, paint)).join("")),
  );
  const judged = (one: Judged) => judgement(one, article.text, { paint, isUtf8 });
  const words = whoseWords(summary);
  return [
    [paint("bold", headOf(article)), paint("dim", bylineOf(article))].join("\n"),
    ...paragraphs,
    [paint("bold", "Why"), paint("dim", countOf(explanation, summary))].join("  "),
    ...(words ? [hung("   ", words)] : []),
    ...explanation.chosen.map(judged),
    ...(explanation.nearMisses.length > 0 ? [paint("bold", "Left out, but close")] : []),
    ...explanation.nearMisses.map(judged),
  ].join("\n\n");
}

/** Signs are also told in brackets, for a terminal without colour. */
function marked({ text, sign, isNearMiss }: Stretch, paint: Paint): string {
  if (sign !== undefined) return `${paint("fix", `[${sign}]`)} ${inEachWord("bold", text, paint)}`;
  return isNearMiss ? `${paint("look", "[-]")} ${text}` : text;
}

/** A style ends with each word, so that lines can be broken between words. */
function inEachWord(style: "bold", text: string, paint: Paint): string {
  return text.replace(/\S+/g, (word) => paint(style, word));
}

function judgement(
  { sentence, sign, rank, worth, reasons, why }: Judged,
  text: string,
  { paint, isUtf8 }: Pick<Terminal, "paint" | "isUtf8">,
): string {
  const paragraph = paragraphOf(sentence, text);
  const place = paint("dim", `${isUtf8 ? "¶" : "paragraph "}${paragraph}`);
  const score =
    rank === undefined ? "" : paint("dim", `${rank}. by worth, ${(worth ?? 0).toFixed(1)}`);
  const label = sign === undefined ? paint("look", "  -") : paint("fix", sign.padStart(3));
  return [
    `${hung(label, sentence.text)}  ${place}`,
    ...(why ? [hung("   ", `not chosen: ${why}`)] : []),
    ...reasons.map(({ text, worth }) =>
      hung("   ", `${worth > 0 ? "+" : isUtf8 ? "−" : "-"} ${text}`),
    ),
    ...(score ? [`     ${score}`] : []),
  ].join("\n");
}

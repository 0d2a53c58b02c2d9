import type { Article } from "../../article/article.ts";
import {
  foreignWord,
  type Unfaithful,
  unfaithfulness,
} from "../../summary/faithfulness/faithfulness.ts";
import { countWords } from "../../summary/language/reading-time.ts";
import type { AdviceLine } from "../advice.ts";
import { countCharacters } from "../one-line.ts";
import type { Phrase } from "../phrase.ts";
import { folded } from "../stories/source-name.ts";
import {
  leans,
  PREHEADER_CHARACTERS,
  saysAgain,
  SUBJECT_CHARACTERS,
  teases,
} from "./compose-subject.ts";

/**
 * A model's subject for an issue, judged by the articles whose news it tells: not used where it is no subject, or where
 * they surely don't say so. Where nothing shows that they do, it is used with a reason to look.
 */
export function judgedSubject(text: string, about: readonly Article[]): AdviceLine {
  return judged(text, about, SUBJECT_CHARACTERS);
}

/** The same of a preheader. */
export function judgedPreheader(text: string, about: readonly Article[]): AdviceLine {
  return judged(text, about, PREHEADER_CHARACTERS.most);
}

function judged(text: string, about: readonly Article[], most: number): AdviceLine {
  const [first] = about;
  const line = { text, about: about.map(({ id }) => id) };
  if (!first) return { ...line, used: false, why: "it is about no story of the issue" };
  const form = faultOfForm(text, first.language, most);
  if (form !== undefined) return { ...line, used: false, why: form };
  const headed = about.find(({ title }) => folded(title) === folded(text));
  if (headed) return { text, about: [headed.id], used: true };
  const parts = text.split(PARTS).map((part) => bornOut(part, first, about));
  const told = { text, about: [...new Set(parts.map(({ article }) => article.id))] };
  const faults = parts.flatMap(({ fault }) => fault ?? []);
  const fault = faults.find((one) => !isOnlyDoubted(one)) ?? faults[0];
  if (!fault) return { ...told, used: true };
  return { ...told, used: isOnlyDoubted(fault), why: fault.message };
}

/** News of several stories in one line. */
const PARTS = /;\s+|\s[|·]\s|(?<=[.!?])\s+|,\s+(?:and|but|while)\s+/u;

function isOnlyDoubted({ kind, isSure }: Unfaithful): boolean {
  return !isSure && kind === "overlap";
}

/** The one article that bears out a part of a line best: what two tell together is told by neither. */
function bornOut(part: string, first: Article, about: readonly Article[]) {
  const judged = about.map((article) => ({ article, fault: faultIn(part, article) }));
  return (
    judged.find(({ fault }) => fault === undefined) ??
    judged.find(({ fault }) => fault && isOnlyDoubted(fault)) ??
    judged[0] ?? { article: first, fault: undefined }
  );
}

function faultIn(part: string, article: Article): Unfaithful | undefined {
  const fault = unfaithfulness(part, article);
  return fault?.isSure === true ? fault : (foreignWord(part, article) ?? fault);
}

/** Fewer tell no news. */
const LEAST_WORDS = 3;
const PICTURE = /\p{Extended_Pictographic}/u;

function faultOfForm(text: string, language: string, most: number): string | undefined {
  const characters = countCharacters(text);
  if (characters > most) return `it has ${characters} characters, and ${most} are shown`;
  if (countWords(text) < LEAST_WORDS) return "it tells too little";
  if (teases(text, language)) return "it asks or teases";
  if (PICTURE.test(text)) return "it has a sign in it that is a picture";
  return leans(text, language) ? "it leans on what it does not name" : undefined;
}

/** A line that its articles bear out, and one that nothing bears out. A model wrote both, so that neither is as sure as a headline. */
const CONFIDENCE = { shown: 0.8, doubted: 0.5 };

/** The phrase that a model's line is; undefined where it is not used. */
export function phraseOf(line: AdviceLine | undefined): Phrase | undefined {
  if (!line?.used) return undefined;
  const confidence = line.why === undefined ? CONFIDENCE.shown : CONFIDENCE.doubted;
  return { text: line.text, confidence, by: "model" };
}

/** What a line is settled against. */
interface Others {
  /** The program's; undefined where the editor has given a line. */
  readonly ours: Phrase | undefined;
  /** What a subject has to tell of, by the id of its article. */
  readonly lead?: string;
  /** What a preheader stands after. */
  readonly subject?: string;
}

/** A model's line as it stands beside the others in the end: an editor's wins, and ours over a doubtful one. */
export function settledLine(
  line: AdviceLine | undefined,
  { ours, lead, subject }: Others,
): AdviceLine | undefined {
  const phrase = phraseOf(line);
  if (!line || !phrase) return line;
  if (!ours) return { ...line, used: false, why: "yours stands" };
  if (lead !== undefined && !line.about.includes(lead))
    return { ...line, used: false, why: "what it tells of does not lead" };
  if (subject !== undefined && saysAgain(line.text, subject))
    return { ...line, used: false, why: "it says the subject again" };
  return line.why === undefined || phrase.confidence > ours.confidence
    ? line
    : { ...line, used: false };
}

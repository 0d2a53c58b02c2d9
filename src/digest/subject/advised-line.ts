import type { Article } from "../../article/article.ts";
import { unfaithfulness } from "../../summary/faithfulness/faithfulness.ts";
import { countWords } from "../../summary/language/reading-time.ts";
import type { AdviceLine } from "../advice.ts";
import { countCharacters } from "../one-line.ts";
import type { Phrase } from "../phrase.ts";
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
  const line = { text, about: [...new Set(about.map(({ id }) => id))] };
  const [first] = about;
  if (!first) return { ...line, used: false, why: "it is about no story of the issue" };
  const form = faultOfForm(text, first.language, most);
  if (form !== undefined) return { ...line, used: false, why: form };
  const told = asOne(first, about);
  const faults = text.split(PARTS).flatMap((part) => unfaithfulness(part, told) ?? []);
  const fault = faults.find(({ kind, isSure }) => isSure || kind !== "overlap") ?? faults[0];
  if (!fault) return { ...line, used: true };
  return { ...line, used: !fault.isSure && fault.kind === "overlap", why: fault.message };
}

/** Two stories' news in one line. */
const PARTS = /;\s+|\s[|·]\s/;
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

/** Several articles as one, for what is said of all of them. */
function asOne(first: Article, about: readonly Article[]): Article {
  if (about.length === 1) return first;
  const texts = about.map(({ title, text }) => [title, text].filter(Boolean).join("\n\n"));
  return { ...first, title: "", text: texts.join("\n\n"), captions: [] };
}

/** A line that its articles bear out, which was written by nobody who read them; and one that nothing bears out. */
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

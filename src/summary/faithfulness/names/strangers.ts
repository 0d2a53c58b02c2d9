import { primarySubtag } from "../../language/lexicon.ts";
import { GIVEN_NAMES } from "../../language/names/given-names.ts";
import { isKnownPlace } from "../../language/names/known-places.ts";
import { THING_WORDS } from "../../language/names/name-words.ts";
import { numeralsOf } from "../numbers/numerals.ts";
import { couldBeNoun } from "./german-nouns.ts";
import { isDemonym } from "./name-key.ts";
import { isNamed, type Named } from "./named.ts";
import { nameRunsIn, type NameRun } from "./name-runs.ts";
import { isOpener, mayOpen } from "./openers.ts";

/**
 * The first name in a sentence (see `plainText`) that a text does not have; also a first name and a
 * surname that are two people's there. Only for scripts with capitals.
 */
export function strangerIn(sentence: string, named: Named): string | undefined {
  for (const whole of nameRunsIn(sentence)) {
    const run = withoutOpener(whole, named);
    const shown = run.words.map(({ text }) => text).join(" ");
    if (
      run.words.some(
        ({ key, text }) => !isNamed(key, named) && !isOrdinary(key, text, run, sentence, named),
      )
    )
      return shown;
    if (isMixed(run, named)) return shown;
  }
  return undefined;
}

/** A run without a first word that has its capital for standing first. */
function withoutOpener(run: NameRun, named: Named): NameRun {
  const [first] = run.words;
  if (!run.isFirst || !first || !isOpener(first.text, first.key, named)) return run;
  const words = run.words.slice(1);
  const start = run.start + run.text.indexOf(words[0]?.text ?? "", first.text.length);
  return { text: run.text.slice(start - run.start), start, words, isFirst: false };
}

/** A word that is not in the source and yet hardly a name. */
function isOrdinary(
  key: string,
  text: string,
  run: NameRun,
  sentence: string,
  named: Named,
): boolean {
  if (/^\p{Lu}\.?$/u.test(text) || isNumberWord(key, named.language)) return true;
  if (primarySubtag(named.language) === "de")
    return couldBeNoun(key, run, sentence, named.beginnings);
  const after = sentence.slice(run.start + run.text.length);
  return run.isFirst && run.words.length === 1 && mayOpen(text, after, named.language);
}

function isNumberWord(word: string, language: string): boolean {
  const { words, scales } = numeralsOf(language);
  return words.has(word) || scales.has(word);
}

/** Whether two words side by side are so nowhere in the source: "Angela Obama". */
function isMixed({ words }: NameRun, named: Named): boolean {
  // A role before a name is written small elsewhere, or it is a people's name.
  const from = words.findIndex(
    ({ key, text }, index) => index === words.length - 1 || !isModifier(key, text, named),
  );
  const name = words.slice(from);
  const joints = name.slice(1).map((word, index) => areTogether(name[index], word, named));
  const gap = joints.indexOf(false);
  // "la mairie de Paris Christophe Girard": a name that stands alone elsewhere, before a whole one.
  const isOnly = joints.lastIndexOf(false) === gap && gap < joints.length - 1;
  return gap !== -1 && !(isOnly && standsAlone(name.slice(0, gap + 1), named));
}

function isModifier(key: string, text: string, { lowered, words, language }: Named): boolean {
  if (GIVEN_NAMES.has(text)) return false;
  if (lowered.has(key) || !words.has(key) || THING_WORDS.has(key) || isKnownPlace(text))
    return true;
  return primarySubtag(language) === "de" || (primarySubtag(language) === "en" && isDemonym(key));
}

type Word = NameRun["words"][number] | undefined;

function areTogether(first: Word, second: Word, { runs, lowered }: Named): boolean {
  if (!first || !second || /^\p{Lu}\.$/u.test(second.text)) return true;
  const isTogether = (run: readonly string[]) =>
    run.indexOf(second.key, run.indexOf(first.key) + 1) !== -1;
  if ((runs.get(first.key) ?? []).some(isTogether)) return true;
  // "Hospital Trust" may be two words for a thing, but not "Lauren Trust".
  return !GIVEN_NAMES.has(first.text) && (lowered.has(first.key) || lowered.has(second.key));
}

function standsAlone(words: readonly { readonly key: string }[], { runs }: Named): boolean {
  const whole = words.map(({ key }) => key).join(" ");
  return (runs.get(words[0]?.key ?? "") ?? []).some((run) => run.join(" ") === whole);
}

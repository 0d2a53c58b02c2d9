import type { Candidate } from "./candidate.ts";

/**
 * Returns for each sentence the sentence that introduces the block quotation around it, if that one names a source and ends with
 * a colon. If it has no name, such as "It goes on:", the quotation has the source of the one before.
 */
export function introducersOf(
  sentences: readonly Pick<Candidate, "text" | "isBlockQuoted">[],
): readonly (string | undefined)[] {
  let introducer: string | undefined;
  let before = "";
  return sentences.map(({ text, isBlockQuoted }) => {
    if (!isBlockQuoted) {
      before = text;
      return undefined;
    }
    if (namesSource(before)) introducer = before;
    else if (/\s\p{Lu}/u.test(before)) introducer = undefined;
    before = "";
    return introducer;
  });
}

/** Whether a line names the source of a quotation: "Ada Pell, Lune Courier:", but neither "Breaking News:" nor "More on this:". */
function namesSource(line: string): boolean {
  return INTRODUCER.test(line) && !LABEL.test(line);
}

/** "According to Reuters:", "Ada Pell has the figures:", "TechCrunch reports:" and "CNET says:". */
const INTRODUCER =
  /^(?=.{4,100}:$)(?:(?:According [Tt]o|As|From|Via|In) (?:the )?\p{Lu}|\p{Lu}[\p{L}.’'-]*,? \p{Lu}|[\p{L}.]*\p{Ll}\p{Lu}\p{L}*[ :]|\p{Lu}{2,} (?:reports|writes|says|has)\b)/u;
/** Labels that are written in capitals like names. */
const LABEL =
  /^(?:I|We|My|Our|It|This|That|Here|Update|Related|Breaking|Key|More|See|Read|Also|Previously|Earlier)\b|^(?:As|In|From|Via) (?:Short|Brief|Summary|Full|Usual|Always|Other|I|We|My|Our|\p{L}+day)\b|(?:Stor(?:y|ies)|Facts?|Points?|Links?|Details|Highlights|Quotes?|Notes?|Updates?|Takeaways?|Summary|Background|Example) ?:$/iu;

import { asideIn, type Aside } from "./aside.ts";
import type { Candidate, Document } from "./document.ts";
import { withFallback } from "./fallback.ts";
import type { Lexicon } from "./language/lexicon.ts";
import type { Ranking } from "./ranking/ranking.ts";
import { bestBy, isIntroduced, worthAdded } from "./selection.ts";

export interface Gist {
  readonly candidate: Candidate;
  /** What is cut from it to be short enough. */
  readonly aside: Aside | undefined;
}

/** Above this a gist loses against a shorter one that says nearly as much: at once, and for each word. */
const LONGEST_WORDS = 30;
const TOO_LONG = -0.6;
const EXCESS = -0.3;
/** Fewer words than this seldom say what an article is about. */
const SHORTEST_WORDS = 9;
const TOO_SHORT = -0.5;
/** A gist in somebody's words is an opinion, not what the article is about. */
const QUOTING = -0.5;

/** The one sentence that says what the article is about; undefined where none may stand. */
export function gistOf(document: Document, ranking: Ranking, lexicon: Lexicon): Gist | undefined {
  const open = withFallback(document).filter(({ refusal }) => refusal === undefined);
  const clear = open.filter((candidate) => isIntroduced(candidate));
  const best = bestBy(clear.length > 0 ? clear : open, (candidate) => {
    const words = asideOf(candidate, lexicon)?.words ?? candidate.words;
    return (
      worthAdded(candidate, ranking) +
      TOO_LONG * Number(words > LONGEST_WORDS) +
      EXCESS * Math.max(0, words - LONGEST_WORDS) +
      TOO_SHORT * Number(words < SHORTEST_WORDS) +
      QUOTING * Number(/^["“„«「]/.test(candidate.text))
    );
  });
  return best && { candidate: best, aside: asideOf(best, lexicon) };
}

/** Cut only where that makes a long sentence short enough. */
function asideOf(candidate: Candidate, lexicon: Lexicon): Aside | undefined {
  return candidate.words > LONGEST_WORDS ? asideIn(candidate, lexicon, LONGEST_WORDS) : undefined;
}

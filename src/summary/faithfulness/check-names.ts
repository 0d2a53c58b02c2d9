import { primarySubtag } from "../language/lexicon.ts";
import type { Evidence } from "./evidence.ts";
import { strangerIn } from "./names/strangers.ts";
import { regionsIn } from "./names/regions.ts";
import { isUncased, uncasedStrangerIn } from "./names/uncased.ts";
import { unfaithful, type Unfaithful } from "./unfaithful.ts";

/** A name that the source does not have. */
export function strayName(
  plain: string,
  { named, plain: source, language }: Evidence,
): Unfaithful | undefined {
  const stranger = isUncased(plain)
    ? uncasedStrangerIn(plain, source, language)
    : (strangerIn(plain, named) ?? strangeCountry(plain, source, language));
  return stranger === undefined
    ? undefined
    : unfaithful("name", stranger, (shown) => `the name ${shown} is not in the article`);
}

/** German writes "die Ukraine" as it writes "die Urkunde". */
function strangeCountry(plain: string, source: string, language: string): string | undefined {
  if (primarySubtag(language) !== "de") return undefined;
  return regionsIn(plain, language).find((name) => !source.includes(name));
}

import { isVerb, printedRole, type Role, type RoleContext } from "./role-phrase.ts";

const NEARBY = 160;
const LONGEST = 7;
/** Words of these shapes are verbs and adverbs, but for those that roles are made of. */
const OTHER_SHAPE = /^\p{Ll}.*(?:ing|ly|[^r]ed|ies|[^s'’]s)$/u;
const OF_ROLES = new Set(
  `retired veteran sports news arts operations communications affairs business exiled acclaimed renowned celebrated
  leading managing founding acting visiting sitting ruling outgoing incoming elderly disgraced deposed ousted
  imprisoned jailed married advanced physics mathematics economics politics series boss`.split(
    /\s+/,
  ),
);
const OWN = /^(?:my|our|your)$/i;
/** After these, the words before the noun may belong to another name. */
const JOINS = /^(?:of|for|and|&|at|in)$/i;

/** Words right before a name that say who bears it: "public health spokesman Ada Pell". */
export function roleLeading(before: string, context: RoleContext): Role | undefined {
  const words = /(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}.'’-]*\s){1,8}$/u.exec(before.slice(-NEARBY));
  const all = words?.[0].trim().split(/\s+/) ?? [];
  const head = (all.at(-1) ?? "").toLowerCase();
  if (!context.words.isPerson(head) && !context.words.kin.has(head)) return undefined;
  const from = startOf(all, context);
  const boundary = all[from - 1] ?? "";
  const nouns = withoutOthers(all.slice(from), boundary, before);
  // "workers' leader" began with a word that was taken for a boundary.
  if (nouns.some((word) => /^\p{Ll}.*['’]s?$/u.test(word))) return {};
  return printedRole(nouns, [], isOwn(boundary, context), context);
}

function startOf(all: readonly string[], context: RoleContext): number {
  let from = all.length - 1;
  while (from > 0 && all.length - from < LONGEST && !isBoundary(all[from - 1] ?? "", context)) {
    from--;
  }
  return from;
}

function isBoundary(word: string, context: RoleContext): boolean {
  const { words, lexicon } = context;
  const lower = word.toLowerCase();
  if (words.articles.has(lower) || isVerb(lower, context) || /\p{N}/u.test(word)) return true;
  if (lexicon.prepositions.has(lower) || lexicon.stopWords.has(lower)) return true;
  return OTHER_SHAPE.test(word) && !OF_ROLES.has(word);
}

function isOwn(boundary: string, { lexicon }: RoleContext): boolean {
  const lower = boundary.toLowerCase();
  return (
    lexicon.singularPronouns.has(lower) || lexicon.pluralPronouns.has(lower) || OWN.test(boundary)
  );
}

/** Of "Institute of Technology police officer", only "police officer". */
function withoutOthers(
  nouns: readonly string[],
  boundary: string,
  before: string,
): readonly string[] {
  const said = nouns.join(" ");
  const opens = /(?:^|[.!?,;:—–("“]\s*)$/u.test(before.slice(0, before.lastIndexOf(said)));
  if (opens || (boundary !== "" && !JOINS.test(boundary))) return nouns;
  return nouns.slice(nouns.findIndex((word) => /^\p{Ll}/u.test(word)));
}

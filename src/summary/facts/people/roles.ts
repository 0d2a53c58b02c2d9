import { LONGEST_ROLE, OWN, roleOf, type Role, type RoleContext } from "./role-phrase.ts";

/** Roles are looked for this near to a name, which also bounds the time they take. */
const NEARBY = 160;

const AFTER =
  /^,\s(?:(?:aged\s)?\d{1,3},\s)?(?<phrase>[^,.;:—–"“”„«»()?!]{3,120})(?=[,.;]|\s[–—]|$)/u;
const CLAUSE = /^,?\s(?:\d{1,3},\s)?(?<clause>[^,.;:—–"“”„«»()]{6,140})/u;
const BEFORE =
  /(?:^|[,;:(]\s|\s)(?<phrase>(?:\p{L}[\p{L}\p{M}'’.-]*\s){1,13}\p{L}[\p{L}\p{M}'’-]*),\s$/u;
/** "the mayor, Ada Pell and Tomas Reil" may be three people. */
const GOES_ON = /^(?:,?\s(?:and|und|et|y|e|en|&)\s|,\s)\p{Lu}/u;

/** ", a retired physics teacher," after a name. */
export function roleAfter(after: string, context: RoleContext): Role | undefined {
  const phrase = AFTER.exec(after.slice(0, NEARBY))?.groups?.["phrase"];
  if (phrase === undefined) return undefined;
  // "at St. Petra's": the stop is not where the phrase ends.
  const isCut = /\s\p{Lu}\p{L}{0,2}$/u.test(phrase) && after[phrase.length + 2] === ".";
  return roleOf(isCut ? phrase.replace(/\s(?:at|of|in|for|with)\s.*$/, "") : phrase, context);
}

/** ", who is a Politburo member" or ", who runs the bakery" after a name. */
export function roleInClause(after: string, context: RoleContext): Role | undefined {
  const clause = CLAUSE.exec(after.slice(0, NEARBY))?.groups?.["clause"];
  if (clause === undefined) return undefined;
  const isOne = context.words.who.exec(clause)?.[0];
  if (isOne !== undefined) return roleOf(clause.slice(isOne.length), context);
  const doing = context.words.doing.exec(clause)?.groups?.["doing"];
  return doing !== undefined && doing.length <= LONGEST_ROLE ? { role: doing } : undefined;
}

function beginsRole(word: string, { words }: RoleContext): boolean {
  return words.articles.has(word.toLowerCase()) || OWN.test(word) || /^\p{Lu}.*['’]s$/u.test(word);
}

/** "the head of state security, " before a name. */
export function roleBefore(before: string, after: string, context: RoleContext): Role | undefined {
  // "Tomas Reil as the captain, Ada Pell as the cook": each role stands after its name.
  if (GOES_ON.test(after) || /^\sas\s/.test(after)) return undefined;
  const phrase = BEFORE.exec(before.slice(-NEARBY))?.groups?.["phrase"]?.split(" ") ?? [];
  let found: Role | undefined;
  // The nearest article with a person after it begins the role, "talks with the head of …", but "the wife
  // of the mayor" is the wife.
  for (const [at, word] of [...phrase.entries()].toReversed()) {
    if (!beginsRole(word, context)) continue;
    found = roleOf(phrase.slice(at).join(" "), context) ?? found;
    if (found && !/^(?:of|des?|der|di|van)$/.test(phrase[at - 1] ?? "")) return found;
  }
  return found;
}

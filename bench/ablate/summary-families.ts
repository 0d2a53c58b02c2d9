import { type Family, NEVER, rulesOf } from "./family.ts";

const { rule, says } = rulesOf("summary", "entry");

const VETOES = ["caption", "boilerplate", "fragment", "half-quotation", "repeated", "question"];

/** Sentences with one refusal may be shown. The trees still read the refusal as a feature. */
function withoutVeto(refusal: string): Family {
  const others = VETOES.filter((veto) => veto !== refusal);
  return rule(`veto: ${refusal}`, "passages.ts", "NEVER", `new Set(${JSON.stringify(others)})`);
}

/** The rules of summary/. `from` is "document" if the rule changes how sentences are read, otherwise "entry". */
export const SUMMARY_FAMILIES: readonly Family[] = [
  ...VETOES.map(withoutVeto),
  says("veto: taken back", "passages.ts", "isPresentable", "true"),
  says("ruled out: doubt", "passages.ts", "ruledOut", "[]"),
  rule("points: set", "key-points.ts", "WIDTH", "1"),
  says("points: price of unknown languages", "key-points.ts", "pricesFor", "PRICES"),
  says("gist: description", "gist.ts", "descriptionOf", "undefined"),
  rule("gist: surer than description", "gist.ts", "SURER_THAN_DESCRIPTION", "-1"),
  rule("gist: kinds without a plan", "gist.ts", "UNPLANNED", "[]"),
  rule("passages: to the reader", "gist-passages.ts", "TO_READER", NEVER),
  rule("passages: opening", "gist-passages.ts", "FIRST", "0"),
  rule("passages: one sentence", "gist-passages.ts", "LONGEST_RUN", "1"),
  says("passages: nuts", "gist-passages.ts", "nutGrafsOf", "[]"),
  says("plans", "plans.ts", "plansFor", "new Set()"),
  says("plans: leads", "attribution.ts", "leadOf", '""'),
  says("plans: columns of letters", "attribution.ts", "hasLetters", "false"),
  says("plans: notes of authors", "attribution.ts", "authorsOf", "[]"),
  says("introductions of quotations", "introducers.ts", "introducersOf", "[]", "document"),
  says("advertisements", "refusal.ts", "advertisementsIn", "new Set()", "document"),
  says("plans: items", "plans.ts", "itemsOf", "[]"),
  says("quotes: whole names", "pull-quote.ts", "wholeName", "speaker"),
  rule("document: omissions", "document.ts", "OMISSION", NEVER, "document"),
  rule("refusal: boilerplate", "refusal.ts", "BOILERPLATE", "[]", "document"),
  says("refusal: chatter", "denial-words.ts", "isChatter", "false", "document"),
  rule("refusal: verbless", "refusal.ts", "VERBLESS_WORDS", "0", "document"),
  says("refusal: end leans", "refusal.ts", "endsLeaning", "false", "document"),
  says("leaning: points outside", "anaphora/anaphora.ts", "pointsOutside", "false", "document"),
  says("refusal: broken text", "refusal.ts", "isBrokenText", "false", "document"),
  says("leaning: connectives", "anaphora/anaphora.ts", "leadingConnective", "0", "document"),
  says("leaning: introductions", "document.ts", "withAdditions", "candidate", "document"),
  says("denials", "denials.ts", "denialsOf", "[]", "document"),
];

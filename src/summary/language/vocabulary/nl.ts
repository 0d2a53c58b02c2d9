import type { Vocabulary } from "../lexicon.ts";

export const DUTCH: Vocabulary = {
  stopWords: `de het een en of maar want dus noch niet geen ook nog al zo als dan toen dat die dit deze
    er hier daar ik je jij u hij zij ze wij we jullie hem haar hen hun zijn mijn ons onze wie wat waar
    wanneer waarom hoe in op aan bij met naar van voor tot uit door over onder tussen tegen zonder om na
    sinds tijdens te is was waren wordt worden werd werden heeft hebben had hadden kan kunnen moet moeten
    zal zullen zou wil meer zeer veel alle alles sommige andere zich zei zegt twee`,
  singularPronouns: "hij hem zij ze",
  pluralPronouns: "haar hen hun",
  pointers: "dit dat beide zulke daarom daarmee daarin daarvan daarop daarbij daarna",
  demonstratives: "deze die",
  objectPronouns: "",
  definites: "",
  wellKnown: "",
  labels: "",
  asides: "",
  closers: "echter dit",
  introducers: "daar, hier, ja, nee",
  subordinators: `omdat hoewel toen als terwijl nadat voordat`,
  connectives: `en, of, maar, want, dus, echter, toch, bovendien, daarnaast, daarom, daardoor, vervolgens,
    daarna, later, eerder, intussen, ondertussen, inmiddels, ook, zo, dan, toen, bijvoorbeeld,
    daarentegen, tegelijkertijd, aan de andere kant, uiteindelijk, kortom, desondanks, niettemin, daar,
    de twee, de anderen`,
  additives: "ook eveneens",
  conjunctions: "en maar want",
  droppable: ``,
  narrators: "ik mij mijn wij ons onze",
  reports: "",
  guesses: "",
  counts: "",
  prepositions: `in op aan bij met naar van voor tot uit door over onder tussen tegen zonder na sinds tijdens volgens`,
  determiners: "de het een elke ieder iedere alle veel enkele sommige twee drie vier vijf",
  saying:
    "zei zegt vertelde vertelt aldus verklaarde schreef voegde legde benadrukte stelt stelde meldt",
  verbs: "",
  calendar: `januari februari maart april mei juni juli augustus september oktober november december
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag week weken maand maanden jaar jaren dag
    dagen ochtend middag avond nacht lente zomer herfst winter`,
};

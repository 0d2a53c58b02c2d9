import type { Vocabulary } from "../lexicon.ts";

export const FRENCH: Vocabulary = {
  stopWords: `le la les l un une des du de d et ou mais donc or ni car ne pas plus moins très aussi ce
    cet cette ces ceux celui celle celles il elle ils elles on nous vous je tu me te se moi toi lui leur
    leurs son sa ses mon ma mes notre votre nos vos qui que quoi dont où quand comment pourquoi si dans en
    sur sous par pour avec sans chez entre vers depuis pendant avant après contre selon au aux à y est
    sont était étaient être été a ont avait avaient avoir eu fait faire peut peuvent doit c s n j m t qu
    ainsi alors encore même tout tous toute toutes deux dit`,
  singularPronouns: "il elle lui",
  pluralPronouns: "ils elles leur leurs son sa ses eux",
  pointers: "ceux celui celle celles ceci cela ça c qui dont",
  demonstratives: "ce cet cette ces",
  objectPronouns: "",
  definites: "",
  wellKnown: "",
  labels: "",
  asides: "qui dont où notamment",
  closers: "cependant toutefois pourtant cela ça",
  introducers: "depuis, là, ici, d'abord, oui, non",
  subordinators: `parce bien quoique alors lorsque quand tandis puisque si comme`,
  connectives: `et, ou, mais, donc, or, ni, car, cependant, toutefois, pourtant, néanmoins, ainsi, alors,
    puis, ensuite, enfin, aussi, d'ailleurs, par ailleurs, de plus, en outre, en revanche, au contraire,
    par exemple, en effet, en fait, du coup, dès lors, par conséquent, c'est pourquoi, d'autre part,
    de son côté, pour sa part, de leur côté, à cet égard, dans ce contexte, les deux, entre-temps,
    plus tard, quant à, là, y compris, en attendant, au même moment`,
  additives: "aussi également",
  conjunctions: "et mais",
  droppable: `cependant, toutefois, pourtant, néanmoins, enfin, d'ailleurs, par ailleurs, de plus, en outre, en effet, en fait`,
  narrators: "je j me moi mon ma mes nous notre nos",
  reports: "",
  guesses: "",
  counts: "",
  prepositions: `en dans à au aux sur sous par pour avec sans chez entre vers depuis pendant avant après lors selon dès durant malgré`,
  determiners:
    "le la les l un une des du chaque plusieurs quelques certains deux trois quatre cinq",
  saying: `dit déclaré expliqué affirmé ajouté assuré indiqué précisé estimé souligné rappelé poursuivi
    raconte explique affirme ajoute assure indique précise estime souligne déclare confié martelé`,
  verbs: "",
  calendar: `janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi
    mardi mercredi jeudi vendredi samedi dimanche semaine mois année années an ans jour jours matin soir
    nuit printemps été automne hiver heures`,
};

import type { Vocabulary } from "../lexicon.ts";

export const PORTUGUESE: Vocabulary = {
  stopWords: `o a os as um uma uns umas e ou mas nem que de do da dos das d ao à aos às em no na nos nas
    num numa com por pelo pela pelos pelas para sem sobre entre até desde após segundo durante contra não
    sim mais menos muito também já como quando onde quem qual quais se seu sua seus suas lhe lhes me te
    nos meu minha nosso este esta estes estas esse essa esses essas aquele aquela isto isso ele ela eles
    elas é são era eram foi foram ser sido está estão há ter tem têm tinha pode podem todo todos toda
    todas porque dois duas disse`,
  singularPronouns: "ele ela",
  pluralPronouns: "eles elas seu sua seus suas",
  pointers: "isto isso aquilo ambos ambas tal tais aquele aquela aqueles aquelas",
  demonstratives: "este esta estes estas esse essa esses essas",
  objectPronouns: "",
  definites: "",
  wellKnown: "",
  labels: "",
  asides: "",
  closers: "entanto porém isso isto",
  introducers: "primeiro, segundo, lá, aqui, sim, não",
  subordinators: `porque embora quando se enquanto como`,
  connectives: `e, ou, mas, nem, porém, contudo, todavia, entretanto, no entanto, além disso, também,
    por isso, portanto, assim, então, depois, mais tarde, enquanto isso, por outro lado, por sua vez,
    de fato, por exemplo, na verdade, finalmente, ao mesmo tempo, ali, ainda assim, os dois, as duas,
    em consequência, dessa forma`,
  additives: "também",
  conjunctions: "e mas",
  droppable: `porém, contudo, todavia, no entanto, além disso, de fato, na verdade, ao mesmo tempo`,
  narrators: "eu meu minha meus minhas nós nosso nossa nossos nossas",
  reports: "",
  guesses: "",
  counts: "",
  prepositions: `em no na nos nas a ao à com por pelo pela para sem sobre entre até desde após segundo durante contra antes depois`,
  determiners:
    "o a os as um uma uns umas cada vários várias alguns algumas dois duas três quatro cinco",
  saying: `disse diz afirmou afirma explicou explica acrescentou declarou destacou ressaltou lembrou
    contou comentou`,
  verbs: "",
  calendar: `janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
    segunda terça quarta quinta sexta sábado domingo semana semanas mês meses ano anos dia dias manhã
    tarde noite primavera verão outono inverno`,
};

import type { Vocabulary } from "../lexicon.ts";

export const SPANISH: Vocabulary = {
  stopWords: `el la los las lo un una unos unas y e o u pero sino ni que de del a al en con por para sin
    sobre entre hasta desde hacia según durante tras ante bajo contra no sí más menos muy también ya como
    cuando donde quien quienes cual cuales qué cómo se su sus le les me te nos mi mis tu tus nuestro este
    esta estos estas ese esa esos esas aquel aquella esto eso él ella ellos ellas es son era eran fue
    fueron ser sido está están ha han había hay haber tiene tienen puede pueden todo todos toda todas si
    porque dos dijo`,
  singularPronouns: "él ella",
  pluralPronouns: "ellos ellas su sus",
  pointers: "aquel aquella aquellos aquellas esto eso aquello ello ambos ambas tal tales",
  demonstratives: "este esta estos estas ese esa esos esas",
  objectPronouns: "",
  definites: "",
  wellKnown: "",
  labels: "",
  asides: "",
  closers: "embargo eso esto ello",
  introducers: "primero, segundo, luego, allí, aquí, sí, no",
  subordinators: `porque aunque cuando si mientras pues como`,
  connectives: `y, e, o, pero, sino, ni, sin embargo, no obstante, además, asimismo, también, por eso,
    por ello, por tanto, por lo tanto, así, entonces, luego, después, más tarde, mientras tanto,
    en cambio, por otro lado, por otra parte, por su parte, de hecho, por ejemplo, en efecto, finalmente,
    al mismo tiempo, allí, aun así, a su vez, en consecuencia, los dos, las dos, de ahí`,
  additives: "también asimismo",
  conjunctions: "y pero",
  droppable: `además, asimismo, sin embargo, no obstante, de hecho, en efecto, finalmente, al mismo tiempo`,
  narrators: "yo mi mis conmigo nosotros nosotras nuestro nuestra nuestros nuestras",
  reports: "",
  guesses: "",
  counts: "",
  prepositions: `en a al con por para sin sobre entre hasta desde según durante tras ante bajo contra antes después`,
  determiners:
    "el la los las un una unos unas cada varios varias algunos algunas dos tres cuatro cinco",
  saying: `dijo dice afirmó aseguró explicó añadió señaló indicó declaró comentó recordó subrayó explica
    afirma asegura señala añade`,
  verbs: "",
  calendar: `enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    lunes martes miércoles jueves viernes sábado domingo semana semanas mes meses año años día días
    mañana tarde noche primavera verano otoño invierno`,
};

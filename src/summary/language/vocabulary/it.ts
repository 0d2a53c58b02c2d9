import type { Vocabulary } from "../lexicon.ts";

export const ITALIAN: Vocabulary = {
  stopWords: `il lo la i gli le l un uno una e ed o ma però né che di del dello della dei degli delle d a
    ad al allo alla ai agli alle da dal dalla dai dalle in nel nella nei nelle con su sul sulla sui per
    tra fra senza verso non più meno molto anche già come quando dove chi cui quale quali cosa si suo sua
    suoi sue mi ti ci vi mio tuo nostro loro questo questa questi queste quello quella quelli quelle egli
    lui lei essi esse è sono era erano essere stato stata stati ha hanno aveva avevano avere può possono
    deve tutto tutti tutta tutte se perché due detto`,
  singularPronouns: "lui lei egli ella",
  pluralPronouns: "essi esse loro suo sua suoi sue",
  pointers: "ciò entrambi entrambe tale tali quello quella quelli quelle",
  demonstratives: "questo questa questi queste",
  objectPronouns: "",
  definites: "",
  wellKnown: "",
  labels: "",
  asides: "",
  closers: "tuttavia però ciò",
  introducers: "primo, secondo, lì, qui, sì, no",
  subordinators: `perché sebbene quando se mentre benché come`,
  connectives: `e, ed, o, ma, però, né, tuttavia, inoltre, infatti, quindi, dunque, perciò, pertanto,
    così, poi, allora, intanto, nel frattempo, invece, anche, al contrario, per esempio, ad esempio,
    d'altra parte, in effetti, infine, dopo, più tardi, a sua volta, di conseguenza, eppure, i due,
    le due, il suo, la sua, i suoi, le sue, il loro, la loro`,
  additives: "anche inoltre",
  conjunctions: "e ma",
  droppable: `inoltre, tuttavia, infatti, in effetti, intanto, nel frattempo, infine`,
  narrators: "io mio mia miei mie noi nostro nostra nostri nostre",
  reports: "",
  guesses: "",
  counts: "",
  prepositions: `in nel nella nei nelle a ad al alla con su sul sulla per tra fra senza verso da dal dalla durante dopo prima secondo`,
  determiners:
    "il lo la i gli le l un uno una ogni alcuni alcune diversi diverse due tre quattro cinque",
  saying: `detto dice spiegato spiega affermato afferma aggiunto aggiunge dichiarato sottolineato ricordato
    racconta commenta disse`,
  verbs: "",
  calendar: `gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    lunedì martedì mercoledì giovedì venerdì sabato domenica settimana settimane mese mesi anno anni
    giorno giorni mattina sera notte primavera estate autunno inverno`,
};

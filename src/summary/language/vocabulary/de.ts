import type { Vocabulary } from "../lexicon.ts";

export const GERMAN: Vocabulary = {
  stopWords: `der die das den dem des ein eine einen einem einer eines und oder aber doch denn sondern
    nicht kein keine keinen keiner auch nur noch schon so wie als wenn dass daß ob weil da hier dort dann
    nun ich du er sie es wir ihr ihm ihn ihnen ihre ihren ihrem ihrer seine seinen seinem seiner sein mein
    unser euch uns mich mir dich sich man was wer wo warum in im an am auf aus bei beim mit nach von vom
    vor zu zum zur für gegen ohne um durch über unter zwischen seit bis während ist sind war waren wird
    werden wurde wurden hat haben hatte hatten kann können soll sollen muss müssen will wollen sei
    diese dieser dieses diesem diesen jene mehr sehr alle allem allen viele einige bereits sagte`,
  singularPronouns: "er ihn ihm sie es",
  pluralPronouns: "ihnen ihre ihren ihrem ihrer seine seinen seinem seiner",
  pointers:
    "dies beide deshalb daran darin dafür dagegen damit dabei davon dazu darauf darüber darunter dessen deren",
  demonstratives: "diese dieser dieses diesem diesen jene jener jenes solche solcher",
  objectPronouns: "",
  definites: "",
  wellKnown: "",
  labels: "",
  asides: "",
  closers: "",
  introducers: "erstens, zweitens, drittens, da",
  subordinators: `weil obwohl dass wenn als während nachdem bevor falls damit seit`,
  connectives: `und, oder, aber, doch, denn, sondern, jedoch, allerdings, dennoch, trotzdem, außerdem,
    zudem, ferner, deshalb, deswegen, daher, darum, somit, folglich, also, dann, danach, anschließend,
    später, zuvor, davor, inzwischen, unterdessen, indes, dagegen, hingegen, stattdessen, schließlich,
    zum beispiel, im gegensatz dazu, auf der anderen seite, zugleich, gleichzeitig, ebenso, auch, so,
    dort, da, darüber hinaus, die anderen, nun, tatsächlich, immerhin`,
  additives: "auch ebenfalls zudem",
  conjunctions: "und aber doch denn",
  droppable: ``,
  narrators:
    "ich mich mir mein meine meinen meinem meiner wir uns unser unsere unseren unserem unserer",
  reports: "",
  guesses: "",
  counts: "",
  prepositions: `in im an am auf aus bei beim mit nach von vom vor zu zum zur für gegen ohne durch über unter zwischen seit bis während laut trotz wegen`,
  determiners:
    "der die das den dem ein eine einen einem jeder jede jedes alle viele einige mehrere",
  saying:
    "sagte sagt sagten erklärte erklärt betonte fügte meinte meint berichtete schrieb warnte hieß",
  verbs: "",
  calendar: `januar februar märz april mai juni juli august september oktober november dezember montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag woche wochen monat monate jahr jahre
    jahren jahres tag tage morgen nachmittag abend nacht frühjahr sommer herbst winter uhr`,
};

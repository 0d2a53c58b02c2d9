import type { PersonVocabulary } from "../person-words.ts";

export const GERMAN_PEOPLE: PersonVocabulary = {
  persons: `abgeordneter abgeordnete anwalt anwältin architekt architektin arzt ärztin autor autorin bäcker
    bäckerin bauer bäuerin biologe biologin bischof bischöfin botschafter botschafterin bürgermeister
    bürgermeisterin chef chefin chemiker chemikerin dirigent dirigentin direktor direktorin erfinder
    erfinderin fischer fischerin förster försterin forscher forscherin fotograf fotografin gärtner
    gärtnerin geologe geologin geschäftsführer geschäftsführerin gründer gründerin händler händlerin
    hausmeister hausmeisterin historiker historikerin imker imkerin ingenieur ingenieurin inhaber inhaberin
    journalist journalistin kanzler kanzlerin kapitän kapitänin koch köchin kommissar kommissarin komponist
    komponistin könig königin künstler künstlerin küster küsterin landrat landrätin lehrer lehrerin leiter
    leiterin maler malerin meister meisterin minister ministerin musiker musikerin müller organist
    organistin papst pastor pastorin pfarrer pfarrerin physiker physikerin pilot pilotin politiker
    politikerin präsident präsidentin prinz prinzessin professor professorin rektor rektorin richter
    richterin sänger sängerin schauspieler schauspielerin schreiner schreinerin schriftsteller
    schriftstellerin senator senatorin sprecher sprecherin staatsanwalt staatsanwältin tischler tischlerin
    trainer trainerin unternehmer unternehmerin verleger verlegerin vorsitzender vorsitzende vorsitzenden
    vorstand wirt wirtin wissenschaftler wissenschaftlerin zimmermann ökonom ökonomin kantor kantorin
    regisseur regisseurin uhrmacher uhrmacherin lotse lotsin bootsbauer bootsbauerin schäfer schäferin`,
  endings: `leiter leiterin sprecher sprecherin minister ministerin meister meisterin führer führerin forscher
    forscherin lehrer lehrerin präsident präsidentin direktor direktorin chef chefin händler händlerin
    arzt ärztin anwalt anwältin rat rätin bauer bäuerin wart wartin wirt wirtin trainer trainerin
    professor professorin richter richterin wissenschaftler wissenschaftlerin vorsitzender vorsitzende
    vorsitzenden loge login techniker technikerin beauftragter beauftragte gründer gründerin`,
  kin: `bruder schwester vater mutter sohn tochter mann frau ehemann ehefrau onkel tante freund freundin
    nachbar nachbarin witwe witwer täter opfer zeuge zeugin verdächtiger angeklagter student studentin`,
  titles: "herr frau dr prof sir",
  portfolios: "",
  articles: "der die das ein eine den dem",
  who: "(?:der|die) (?:ein|eine) ",
  verbs: "",
};

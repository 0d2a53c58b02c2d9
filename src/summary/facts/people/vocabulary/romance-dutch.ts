import type { PersonVocabulary } from "../person-words.ts";

const NONE = { titles: "", portfolios: "", verbs: "" } as const;
const ROMANCE = { ...NONE, isHeadFirst: true } as const;

export const FRENCH_PEOPLE: PersonVocabulary = {
  ...ROMANCE,
  persons: `acteur actrice agriculteur agricultrice ambassadeur ambassadrice animateur animatrice architecte
    artiste astronaute auteur auteure autrice avocat avocate biologiste boulanger boulangère cardinal chanteur chanteuse
    chef cheffe chercheur chercheuse chirurgien cofondateur cofondatrice comédien comédienne commissaire
    compositeur compositrice conseiller conseillère cuisinier dessinateur directeur directrice député
    députée écrivain écrivaine économiste éditeur éditrice enseignant enseignante entraîneur évêque
    fondateur fondatrice footballeur gardien gérant gérante géologue gouverneur historien historienne
    humoriste infirmier infirmière ingénieur ingénieure journaliste juge libraire maire médecin
    menuisier ministre musicien musicienne navigateur patron patronne peintre pêcheur photographe
    physicien physicienne pianiste pilote poète porte-parole préfet préfète président présidente
    procureur procureure producteur productrice professeur professeure réalisateur réalisatrice
    romancier romancière secrétaire sénateur sénatrice sociologue spécialiste vétérinaire viticulteur`,
  kin: "mari femme épouse époux père mère fils fille frère sœur ami amie voisin voisine veuve suspect victime compagne compagnon",
  articles: "le la l'un l'une un une",
  who: "qui (?:est|était) (?:le|la|un|une)",
};

export const SPANISH_PEOPLE: PersonVocabulary = {
  ...ROMANCE,
  persons: `abogado abogada actor actriz alcalde alcaldesa analista arquitecto arquitecta artista autor autora
    bióloga biólogo cantante capitán científico científica comisario concejal concejala consejero consejera
    director directora diputado diputada economista editor editora embajador embajadora entrenador
    entrenadora escritor escritora fiscal fotógrafo fotógrafa fundador fundadora general gobernador
    gobernadora historiador historiadora ingeniero ingeniera investigador investigadora jefe jefa juez
    jueza líder maestro maestra médico médica ministro ministra músico novelista obispo periodista pescador
    pintor pintora poeta portavoz presidente presidenta profesor profesora rector rectora secretario
    secretaria senador senadora tesorero tesorera veterinario veterinaria`,
  kin: "marido mujer esposa esposo padre madre hijo hija hermano hermana amigo amiga vecino vecina viuda víctima sospechoso",
  articles: "el la un una",
  who: "quien es (?:el|la|un|una)",
};

export const ITALIAN_PEOPLE: PersonVocabulary = {
  ...ROMANCE,
  persons: `allenatore allenatrice ambasciatore ambasciatrice architetto artista assessore assessora attore
    attrice autore autrice avvocato avvocata biologo biologa cantante capitano capo commissario consigliere
    consigliera deputato deputata direttore direttrice economista editore fondatore fondatrice fotografo
    fotografa generale giornalista giudice governatore infermiere infermiera ingegnere insegnante
    maestro maestra medico ministro ministra musicista pescatore pittore pittrice poeta portavoce
    presidente presidentessa preside professore professoressa procuratore regista ricercatore ricercatrice
    rettore rettrice sacerdote scienziato scienziata scrittore scrittrice segretario segretaria senatore
    senatrice sindaco sindaca storico storica vescovo veterinario`,
  kin: "marito moglie padre madre figlio figlia fratello sorella amico amica vicino vicina vedova vittima sospettato",
  articles: "il lo la un uno una",
  who: "che è (?:il|la|un|una)",
};

export const PORTUGUESE_PEOPLE: PersonVocabulary = {
  ...ROMANCE,
  persons: `advogado advogada ator atriz analista arquiteto arquiteta artista autor autora bióloga biólogo
    bispo cantor cantora capitão chefe cientista comandante deputado deputada diretor diretora economista
    editor editora embaixador embaixadora engenheiro engenheira escritor escritora fotógrafo fotógrafa
    fundador fundadora general governador governadora historiador historiadora jornalista juiz juíza líder
    médico médica ministro ministra músico pescador pescadora pesquisador pesquisadora pintor pintora poeta
    porta-voz prefeito prefeita presidente presidenta professor professora procurador procuradora reitor
    reitora secretário secretária senador senadora técnico treinador treinadora vereador vereadora`,
  kin: "marido mulher esposa esposo pai mãe filho filha irmão irmã amigo amiga vizinho vizinha viúva vítima suspeito",
  articles: "o a um uma",
  who: "que é (?:o|a|um|uma)",
};

export const DUTCH_PEOPLE: PersonVocabulary = {
  ...NONE,
  persons: `acteur actrice advocaat advocate ambassadeur analist architect arts auteur bakker bioloog biologe
    bisschop boer boerin burgemeester directeur directrice econoom econome eigenaar eigenares fotograaf
    fotografe generaal hoogleraar historicus historica ingenieur journalist journaliste kapitein
    kunstenaar kunstenares leider leidster leraar lerares minister musicus onderzoeker onderzoekster
    oprichter oprichtster politicus premier president professor rechter schilder schrijver schrijfster
    secretaris senator timmerman trainer visser voorzitter wethouder wetenschapper woordvoerder
    woordvoerster zanger zangeres`,
  endings: "meester leider woordvoerder onderzoeker directeur voorzitter minister leraar wachter",
  kin: "man vrouw vader moeder zoon dochter broer zus vriend vriendin buurman buurvrouw weduwe verdachte slachtoffer",
  articles: "de het een",
  who: "die (?:de|een)",
};

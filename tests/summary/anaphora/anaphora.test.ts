import { describe, expect, test } from "vitest";
import { lexiconOf } from "../../../src/summary/language/lexicon.ts";
import {
  leadingConnective,
  leansOnContext,
  namesOf,
} from "../../../src/summary/anaphora/anaphora.ts";

const NAMES = new Set(["pell", "porthmoor", "reil"]);

function leans(sentence: string, language: string): boolean {
  return leansOnContext(sentence, lexiconOf(language), NAMES);
}

describe("a sentence that leans on one left out", () => {
  test.each([
    ["a pronoun", "en", "They signed the plan on Monday."],
    ["a possessive", "en", "Its captain blamed fog over the estuary."],
    ["a contraction", "en", "He’s the first captain to refuse."],
    ["a demonstrative", "en", "This plan was turned down twice."],
    ["a demonstrative further on", "en", "Behind these talks stands the county."],
    ["another", "en", "There is another boat at the pier."],
    ["a conjunction", "en", "But the county has not promised its share."],
    ["a connective of several words", "en", "As a result the ferry stopped running."],
    ["a comparison", "en", "As with the ferry, bus riders are fewer."],
    ["a conjunction before a time", "en", "So this week the Trust sold its pier."],
    ["a pronoun after an adverb", "en", "Sadly, they will not see the boat again."],
    ["a part of what is somebody's", "en", "One of his boats sank, so he sold the pier."],
    ["a time that is somebody's", "en", "The last time he won an election was in 2002."],
    ["a pointer to a list", "en", "Here are the boats that the Trust may buy."],
    ["an ordinal aside", "en", "First, the county has to pay its share."],
    ["a reason for what was said", "en", "After all, the county had agreed to pay its share."],
    ["a time that counts from another", "en", "Two weeks later the ferry stopped for good."],
    ["a pronoun after a date", "en", "On March 28, it exercised its right to buy the pier."],
    ["a pronoun after a month", "en", "In March, he sold the boat to the Trust."],
    ["a pronoun in a clause that comes first", "en", "As they departed, Captain Pell came home."],
    ["a pronoun after a place", "en", "In Porthmoor, she runs the only bakery."],
    ["a pronoun after a place, without a comma", "en", "At Porthmoor she runs the only bakery."],
    ["a German pronoun after a place", "de", "Im Hafen verkauft er am Montag das Boot."],
    ["a pronoun after today", "en", "Today, in a letter to the Lune Courier, he asks for more."],
    ["a pronoun after a bare noun", "en", "Officials said he would not come back."],
    ["it as an object", "en", "People are actually buying it in June."],
    ["a quotation that opens so", "en", "“It has been a long wait,” said Ada Pell."],
    ["a speaker known from before", "en", "“We waited nine years for the boat,” she said."],
    ["a pronoun after what began", "en", "Starting four months before the trip, she learnt it."],
    ["whom a name does something to", "en", "Porthmoor wants them gone by June."],
    ["whom some do something to", "en", "Many remember him as a captain."],
    ["a German pronoun", "de", "Sie unterschrieben den Plan am Montag."],
    ["a German connective", "de", "Außerdem zahlt der Kreis nichts."],
    ["a German pronoun after a date", "de", "Im März hat er das Boot verkauft."],
    ["a text in capitals", "en", "IT PAYS FOR THE NIGHT FERRY OF PORTHMOOR."],
    ["a German pronoun at the start", "de", "Sie zahlt für das Boot zwei Taler."],
    ["a French pronoun", "fr", "Elle a vendu le bateau lundi."],
    ["a French demonstrative", "fr", "Celui-ci a vendu le bateau lundi."],
    ["a French connective", "fr", "En revanche, le canton ne paie rien."],
    ["a French speaker known from before", "fr", "« Nous attendons », a-t-il ajouté."],
    ["a Spanish demonstrative", "es", "Esta decisión sorprendió a todos."],
    ["a Spanish connective", "es", "Sin embargo, el puerto sigue cerrado."],
    ["an Italian demonstrative", "it", "Questo piano non piace a nessuno."],
    ["an Italian connective", "it", "Tuttavia il porto resta chiuso."],
    ["a Portuguese pronoun", "pt", "Eles assinaram o plano na segunda-feira."],
    ["a Portuguese connective", "pt", "Além disso, o porto continua fechado."],
    ["a Dutch pronoun", "nl", "Zij tekenden het plan op maandag."],
    ["a Dutch connective", "nl", "Bovendien betaalt de provincie niets."],
  ])("%s (%s): %s", (_, language, sentence) => {
    expect(leans(sentence, language)).toBe(true);
  });

  test.each([
    ["an agency written as a pronoun", "en", "WHO said that it will send boats to Lune."],
    ["a trade written as a pronoun", "en", "IT pays for the night ferry of Lune."],
    ["a title written as a pronoun", "en", "In Lune, the film Her fills the quay each night."],
    ["the German address of a reader", "de", "Im Hafen zahlen Sie zwei Taler für das Boot."],
    ["a name", "en", "Ada Pell said she would run the ferry herself."],
    ["a noun with its article", "en", "The mayor said he would not pay."],
    ["a plural noun", "en", "Riders told the Trust that they want a later bus."],
    ["a name at the start of a clause", "en", "When Pell arrived, she found the pier closed."],
    ["a time of the paper's own", "en", "This week the county votes on the ferry."],
    ["a later time of its own", "en", "Later this month the county votes on the ferry."],
    ["all of what is named here", "en", "All of the news from the quay was good."],
    ["after all of something", "en", "After all the riders had left, Pell closed the pier."],
    ["there is", "en", "There were five hundred riders on the pier."],
    ["a quotation with its speaker", "en", "“We waited nine years for the boat,” said Ada Pell."],
    ["a German article", "de", "Das Rathaus hat die Fähre gekauft."],
    ["a German noun before its pronoun", "de", "Der Bürgermeister sagte, er zahle nichts."],
    ["a French article", "fr", "Les habitants attendent leur bateau depuis neuf ans."],
    ["a French time of its own", "fr", "Cette semaine, le canton vote sur le bateau."],
    ["a Spanish article", "es", "Los vecinos esperan su barco desde hace nueve años."],
    ["a Spanish time of its own", "es", "Este lunes el puerto abre de nuevo."],
    ["an Italian article", "it", "La città compra il vecchio traghetto."],
    ["a Portuguese article", "pt", "A cidade compra a velha balsa."],
    ["a Dutch article", "nl", "Het stadhuis koopt de oude veerboot."],
    ["a language we have no words of", "pl", "Ono płynie do portu."],
    ["English words in another language", "fr", "So what est le nom du bateau."],
  ])("not %s (%s): %s", (_, language, sentence) => {
    expect(leans(sentence, language)).toBe(false);
  });
});

describe("a connective that can be left off", () => {
  test.each([
    ["Meanwhile, Pell bought the pier.", "Pell bought the pier."],
    ["At the same time, Lune Buses closed.", "Lune Buses closed."],
    ["But Pell bought the pier.", "Pell bought the pier."],
    ["But the pier was sold.", "But the pier was sold."],
    ["Still Waters is the name of the boat.", "Still Waters is the name of the boat."],
    ["Instead, Pell bought the pier.", "Instead, Pell bought the pier."],
    ["Perhaps Pell bought the pier.", "Perhaps Pell bought the pier."],
    ["Then President Pell signed.", "Then President Pell signed."],
  ])("%s", (sentence, rest) => {
    expect(sentence.slice(leadingConnective(sentence, lexiconOf("en")))).toBe(rest);
  });
});

test("names are what the article capitalises in mid-sentence, months left out", () => {
  const names = namesOf(["Yesterday Ada Pell met Reil in March."], lexiconOf("en"));
  expect([...names]).toEqual(["ada", "reil"]);
});

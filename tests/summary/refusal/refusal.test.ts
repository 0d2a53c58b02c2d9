import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { articleOf } from "../article-of.ts";

/** The refusals of an article's sentences, in order. */
function refusals(text: string, fields = {}): readonly (string | undefined)[] {
  return documentOf(articleOf(text, fields)).candidates.map(({ refusal }) => refusal);
}

const PLAIN = "The ferry left the quay at nine in the evening.";

describe("what never stands in a summary", () => {
  test.each([
    ["a credit", "Photo: Ada Pell for the Lune Courier.", "boilerplate"],
    ["a credit with a bar", "Image | Lune Courier, at the old quay.", "boilerplate"],
    ["an agency's credit", "The ferry leaves the quay (AP Photo/Ada Pell).", "boilerplate"],
    ["a byline", "By Ada Pell Reil.", "fragment"],
    ["a note on who wrote it", "Tomas Reil contributed to this report.", "boilerplate"],
    ["a call to read on", "Read more about the ferry on our pages.", "boilerplate"],
    ["a call in German", "Lesen Sie auch den Bericht über die alte Fähre.", "boilerplate"],
    ["an address", "Riders can write to quay@porthmoor.example for a ticket.", "boilerplate"],
    ["rights", "Lune Courier, all rights reserved to the owner.", "boilerplate"],
    ["a caption", "Ada Pell (left) greets Tomas Reil on the quay.", "boilerplate"],
    ["thanks to readers", "Thank you for reading the Lune Courier!", "boilerplate"],
    [
      "a note on when it was written",
      "[Latest update, posted 9:04 p.m. on Monday].",
      "boilerplate",
    ],
    ["the headline of another story", "Ferry crash: What we know so far.", "boilerplate"],
    ["a lettered answer", "A) Being the first harbour to run a boat at night.", "fragment"],
    ["a call to look", "Scroll down to see the old boat leave the quay.", "boilerplate"],
    ["who else reported", "CNN's Ada Pell and Tomas Reil contributed reporting.", "boilerplate"],
    ["a line without a verb", "A good week for the Harbour Trust.", "fragment"],
    ["a line that leads to a list, with a stop", "The trial has three parts:.", "fragment"],
    ["a pointer to another story", "Timeline of the crossings, fog and aftermath.", "fragment"],
    ["another", "A look at all of the charges.", "fragment"],
    ["another, by its number", "QUAY24: 24 hours in a harbour that never sleeps.", "fragment"],
    ["a call to listen", "Listen to the friends of Ada Pell describe her bakery.", "boilerplate"],
    [
      "what a newsroom could not verify",
      "The Lune Courier could not independently authenticate the message.",
      "boilerplate",
    ],
    ["a line that leads below", "Below are some of the letters of riders.", "boilerplate"],
    ["a caption of two people", "Ada Pell (left and right, with her cat) runs it.", "boilerplate"],
    ["a labelled caption", "Back home: Ada Pell and the captain are seen on the quay.", "caption"],
    [
      "one whose label is a plural",
      "High spirits: Ada Pell waves to the riders who wait on the quay.",
      "caption",
    ],
    [
      "one whose label is a participle",
      "Jetting off: In June the Pells sold the boat, their house and the pier.",
      "caption",
    ],
    [
      "one with an adverb",
      "Completely destroyed: The old boat of the Trust is a wreck at the quay of Lune.",
      "caption",
    ],
    [
      "one that begins with a figure",
      "Late night crossing: 20 riders of the Trust wait on the quay for the boat.",
      "caption",
    ],
    [
      "one with a noun in -ing",
      "Quick thinking: Ada Pell smelled the fire and called the riders out of the boat.",
      "caption",
    ],
    [
      "one whose label is somebody's",
      "Captain's duty: Ada Pell led the talks with the county and the Trust.",
      "caption",
    ],
    ["whom it happened to and no more", "A man killed during a search of the quay.", "fragment"],
    [
      "a text with stops in it",
      "The Trust. has said that the ferry will. run at night.",
      "fragment",
    ],
    [
      "a text with a comma and a stop",
      "The Trust said,. as was expected, that it will run.",
      "fragment",
    ],
    ["what is said of nobody", "A coat, a torch and a whole night to live on.", "fragment"],
    ["a list without a verb", "Students, bakers among the riders.", "fragment"],
    ["somebody's things", "Pell's old boat and pier.", "fragment"],
    ["what trails off", "Anything that the riders of Porthmoor want…", "fragment"],
    ["a text with a dash and a stop", "The bus –. it left the quay at nine.", "fragment"],
    ["a headline that asks", "Night ferry: What riders need to know first.", "boilerplate"],
    ["a headline of a list", "7 things you didn't know about the Lune.", "boilerplate"],
    ["a label in -ing", "Waiting for a boat or a bus.", "fragment"],
    ["who asked and who wrote", "Ada Pell of the Courier wrote this story in Lune.", "boilerplate"],
    [
      "a pronoun soon after its clause",
      "After a year on the old Lune, what she saw was new.",
      "leaning",
    ],
    ["what comes in exchange", "In exchange, Lune sends buses to Porthmoor.", "leaning"],
    ["who wrote from where", "Ada Pell and Tomas Reil reported from Porthmoor.", "boilerplate"],
    [
      "and who from elsewhere",
      "Ada Pell reported from Lune and Tomas Reil from Marsh End.",
      "boilerplate",
    ],
    [
      "whom the newsroom asked",
      "Lune Buses did not respond to requests for comment.",
      "boilerplate",
    ],
    [
      "what the newsroom knows",
      "The Courier could not independently verify the count.",
      "boilerplate",
    ],
    ["a call to see", "Riders tell of the night in the video below.", "boilerplate"],
    ["what leads to a list", "As riders wait, here's what is known of the boat.", "boilerplate"],
    ["a call to begin", "Let's look at the boats of Porthmoor first.", "boilerplate"],
    ["a plural before one person", "Three boats were taken from her quay in June.", "leaning"],
    ["a question", "Will the new boat ever pay for itself?", "question"],
    [
      "a question in a quotation",
      "“Why did nobody tell us?” asked Ada Pell on Monday.",
      "question",
    ],
    ["a few words", "Not the county.", "fragment"],
    ["a line without a stop", "The ferry and the bus line compared", "fragment"],
    ["a line that leads to a list", "These are the three things to bring:", "fragment"],
    [
      "a clause without its main clause",
      "Because the ferry to the island was late again.",
      "fragment",
    ],
    ["a line of a transcript", "PELL: We met in March and agreed on the timetable.", "fragment"],
    ["a parenthesis", "(The pier was built in 1904 and has leaked since.)", "fragment"],
    ["an address line", "Lune Quay 5, Porthmoor, Lune County 1904.", "fragment"],
    ["code", "if (boat.left() == true) { quay[5] = null; }.", "fragment"],
  ])("%s", (_, sentence, refusal) => {
    expect(refusals(`${PLAIN}\n\n${sentence}`)).toEqual([undefined, refusal]);
  });

  test.each([
    "Ada Pell said on Monday: The ferry left the quay of Porthmoor at nine.",
    "The result: The ferry of the Harbour Trust stays where it was before.",
    "There's hope: The ferry of the Harbour Trust stays where it was before.",
    "Officials decided: The ferry of the Harbour Trust stays where it was before.",
    "One rider was killed during a search of the quay.",
    "Lune Bros. has sold the ferry to the Harbour Trust.",
    "The new boat can carry up to 80 riders.",
    "Ada Pell, 55, has run the bakery since June.",
    "In exchange for the boat, Lune sends buses to Porthmoor.",
    "Ada Pell's the owner of the bakery.",
    "The county could not confirm the death on Monday.",
    "Ada Pell reported from the quay that the boat had sunk.",
  ])("but this does: %s", (sentence) => {
    expect(refusals(sentence)).toEqual([undefined]);
  });

  test("a caption of the article, whose words came into the text", () => {
    const captions = [{ text: "Riders wait for the ferry on the old quay." }];
    expect(refusals("Riders wait for the ferry on the old quay.", { captions })).toEqual([
      "caption",
    ]);
  });

  test("half a quotation, at either end and in the middle", () => {
    const text =
      "Pell said: “The boat is back. The town waited nine years. Nobody believed us.” The pier is open again.";
    expect(refusals(text)).toEqual([
      "half-quotation",
      "half-quotation",
      "half-quotation",
      undefined,
    ]);
  });

  test("half a quotation between apostrophes, and one with nobody to say it", () => {
    const text =
      "Pell said: 'The boat is back. The riders' pier is open again.' 'We are glad of it.'";
    expect(refusals(text)).toEqual(["half-quotation", "half-quotation", "half-quotation"]);
    expect(refusals("'The boat is back,' said Ada Pell of the riders' pier.")).toEqual([undefined]);
  });

  test("a quotation with a space before the mark that closes it", () => {
    const text = "“Nobody believed us. ” The harbour town bought the ferry.";
    expect(refusals(text)).toEqual(["half-quotation", undefined]);
  });

  test("a quotation with nobody to say it", () => {
    expect(refusals("“The boat has come back to the town.”")).toEqual(["half-quotation"]);
  });

  test("the title again, and a sentence said twice", () => {
    expect(
      refusals(`${PLAIN} The town cheered it. ${PLAIN}`, { title: "The town cheered it." }),
    ).toEqual([undefined, "repeated", "repeated"]);
  });

  test("a sentence nobody could read in one breath", () => {
    expect(refusals(`The ferry ${"and the bus ".repeat(40)}left.`)).toEqual(["too-long"]);
  });
});

describe("a sentence is tied to one left out", () => {
  test.each([
    ["a count of whom it doesn't say", "One asked why the boat was sold."],
    ["several of them", "Two were arrested on the quay of Porthmoor."],
    ["a share", "About 40% are riders of the night ferry."],
    ["a number", "Fifty-five were sold before June."],
    ["so many others", "More than 250 others were arrested on the quay."],
    ["a time", "Riders of the ferry stayed at home that summer."],
    ["a kind", "For any rider, that kind of delay is nothing new."],
    ["a contrast inside", "Ada Pell, however, stayed on the quay."],
    ["who said it", "The boat was bought in May, she said."],
    ["and when", "The boat was bought in May, she said on Monday."],
    ["and to whom", "The boat was bought in May, he told the Lune Courier."],
    ["a contrast at its end", "The kitchen does not serve fish alone, though."],
    ["what changed", "In 2011, the ferry changed that."],
    ["what somebody will do", "No word yet on whether the county will."],
  ])("by %s: %s", (_, sentence) => {
    expect(refusals(`${PLAIN}\n\n${sentence}`)).toEqual([undefined, "leaning"]);
  });

  test.each([
    ["counts riders with a figure", "About 40 riders are asleep on the ferry."],
    ["counts riders", "Two riders were arrested on the quay."],
    ["says what some say", "Some say that the boat was sold."],
    ["has a date for the time", "On May 8 of that year, Ada Pell sold her boat."],
    ["has a weekday for it", "The boat was sold on Monday, and the quay closed that night."],
    ["has a verb like a month", "The boat that may sink lies on the quay."],
    ["has a noun between commas", "Ada Pell, baker, stayed on the quay."],
    ["has its speaker's name", "The boat was bought in May, Ada Pell said."],
    ["is quoted", "Ada Pell said: “I am sorry for that.”"],
  ])("not where it %s: %s", (_, sentence) => {
    expect(refusals(`${PLAIN}\n\n${sentence}`)).toEqual([undefined, undefined]);
  });
});

describe("what a guard must not take", () => {
  test.each([
    ["a quotation of a few words", "en", "Pell called the plan “a gift to the town” on Monday."],
    ["an agency in the story", "en", "The firm sold a photo of the quay to an agency in June."],
    [
      "a word that inherits from objects",
      "en",
      "The constructor of the harbour wall was fined on Monday.",
    ],
    ["because with its main clause", "en", "Because the ferry was late, the bus had to wait."],
    ["a text in capitals", "en", "THE FERRY LEFT THE QUAY AT NINE IN THE EVENING."],
    ["Chinese", "zh", "港务局周一宣布，将在三年内建造一座新的码头。"],
    ["Thai, which has no stop", "th", "เรือข้ามฟากกลับมาให้บริการอีกครั้งหลังจากหยุดไปเก้าปี"],
    [
      "German, where nouns have capitals",
      "de",
      "Die Stadt Porthmoor kauft im Juni eine neue Fähre.",
    ],
  ])("%s", (_, language, sentence) => {
    expect(refusals(sentence, { language })).toEqual([undefined]);
  });
});

describe("what stands before a sentence is left off", () => {
  test.each([
    [
      "PORTHMOOR, May 3 (AP) — The ferry left the quay at nine.",
      "The ferry left the quay at nine.",
    ],
    ["(CNN) The ferry left the quay at nine.", "The ferry left the quay at nine."],
    [
      "PORTHMOOR, May 3 (Lune News) -- The ferry left the quay at nine.",
      "The ferry left the quay at nine.",
    ],
    ["PORTHMOOR — The ferry left the quay at nine.", "The ferry left the quay at nine."],
    ["Porthmoor, Lune (CNN)The ferry left the quay at nine.", "The ferry left the quay at nine."],
    ["• The ferry left the quay at nine.", "The ferry left the quay at nine."],
    ["2. Buy the blue ticket before you board.", "Buy the blue ticket before you board."],
    [
      "Porthmoor Harbour Trust (PHT) bought the ferry.",
      "Porthmoor Harbour Trust (PHT) bought the ferry.",
    ],
    ["Meanwhile, Ada Pell bought the ferry.", "Ada Pell bought the ferry."],
  ])("%s", (text, sentence) => {
    const [candidate] = documentOf(articleOf(text)).candidates;
    expect(candidate?.text).toBe(sentence);
    expect(text.slice(candidate?.start, candidate?.end)).toBe(sentence);
  });

  test("but not a name and a party further down, which look like a place and a source", () => {
    const last = "Ada Pell (Labour) – Harbour master of Porthmoor – wants the night ferry back.";
    const { candidates } = documentOf(articleOf(`The ferry left the quay at nine.\n\n${last}`));
    expect(candidates.at(-1)?.text).toBe(last);
  });

  test("but not the day of a German date", () => {
    const [candidate] = documentOf(
      articleOf("3. Oktober ist in Porthmoor ein Feiertag.", { language: "de" }),
    ).candidates;
    expect(candidate?.start).toBe(0);
  });
});

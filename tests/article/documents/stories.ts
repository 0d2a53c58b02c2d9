const WHO = [
  "The harbour master",
  "A crew of five",
  "The school on the island",
  "Edda Marlow",
  "The owner of the yard",
  "The council",
  "A pilot from Carrow",
  "The lifeboat station",
  "An old fisherman",
  "The lighthouse keeper",
  "A painter from the mainland",
];
const DID = [
  "counted forty boats in the outer basin",
  "paid for the new ropes and the paint",
  "asked for a second boat in the summer months",
  "found the rudder in the mud beside the pier",
  "wrote a letter about the timetable to the office",
  "waited two hours for the tide to turn",
  "sold the last of the herring before noon",
  "closed the slip because of the strong wind",
  "opened the gate for the first time since winter",
  "took the post van across without a ticket",
  "painted the hull in the colours of the island",
  "lost an anchor on the way to the sandbank",
  "drew a map of the wrecks in the bay",
];
const WHEN = [
  "on Monday morning",
  "before the storm came",
  "in the last week of April",
  "while nobody was looking",
  "as it does every year",
  "without a word to anybody",
  "late in the evening",
];

/** Paragraphs of so many sentences, none of them said twice in 1,001. */
export function storyOf(paragraphs: number, sentences = 3, from = 0): string[] {
  return Array.from({ length: paragraphs }, (_, at) =>
    Array.from({ length: sentences }, (_, index) => {
      const number = from + at * sentences + index;
      return `${WHO[number % 11]} ${DID[number % 13]} ${WHEN[number % 7]}.`;
    }).join(" "),
  );
}

const WER = [
  "Der Hafenmeister",
  "Die Werft",
  "Das Ordnungsamt",
  "Die Gemeindevertretung",
  "Ein Lotse",
];
const TAT = [
  "hat die Landungsbrücke wegen des Hochwassers geschlossen",
  "bezahlt die Instandsetzungsarbeiten am Ruder",
  "fordert eine Fährverbindung am Wochenende",
  "beschreibt die Wetterverhältnisse als außergewöhnlich",
];
const WANN = ["am Montagmorgen", "vor dem Jahreswechsel", "ohne Vorankündigung"];

/** The same in German, whose long words are hyphenated. */
export function germanStoryOf(paragraphs: number, sentences = 4): string[] {
  return Array.from({ length: paragraphs }, (_, at) =>
    Array.from({ length: sentences }, (_, index) => {
      const number = at * sentences + index;
      return `${WER[number % 5]} ${TAT[number % 4]}, und zwar ${WANN[number % 3]}.`;
    }).join(" "),
  );
}

export function paragraphsOf(story: readonly string[]): string {
  return story.map((text) => `<p>${text}</p>`).join("\n");
}

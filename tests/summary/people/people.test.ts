import { describe, expect, test } from "vitest";
import { documentOf } from "../../../src/summary/document.ts";
import { peopleToShow } from "../../../src/summary/people/people.ts";
import { articleOf } from "../article-of.ts";

function people(text: string, language = "en", title = "") {
  const article = articleOf(text, { language, title });
  const { known } = documentOf(article).people;
  return known.map(({ name, role }) => (role === undefined ? { name } : { name, role }));
}

describe("a role that the article states", () => {
  test.each([
    [
      "Ines Halloran, a retired physics teacher, timed the tide for years.",
      "Ines Halloran",
      "retired physics teacher",
    ],
    [
      "Bettan Orley, keeper of the Ouseby weir, counted every eel.",
      "Bettan Orley",
      "keeper of the Ouseby weir",
    ],
    ["In the morning the engineer Edrick Sallow fitted a new liner.", "Edrick Sallow", "engineer"],
    [
      "On Monday, public health spokesman Tomas Reil closed the pier.",
      "Tomas Reil",
      "public health spokesman",
    ],
    ["The riders met Harbour Minister Ada Pell on the quay.", "Ada Pell", "Harbour Minister"],
    [
      "Minister of Education Ada Pell came back from the island.",
      "Ada Pell",
      "Minister of Education",
    ],
    [
      "The head of the harbour watch, Tomas Reil, came to the quay.",
      "Tomas Reil",
      "head of the harbour watch",
    ],
    ["The council met Ada Pell, who is a member of the Trust.", "Ada Pell", "member of the Trust"],
    [
      "The council met Ada Pell, who runs the bakery on the quay.",
      "Ada Pell",
      "runs the bakery on the quay",
    ],
    [
      "The council met Ann-Marie van der Pell, 52, a retired baker.",
      "Ann-Marie van der Pell",
      "retired baker",
    ],
  ])("%s", (text, name, role) => {
    expect(people(text)).toEqual([{ name, role }]);
  });

  test("is cut where a part of it ends, and is never longer than 80 characters", () => {
    const [person] = people(
      "The riders met Ada Pell, who is a Trust member and Chairwoman of the Standing Committee of the Assembly of All the Harbours.",
    );
    expect(person).toEqual({ name: "Ada Pell", role: "Trust member" });
  });

  test("is not printed where it depends on somebody else or accuses", () => {
    expect(people("He called his wife, Ada Pell, from the quay.")).toEqual([{ name: "Ada Pell" }]);
    expect(people("The court heard the suspect Tomas Reil on the same day.")).toEqual([
      { name: "Tomas Reil" },
    ]);
  });
});

test("a name without a role is a person's where it speaks and goes by its surname", () => {
  const text = "“We waited,” said Robert Pell on the quay. Later Pell said that the boat was late.";
  expect(people(text)).toEqual([{ name: "Robert Pell" }]);
});

test("a surname is counted with its name, not listed beside it", () => {
  const text = "Mayor Ada Pell opened the quay. Mrs. Pell thanked the riders, and Pell left.";
  expect(people(text)).toEqual([{ name: "Ada Pell", role: "Mayor" }]);
});

test("a Korean name keeps its hyphen and both its parts", () => {
  expect(people("The delegation met Ho Min-seok in the harbour.")).toEqual([
    { name: "Ho Min-seok" },
  ]);
});

test("months and the 's of an owner are no part of a name", () => {
  const text = "Porthmoor's mayor Ada Pell met the baker Tomas Reil April 13 on the quay.";
  expect(people(text).map(({ name }) => name)).toEqual(["Ada Pell", "Tomas Reil"]);
});

test("who the title names comes first, and those with a role before those without", () => {
  const text =
    "The baker Ola Brand came. The pilot Tomas Reil came. Mayor Ada Pell came, and the pilot Tomas Reil left.";
  const { known } = documentOf(articleOf(text)).people;
  expect(peopleToShow(known, "Why Ada Pell came", "").map(({ name }) => name)).toEqual([
    "Ada Pell",
    "Tomas Reil",
    "Ola Brand",
  ]);
});

test.each([
  "The Harbour Trust said on Monday that Lune Buses had won, and the Trust was glad.",
  "In Green Haven, the mayors of four towns met. Green Haven said little.",
  "Real Thornsea United beat Mardle Quay Rovers, and United said so.",
  "The Battle of Long Reach was lost. Saint Petra Street was closed.",
  "ADA PELL, A RETIRED TEACHER, TIMED THE TIDE FOR YEARS.",
  "BBC's Robert Pell reported from the quay on Monday.",
  "Disregarding Thornsea, the riders left. Thornsea was sad.",
  "The constructor and Hasown Property met in __proto__.",
])("nobody: %s", (text) => {
  expect(people(text)).toEqual([]);
});

describe("other languages", () => {
  test.each([
    [
      "de",
      "Entdeckt hat das die Tischlerin Gesche Uhlmann im Herbst.",
      "Gesche Uhlmann",
      "Tischlerin",
    ],
    [
      "de",
      "Janko Rehmbach, Leiter des Labors in Hohenwarp, nahm die Proben.",
      "Janko Rehmbach",
      "Leiter des Labors in Hohenwarp",
    ],
    [
      "fr",
      "Odile Marchand, directrice de la criée, a fermé le quai.",
      "Odile Marchand",
      "directrice de la criée",
    ],
    [
      "es",
      "Inés Robledo, alcaldesa de la villa, cerró el muelle.",
      "Inés Robledo",
      "alcaldesa de la villa",
    ],
    [
      "it",
      "Ada Pellini, direttrice del museo, ha chiuso il molo.",
      "Ada Pellini",
      "direttrice del museo",
    ],
    [
      "nl",
      "Ada Pelland, burgemeester van de stad, sloot de kade.",
      "Ada Pelland",
      "burgemeester van de stad",
    ],
  ])("%s: %s", (language, text, name, role) => {
    expect(people(text, language)).toEqual([{ name, role }]);
  });

  test("a carpenter of a place has no name", () => {
    expect(people("Der Zimmermann von Quarnsee sägte die Planken.", "de")).toEqual([]);
  });

  test("a language without words of ours has nobody", () => {
    expect(people("Kauppias Ada Pell, kalastaja, saapui.", "fi")).toEqual([]);
  });
});

test("the wife of a mayor is not the mayor", () => {
  expect(people("They met the wife of the mayor, Ada Pell.")).toEqual([{ name: "Ada Pell" }]);
});

test("a cast list gives each name the role after it", () => {
  const text =
    "Tomas Reil, 60, plays the priest and confidante, Ada Pell as the aide, who said on Monday that she liked the part. Ada Pell, 40, who lives here, said so.";
  expect(people(text).map(({ role }) => role)).not.toContain("priest and confidante");
});

test("a title at the start of a sentence is one, though the text also writes it small", () => {
  const text = "Prime Minister Ada Pell came. It was prime time for the minister.";
  expect(people(text)).toEqual([{ name: "Ada Pell", role: "Prime Minister" }]);
});

import { describe, expect, test } from "vitest";
import { readArticle } from "../../src/article/read-articles.ts";
import { documentOf } from "../../src/summary/document.ts";
import { explain } from "../../src/summary/explanation/explain.ts";
import { summarize } from "../../src/summary/summarize.ts";
import { type Sentence, LEAST_SURE } from "../../src/summary/summary.ts";
import { articleOf } from "./article-of.ts";

/** What a sentence is without what was put into it, which is the article's own text without what was cut. */
function isTraceable({ text, start = 0, end = 0, cut = [], added = [] }: Sentence, source: string) {
  const bare = added.reduce((left, { text: put }) => left.replace(put, ""), text);
  const kept = cut
    .toReversed()
    .reduce(
      (left, range) => left.slice(0, range.start - start) + left.slice(range.end - start),
      source.slice(start, end),
    );
  return bare.replace(/\s+/g, "") === kept.replace(/\s+/g, "");
}

const COLUMN = `Everyone in Porthmoor loves the night ferry, or so we are told. But love does not pay for diesel, and it is time that we said so.

The truth is that the ferry is a toy for visitors. Nurses and bakers take the bus, because the bus is cheaper and comes when they need it. Why should they pay for somebody else's view of the moon?

We must stop pretending that old things are good because they are old. The county should put its two million pounds into buses, and it should do so now. People need to get home, not to be charmed.

Of course the quay will be quieter. Perhaps that is no bad thing. A town is not a museum, and its people are not exhibits.

If the county cannot see this, then we must vote for a county that can.`;

function column(authors: readonly string[]) {
  const fields = { title: "The night ferry is a toy", tags: ["Opinion"], authors };
  return articleOf(COLUMN, { ...fields, url: "https://example.com/opinion/columns/night-ferry" });
}

describe("an opinion", () => {
  test("is told under its author's name", () => {
    const { gist, genre } = summarize(column(["Ada Pell"]));
    expect(genre?.opinion).toBeGreaterThan(0.5);
    expect(gist.text).toMatch(/^Ada Pell argues: \p{Lu}/u);
    expect(isTraceable(gist, COLUMN)).toBe(true);
  });

  test.each([[[]], [["Staff Reports"]], [["CNN Editor-at-large"]]])(
    "without an author is called an opinion, and no name is invented: %j",
    (authors) => {
      expect(summarize(column(authors)).gist.text).toMatch(/^Opinion: \p{Lu}/u);
    },
  );

  test("has its name from the note below it", () => {
    const text = `${COLUMN}\n\nThe opinions expressed in this commentary are solely those of Tomas Reil.`;
    expect(summarize({ ...column([]), text }).gist.text).toMatch(/^Tomas Reil argues: /);
  });

  test("with letters to its author is not told under the author's name", () => {
    const text = `DEAR ADA: ${COLUMN}\n\nDEAR TIRED: You are right to be cross, and you should say so at the next meeting of the council.`;
    expect(summarize({ ...column(["Ada Pell"]), text }).gist.text).toMatch(/^Opinion: /);
  });

  test("that is one open letter has its author's name", () => {
    const text = `Dear Mayor: ${COLUMN}`;
    expect(summarize({ ...column(["Ada Pell"]), text }).gist.text).toMatch(/^Ada Pell argues: /);
  });

  test("that a news report is about is no opinion of the report", () => {
    const text = `The mayor of Porthmoor resigned on Monday after a column in the Lune Courier accused her of giving the ferry contract to her brother, the county said.

The column, which the paper printed on Saturday, said that she had met her brother four times. Mayor Ada Pell denied the accusation in a statement on Sunday.

Councillor Tomas Reil told the Courier that the county would look into the contract. Police confirmed on Monday that no complaint had been made.`;
    const { gist } = summarize(
      articleOf(text, { title: "Mayor resigns over column", authors: ["Ola Brand"] }),
    );
    expect(gist.text).toMatch(/^The mayor of Porthmoor resigned/);
  });
});

test("the words of a quoted author never stand below the name of the author who quotes them", () => {
  const quoted =
    "I bought the night ferry of Porthmoor in June because I could not bear to see it rust on the quay.";
  const text = `Tomas Reil, writing for the Lune Courier:\n\n${quoted}\n\nI think this is good news for everyone who works at night.`;
  const html = `<p>Tomas Reil, writing for the Lune Courier:</p><blockquote><p>${quoted}</p></blockquote><p>I think this is good news for everyone who works at night.</p>`;
  const fields = { title: "A baker buys the night ferry", authors: ["Ada Pell"] };
  const { gist, keyPoints } = summarize(articleOf(text, { ...fields, html }));
  for (const line of [gist, ...keyPoints])
    expect(line.text.includes("Ada Pell") && line.text.includes(quoted)).toBe(false);
  expect(documentOf(articleOf(text, { html })).candidates.map((one) => one.isBlockQuoted)).toEqual([
    false,
    true,
    false,
  ]);
});

describe("a post that quotes another text", () => {
  const QUOTED = [
    "The night ferry of Porthmoor carried 412 riders in its first week, twice as many as the harbour trust had expected.",
    "The trust will decide in September whether the boat sails in winter.",
  ];
  const OWN = "A ferry at night changes a town more than any bridge.";
  const MORE = "The county pays a third of the costs of the ferry until the summer.";
  const REIL = "Tomas Reil, Lune Courier:";
  /** A paragraph, or the paragraphs of a block quotation. */
  type Part = string | readonly string[];
  const linesOf = (...parts: readonly Part[]) => {
    const text = parts.flat().join("\n\n");
    const html = parts.map((part) =>
      typeof part === "string"
        ? `<p>${part}</p>`
        : `<blockquote><p>${part.join("</p><p>")}</p></blockquote>`,
    );
    const fields = { title: "The night ferry is a success", authors: ["Ada Pell"] };
    const { gist, keyPoints } = summarize(articleOf(text, { ...fields, html: html.join("") }));
    return [gist, ...keyPoints].map((line) => line.text);
  };

  test.each([
    REIL,
    "According to the Lune Courier:",
    "LuneCourier has the figures:",
    "Ola Brand for Fox News:",
    "Washington Post:",
  ])("shows quoted words below the words that introduce them: %s", (introducer) => {
    expect(linesOf(introducer, QUOTED, "It goes on:", [MORE], OWN)).toEqual([
      `${introducer} ${QUOTED[0]}`,
      QUOTED[1],
      MORE,
      `Ada Pell writes: ${OWN}`,
    ]);
  });

  test("introduces the quoted words again below the author's", () => {
    expect(linesOf(REIL, QUOTED, OWN, "It goes on:", [MORE])).toEqual([
      `${REIL} ${QUOTED[0]}`,
      QUOTED[1],
      `Ada Pell writes: ${OWN}`,
      `${REIL} ${MORE}`,
    ]);
  });

  test.each([
    "Update:",
    "More on this:",
    "Breaking News:",
    "Related Stories:",
    "Key Facts:",
    "In Short:",
    "From Monday:",
    "UPDATE at noon:",
    "I Was Wrong:",
  ])("takes no label for a source: %s", (label) => {
    for (const text of linesOf(label, QUOTED, "It goes on:", [MORE], OWN)) {
      expect(text).not.toContain(label);
      expect(QUOTED.some((quoted) => text.endsWith(quoted)) && text.includes("Ada Pell")).toBe(
        false,
      );
    }
  });

  test("gives no words to the source of an earlier quotation, if another name stands between", () => {
    const between = "I also saw this by Ola Brand:";
    expect(linesOf(REIL, QUOTED, between, [MORE], OWN)).not.toContain(MORE);
  });

  test("gives no name in brackets to a person whom the introduction names", () => {
    const quoted =
      "Reil said on Monday that the night ferry had carried 412 riders in its first week.";
    const text = "Tomas Reil is a councillor of the harbour town and a rider of the ferry himself.";
    expect(linesOf(text, "Tomas Reil, Lune Courier:", [quoted], OWN).join()).toContain(
      `${REIL} ${quoted}`,
    );
  });
});

test.each([
  ["Lune Buses", "Lune Buses writes: "],
  ["Home", ""],
  [" ", ""],
  ["Lune Buses: New timetables", ""],
])("a site without a named author speaks in the first person under its name: %j", (site, lead) => {
  const text =
    "We moved our timetables to a new server on Monday night, and all riders of the ferry can see them again.";
  const { gist } = summarize(articleOf(text, { title: "New timetables", site }));
  expect(gist.text).toBe(lead + text);
});

test("a pronoun at the beginning of a block quotation never means a name that its author did not write", () => {
  const lines = [
    "The Lune Courier has a great article on the night ferry.",
    "It praises the crew, who painted the boat green in June.",
  ];
  const shown = (tag: string) => {
    const html = `<p>${lines[0]}</p><${tag}><p>${lines[1]}</p></${tag}>`;
    const { candidates } = documentOf(articleOf(lines.join("\n\n"), { html }));
    return candidates[1]?.additions.map(({ text }) => text);
  };
  expect(shown("section")).toEqual(["[the Lune Courier]"]);
  expect(shown("blockquote")).toEqual([]);
});

test("an article in the cell of a layout table has its sentences", () => {
  const lines = [
    "The night ferry of Porthmoor was sold in June to a baker of the town.",
    "She could not bear to see it rust on the quay.",
  ];
  const html = `<table><tr><td>${lines.map((line) => `<p>${line}</p>`).join("")}</td></tr></table>`;
  const { candidates } = documentOf(articleOf(lines.join("\n\n"), { html }));
  expect(candidates.map(({ text }) => text)).toEqual(lines);
});

function listOf(count: number, body: (item: number) => string) {
  const items = Array.from(
    { length: count },
    (_, at) => `## ${at + 1}. Tip number ${wordOf(at)}\n\n${body(at)}`,
  );
  const text = `# ${count} tips to keep your boat ready\n\nYou can keep your boat dry with a few easy steps, and here is how.\n\n${items.join("\n\n")}`;
  return readArticle({ format: "markdown", location: "list.md", body: text });
}

function wordOf(at: number): string {
  return String(at).replaceAll(/\d/g, (digit) => "abcdefghij"[Number(digit)] ?? "");
}

describe("a list", () => {
  test("of 300 items has the first of them as points, and says how many are left", () => {
    const article = listOf(
      300,
      (at) => `You should oil hinge ${wordOf(at)} of your boat once a month. Use a soft cloth.`,
    );
    const { keyPoints, genre } = summarize(article);
    expect(genre?.list).toBeGreaterThan(0.4);
    expect(keyPoints).toHaveLength(5);
    expect(keyPoints[0]?.text).toBe(
      "Tip number a: You should oil hinge a of your boat once a month.",
    );
    expect(keyPoints[4]?.text).toMatch(/ and 295 more\.$/);
    for (const point of keyPoints) expect(isTraceable(point, article.text)).toBe(true);
  });

  test("of headings only still has its line", () => {
    const { gist, keyPoints } = summarize(listOf(12, () => ""));
    expect(gist.text).not.toBe("");
    expect(keyPoints.every(({ text }) => text.trim() !== "")).toBe(true);
  });
});

describe("a kind of text without a plan is doubted", () => {
  test("an interview without names", () => {
    const asked = ["the sea", "the fog", "the pay", "the boat", "the quay", "the crew"];
    const text = asked
      .map(
        (thing) =>
          `Q: What do you like about ${thing}?\n\nA: I like that ${thing} is never the same, and I would not want it to be.`,
      )
      .join("\n\n");
    const { confidence, origin } = summarize(
      articleOf(text, { title: "A conversation at the quay" }),
    );
    expect(origin).toBe("extract");
    expect(confidence).toBeLessThan(LEAST_SURE);
  });

  test("a live blog, oldest first", () => {
    const text = ["9.40am", "10.15am", "11.02am", "12.30pm", "1.45pm", "2.10pm"]
      .map(
        (time, at) =>
          `${time} The ferry has left the quay for crossing ${at + 1}, the Harbour Trust says.`,
      )
      .join("\n\n");
    const summary = summarize(articleOf(text, { title: "Ferry trial: live" }));
    expect(summary.confidence).toBeLessThan(LEAST_SURE);
    expect(summary.why).toContain("a live blog is summarised as if it were news");
  });
});

test.each([
  [
    "satire",
    "Area ferry announces that it would rather be a train. “I have always felt it,” said the ferry, weeping diesel. Experts agree that the sea is wet.",
  ],
  [
    "an advertisement",
    "Buy one, get one free! The new Porthmoor kettle boils in eight seconds. Order now and save 40%. Offer ends Sunday!",
  ],
  ["a poem", "The night is long,\nthe quay is cold,\nthe boat is gone,\nthe tale is old."],
])("%s has its line, or nothing is said", (_, text) => {
  const { gist, keyPoints } = summarize(articleOf(text));
  for (const line of [gist, ...keyPoints]) expect(isTraceable(line, text)).toBe(true);
});

test("a first sentence that a rule keeps out is named, and its entry is doubted", () => {
  const { nearMisses } = explain(column(["Ada Pell"]), summarize(column(["Ada Pell"])));
  expect(nearMisses.every(({ why }) => why !== undefined)).toBe(true);
});

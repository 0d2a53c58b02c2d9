import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBlocks } from "../../../src/article/plain-text/blocks.ts";

const texts = (text: string): string[] => toBlocks(text).map((block) => block.text);

const PROSE =
  "The keeper of the light at Skerry Point has written down the weather every evening for thirty-one years, in pencil, because ink freezes up there in January and in February too.";

function wrap(text: string, column: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > column) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

describe("paragraphs of a plain text", () => {
  it("are one line each, however the file wraps them", () => {
    const column = fc.integer({ min: 50, max: 100 });
    fc.assert(
      fc.property(column, (width) => {
        expect(texts(`${wrap(PROSE, width)}\n\n${wrap(PROSE, width)}`)).toEqual([PROSE, PROSE]);
      }),
    );
  });

  it("of a book start with an indented line instead of a blank one", () => {
    const book = `  ${wrap(PROSE, 60)}\n  ${wrap(PROSE, 60)}`;
    expect(texts(book)).toEqual([PROSE, PROSE]);
  });

  it("end at a line that is not filled", () => {
    expect(texts(`${wrap(PROSE, 72)}\n${wrap(PROSE, 72)}`)).toEqual([PROSE, PROSE]);
  });

  it("keep a headline and a byline above them apart", () => {
    expect(texts(`The light\nBy Ida Holm\n${wrap(PROSE, 72)}`)).toEqual([
      "The light",
      "By Ida Holm",
      PROSE,
    ]);
  });
});

describe("lines that are not filled stay lines", () => {
  it.each([
    ["an address", "The Keeper\nSkerry Point\nOverby"],
    ["a list", "* lamps\n* socks\n* rope"],
    ["verse", "The lamp is lit\nthe boats are in\nand nobody sings"],
  ])("%s", (_, text) => {
    expect(texts(text)).toEqual(text.replace(/^\* /gm, "").split("\n"));
  });

  it("a hyphen in a wrapped sentence is no list mark, after a colon it is", () => {
    const sentence =
      "The cuts, which the county has put off for eleven years and will not\n- as it says - put off again, come in May, and nobody in Overby has been\ntold which of the two ferries will have to go to the breakers before then.";
    expect(texts(sentence)).toHaveLength(1);
    expect(texts("Bring:\n- lamps\n- socks")).toEqual(["Bring:", "lamps", "socks"]);
  });
});

describe("words divided at line ends", () => {
  it("are joined where the file divides words, and keep their hyphen where it does not", () => {
    const typeset =
      "The har-\nbour master had not expected the wa-\nter before noon, but when it came it came quick-\nly, and with it the ice that had lain in the in-\nlet since Christmas and that nobody had thought about.";
    const divided = typeset.replace(/^The har-\n/, "The har");
    expect(texts(divided)[0]).toContain("the water before noon");
    const wrapped =
      "She took the ferry home and sat down by the window with a well-\nknown novel, a pot of tea and the cat, and did not get up again before\nthe evening bell, because it was her first free day in a very long time\nand the rain was so heavy that the other side of the street was gone.";
    expect(texts(wrapped)[0]).toContain("a well-known novel");
  });
});

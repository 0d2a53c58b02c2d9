import { afterAll, describe, expect, test } from "vitest";
import { readBytes } from "./read.ts";
import { closePage, drawPdf, makePdf, type Printed, writePdf } from "./make-pdf.ts";
import { germanStoryOf, paragraphsOf, storyOf } from "./stories.ts";

afterAll(closePage);

const read = async (bytes: Uint8Array, name = "ferry.pdf") => readBytes(bytes, name);
const print = async (printed: Printed) => read(await makePdf(printed));
const HEAD = "<h1>The ferry is back</h1><p>By Ana Ruiz</p>";

test.each([
  ["tagged", true],
  ["untagged", false],
])("a PDF, %s, has its headings in its HTML and not in its text", async (_how, isTagged) => {
  const first = storyOf(4);
  const second = storyOf(4, 3, 12);
  const { text, html } = await print({
    body: `${HEAD}${paragraphsOf(first)}<h2>What the yard says</h2>${paragraphsOf(second)}`,
    isTagged,
  });
  expect(text).toBe([...first, ...second].join("\n\n"));
  expect(html).toContain("What the yard says</h");
});

test("a tagged PDF has its hyphenated words whole", async () => {
  const story = germanStoryOf(8);
  const article = await print({
    body: `<h1>Die Fähre ist zurück</h1>${paragraphsOf(story).replace(/(\p{L}{6})(?=\p{L}{4})/gu, "$1\u00ad")}`,
    style: "p { width: 55mm }",
    language: "de",
    isTagged: true,
  });
  expect(article).toMatchObject({ title: "Die Fähre ist zurück", language: "de" });
  expect(article.text).toBe(story.join("\n\n"));
});

const HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

describe("a PDF that can't be read is refused with its cause", () => {
  test("a scanned one", async () => {
    const picture =
      '<svg width="300" height="300"><rect width="300" height="300" fill="#ccc"/></svg>';
    const bytes = await makePdf({ body: picture, isTagged: true });
    await expect(read(bytes)).rejects.toThrow("is scanned: no text in it");
  });

  test("one of 501 pages", async () => {
    const kids = Array.from({ length: 501 }, (_, at) => `${at + 3} 0 R`).join(" ");
    const pages = Array.from(
      { length: 501 },
      () => "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
    );
    const bytes = writePdf([
      "<< /Type /Catalog /Pages 2 0 R >>",
      `<< /Type /Pages /Kids [${kids}] /Count 501 >>`,
      ...pages,
    ]);
    await expect(read(bytes)).rejects.toThrow("has 501 pages; a PDF has 500 at most");
  });

  test("one with a password", async () => {
    const zeros = "00".repeat(32);
    const bytes = writePdf(
      [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
        `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${zeros}> /U <${zeros}> >>`,
      ],
      `/Encrypt 3 0 R /ID [<${"11".repeat(16)}> <${"11".repeat(16)}>]`,
    );
    await expect(read(bytes)).rejects.toThrow("is protected with a password");
  });

  test("a PDF whose fonts do not map their glyphs to letters is refused", async () => {
    const lines = Array.from(
      { length: 10 },
      (_, at) => `(${"\\001\\002\\003\\004\\005".repeat(8)}) Tj 0 -${12 + at} Td`,
    );
    const unmapped =
      "<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Odd /FirstChar 1 /LastChar 5 /Widths [500 500 500 500 500] /Encoding << /Type /Encoding /Differences [1 /odd1 /odd2 /odd3 /odd4 /odd5] >> >>";
    await expect(
      read(drawPdf(`BT /F 12 Tf 20 500 Td ${lines.join(" ")} ET`, unmapped)),
    ).rejects.toThrow("do not map their glyphs to letters");
  });

  test.each([
    ["cut off", 60],
    ["nothing but its first line", 9],
  ])("one that is %s", async (_how, length) => {
    const bytes = drawPdf("BT /F 12 Tf 20 500 Td (The ferry) Tj ET", HELVETICA);
    await expect(read(bytes.subarray(0, length))).rejects.toThrow(/is a damaged PDF|is scanned/);
  });
});

test("a PDF by its name that is a page is read as the page", async () => {
  const story = storyOf(5);
  const page = `<!doctype html><title>The ferry is back</title><h1>The ferry is back</h1>${paragraphsOf(story)}`;
  const article = await read(Buffer.from(page));
  expect(article).toMatchObject({ title: "The ferry is back", text: story.join("\n\n") });
});

test("comments, forms, scripts and hidden layers of a PDF are in no field of the article", async () => {
  const story = storyOf(3, 1);
  const lines = story.map((line) => `(${line}) Tj 0 -30 Td`).join(" ");
  const drawing = `BT /F 12 Tf 20 500 Td ${lines} ET /OC /Layer BDC BT /F 12 Tf 20 100 Td (The buyer is the Lindqvist family.) Tj ET EMC`;
  const bytes = writePdf([
    "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert('Lindqvist')) >> /OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >> >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 600] /Contents 4 0 R /Annots [7 0 R] /Resources << /Font << /F 5 0 R >> /Properties << /Layer 6 0 R >> >> >>",
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    HELVETICA,
    "<< /Type /OCG /Name (Notes) >>",
    "<< /Type /Annot /Subtype /Text /Rect [0 0 20 20] /Contents (The buyer is the Lindqvist family.) >>",
  ]);
  const article = await read(bytes);
  expect(article.text).toContain(story[0]);
  expect(JSON.stringify(article)).not.toContain("Lindqvist");
});

import { describe, expect, test } from "vitest";
import { readBytes } from "./read.ts";
import { type Docx, makeDocx, paragraph, part, run } from "./make-docx.ts";
import { makeZip } from "./make-zip.ts";

const STORY = [
  "The ferry from Orrell came back into service on Monday after eleven weeks in the yard.",
  "Its crew had repaired the rudder themselves, and the harbour office paid for the paint.",
];
const SECRET = "The buyer is the Lindqvist family.";

const read = async (bytes: Uint8Array, name = "ferry.docx") => readBytes(bytes, name);
const story = STORY.map((text) => paragraph(text)).join("");
const readDocx = async (docx: Partial<Docx>) => read(makeDocx({ body: story, ...docx }));

function link(id: string, text: string): string {
  return `<w:hyperlink r:id="${id}">${run(text)}</w:hyperlink>`;
}

function target(id: string, address: string): string {
  return `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="${address}" TargetMode="External"/>`;
}

describe("a Word document", () => {
  test("has its title, its author and its standfirst by its styles", async () => {
    const article = await readDocx({
      body:
        paragraph("The ferry is back", "Title") +
        paragraph("Eleven weeks in the yard", "Subtitle") +
        paragraph("Ana Ruiz", "Author") +
        story,
      core: "<dc:title>Minutes, draft 3</dc:title><dc:creator>Front Desk</dc:creator>",
    });
    expect(article).toMatchObject({
      title: "The ferry is back",
      authors: ["Ana Ruiz"],
      description: "Eleven weeks in the yard",
      text: STORY.join("\n\n"),
    });
  });

  test("without such styles has them by its first heading and its properties", async () => {
    const article = await readDocx({
      body: paragraph("The ferry is back", "Heading1") + story,
      core: "<dc:creator>Ana Ruiz &amp; Tom Lee</dc:creator>",
    });
    expect(article.title).toBe("The ferry is back");
    expect(article.authors).toEqual(["Ana Ruiz & Tom Lee"]);
  });

  test.each(["python-docx", "Microsoft Office User", "ana@paper.example"])(
    "has no author by the name that a program gives: %s",
    async (name) => {
      expect((await readDocx({ core: `<dc:creator>${name}</dc:creator>` })).authors).toEqual([]);
    },
  );

  test("keeps emphasis, lists, tables and links in its HTML, and no link to a script", async () => {
    const { html } = await readDocx({
      body:
        paragraph(run("The ferry ") + run("is", "<w:b/>") + run(" back in service, they say.")) +
        paragraph(link("a", "the timetable") + link("b", "press here")) +
        story,
      relations: target("a", "https://ferry.example/times") + target("b", "javascript:alert(1)"),
    });
    expect(html).toContain("The ferry <strong>is</strong> back");
    expect(html).toContain('<a href="https://ferry.example/times">the timetable</a>');
    expect(html).not.toContain("javascript");
  });

  test("leaves out its table of contents, its footnotes and what asks to be filled in", async () => {
    const article = await readDocx({
      body:
        paragraph("The rudder 4", "TOC1") +
        `<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${paragraph("Click here to enter text.")}</w:sdtContent></w:sdt>` +
        paragraph(`${run(STORY[0] ?? "")}<w:r><w:footnoteReference w:id="2"/></w:r>`) +
        paragraph(STORY[1] ?? ""),
      parts: {
        "word/footnotes.xml": part(
          "footnotes",
          `<w:footnote w:id="2">${paragraph("Harbour office, minutes of 3 May.")}</w:footnote>`,
        ),
      },
    });
    expect(article.text).toBe(STORY.join("\n\n"));
    expect(article.dropped).toContainEqual({
      text: "Harbour office, minutes of 3 May.",
      reason: "a footnote",
    });
  });
});

const HIDDEN_STYLES =
  '<w:style w:type="character" w:styleId="Note"><w:name w:val="Note"/><w:rPr><w:vanish/></w:rPr></w:style>' +
  '<w:style w:type="paragraph" w:styleId="Memo"><w:name w:val="Memo"/><w:rPr><w:vanish w:val="1"/></w:rPr></w:style>' +
  '<w:style w:type="paragraph" w:styleId="Memo2"><w:name w:val="Memo2"/><w:basedOn w:val="Memo"/></w:style>' +
  '<w:style w:type="paragraph" w:styleId="Open"><w:name w:val="Open"/><w:basedOn w:val="Memo"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>';

describe("private text of a Word document is in no field of the article", () => {
  test.each([
    ["a hidden run", paragraph(run(SECRET, "<w:vanish/>"))],
    ["a run that its style hides", paragraph(run(SECRET, '<w:rStyle w:val="Note"/>'))],
    ["a paragraph that its style hides", paragraph(SECRET, "Memo")],
    ["a style based on a hidden one", paragraph(SECRET, "Memo2")],
    ["a run hidden on the web", paragraph(run(SECRET, "<w:webHidden/>"))],
    [
      "a deletion",
      `<w:p><w:del w:id="1" w:author="Ana"><w:r><w:delText>${SECRET}</w:delText></w:r></w:del></w:p>`,
    ],
    ["a move", `<w:p><w:moveFrom w:id="1" w:author="Ana">${run(SECRET)}</w:moveFrom></w:p>`],
    ["a field's instruction", `<w:p><w:r><w:instrText>${SECRET}</w:instrText></w:r></w:p>`],
  ])("%s", async (_name, secret) => {
    const article = await readDocx({ body: story + secret, styles: HIDDEN_STYLES });
    expect(JSON.stringify(article)).not.toContain("Lindqvist");
    expect(article.text).toBe(STORY.join("\n\n"));
  });

  test("but a run that shows itself in a hidden paragraph is printed, and so is one whose style takes it back", async () => {
    const shown = "The buyer spoke to the paper.";
    const { text } = await readDocx({
      body:
        story +
        paragraph(run(shown, '<w:vanish w:val="false"/>'), "Memo") +
        paragraph("The yard is sold.", "Open"),
      styles: HIDDEN_STYLES,
    });
    expect(text).toBe([...STORY, shown, "The yard is sold."].join("\n\n"));
  });
});

describe("a broken Word document is refused with its cause", () => {
  const parts = { "word/extra.xml": "x" };
  test.each([
    [
      "a part that is larger than it says",
      { claims: { "word/document.xml": { size: 9 } } },
      "whose size differs from its entry",
    ],
    [
      "a part of 3 GB by its own word",
      { claims: { "word/document.xml": { size: 3e9 } } },
      "unpacks to more than any article",
    ],
    ["a name that leads out", { parts: { "../../evil.xml": "x" } }, "points outside the archive"],
    ["an absolute name", { parts: { "/etc/passwd": "x" } }, "points outside the archive"],
    [
      "an encrypted part",
      { claims: { "word/document.xml": { isEncrypted: true as const } } },
      "protected with a password",
    ],
    ["no text", { body: "<w:p/>", parts }, "has no text in it"],
    ["XML that is cut off", { body: "<w:p><w:r>" }, "damaged Word document"],
    [
      "elements nested 50,000 deep",
      { body: "<w:ins>".repeat(50_000) + "</w:ins>".repeat(50_000) },
      "damaged Word document",
    ],
  ])("%s", async (_name, docx, cause) => {
    await expect(readDocx(docx)).rejects.toThrow(cause);
  });

  test("a file that is cut off", async () => {
    const bytes = makeDocx({ body: story });
    await expect(read(bytes.subarray(0, 700))).rejects.toThrow("damaged ZIP archive");
  });

  test("a small archive that unpacks to a gigabyte", async () => {
    const bytes = makeDocx({ body: paragraph("a".repeat(70_000_000)) });
    expect(bytes.length).toBeLessThan(200_000);
    await expect(read(bytes)).rejects.toThrow("unpacks to more than any article");
  });

  test("an old .doc, and a document with a password, which are the same kind of file", async () => {
    const head = Buffer.from("d0cf11e0a1b11ae1", "hex");
    const old = Buffer.concat([head, Buffer.alloc(4096)]);
    await expect(read(old, "old.doc")).rejects.toThrow("old Word or Excel document");
    const locked = Buffer.concat([old, Buffer.from("EncryptedPackage", "utf16le")]);
    await expect(read(locked, "locked.docx")).rejects.toThrow("protected with a password");
  });

  test("another archive", async () => {
    await expect(read(makeZip({ "xl/workbook.xml": "<x/>" }), "list.xlsx")).rejects.toThrow(
      "a ZIP archive without articles",
    );
  });
});

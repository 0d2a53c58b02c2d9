import { makeDocx, paragraph, part, run } from "./make-docx.ts";
import { makePdf } from "./make-pdf.ts";
import { germanStoryOf, paragraphsOf, storyOf } from "./stories.ts";

/** Private words that every format below has a place for. */
export const SECRET = "Lindqvist";
const PRIVATE = `Nobody may know that ${SECRET} buys the yard.`;

/** A document and what is right in it. */
export interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly title: string;
  readonly authors: readonly string[];
  readonly story: readonly string[];
}

const TITLE = "The ferry is back in Orrell";
const ANA = ["Ana Ruiz"];
const STORY = [
  "The ferry came back to Orrell on Monday morning, and forty people were on the quay to see it. The crew had waited in the next port for eleven days because of the storm.",
  ...storyOf(8),
];
const LONG = storyOf(18, 4);
const GERMAN = germanStoryOf(7);
const FURTHER = storyOf(4, 3, 300);

const BOTH = [...STORY, ...FURTHER];
const INDENTED =
  "p { margin: 0; text-indent: 1.5em; text-align: justify } h1 + p { text-indent: 0; margin-bottom: 2em }";

/** Thirty documents as editors have them: from word processors, browsers, mail programs and programs for notes. */
export async function thirtyDocuments(): Promise<Sample[]> {
  return [...words(), ...mails(), ...notes(), ...(await prints())];
}

function sample(name: string, bytes: Uint8Array | string, more: Partial<Sample> = {}): Sample {
  const own = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return { name, bytes: own, title: TITLE, authors: ANA, story: STORY, ...more };
}

function cell(text: string): string {
  return `<w:tc>${paragraph(text)}</w:tc>`;
}

function words(): Sample[] {
  const plain = STORY.map((text) => paragraph(text)).join("");
  const hidden = paragraph(run(PRIVATE, "<w:vanish/>"));
  const heading = paragraph(TITLE, "Heading1");
  const by = paragraph("By Ana Ruiz");
  const items = FURTHER.map(
    (text) =>
      `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>${run(text)}</w:p>`,
  );
  const numbering =
    '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>';
  const comment = part(
    "comments",
    `<w:comment w:id="0" w:author="Tom">${paragraph(PRIVATE)}</w:comment>`,
  );
  return [
    sample(
      "styles.docx",
      makeDocx({ body: paragraph(TITLE, "Title") + paragraph("Ana Ruiz", "Author") + plain }),
    ),
    sample("headings.docx", makeDocx({ body: heading + by + plain })),
    sample(
      "bold.docx",
      makeDocx({ body: paragraph(run(TITLE, '<w:b/><w:sz w:val="36"/>')) + by + plain }),
    ),
    sample("plain.docx", makeDocx({ body: paragraph(TITLE) + by + plain })),
    sample(
      "properties.docx",
      makeDocx({
        body: heading + plain,
        core: `<dc:creator>Ana Ruiz</dc:creator><dc:description>${PRIVATE}</dc:description>`,
      }),
    ),
    sample(
      "private.docx",
      makeDocx({
        body: `${heading + by + hidden + plain}<w:p><w:del w:id="1">${run(PRIVATE).replaceAll("w:t", "w:delText")}</w:del></w:p>${paragraph('<w:r><w:commentReference w:id="0"/></w:r>')}`,
        parts: { "word/comments.xml": comment },
      }),
    ),
    sample(
      "tracked.docx",
      makeDocx({
        body: `${heading + by}<w:p><w:ins w:id="3" w:author="Tom">${run(STORY[0] ?? "")}</w:ins></w:p>${STORY.slice(
          1,
        )
          .map((text) => paragraph(text))
          .join("")}`,
      }),
    ),
    sample(
      "list.docx",
      makeDocx({
        body: heading + by + plain + items.join(""),
        parts: { "word/numbering.xml": numbering },
      }),
      { story: BOTH },
    ),
    sample(
      "table.docx",
      makeDocx({
        body: `${heading + by + plain}<w:tbl><w:tr>${cell("Boats")}${cell("40")}</w:tr><w:tr>${cell("Crew")}${cell("5")}</w:tr></w:tbl>`,
      }),
    ),
    sample(
      "sections.docx",
      makeDocx({
        body: [
          paragraph(TITLE, "Title") + by + paragraph("The yard 2", "TOC1") + plain,
          paragraph("What the yard says", "Heading2"),
          ...FURTHER.map((text) => paragraph(text)),
        ].join(""),
      }),
      { story: BOTH },
    ),
    sample(
      "german.docx",
      makeDocx({
        body: `${paragraph("Die Fähre ist zurück", "Titel")}${paragraph("Von Ana Ruiz")}${GERMAN.map((text) => paragraph(text)).join("")}`,
        styles: '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>',
      }),
      { title: "Die Fähre ist zurück", story: GERMAN },
    ),
  ];
}

const READER = "jory@reader.example";

function mail(type: string, body: string, more = ""): string {
  return `Return-Path: <ana@paper.example>\nFrom: Ana Ruiz <ana@paper.example>\nTo: "${SECRET}" <${READER}>\nSubject: ${TITLE}\nDate: Mon, 4 May 2026 09:30:00 +0200\nMessage-ID: <1@paper.example>\nMIME-Version: 1.0\nContent-Type: text/${type}; charset=utf-8\n${more}\n${body}`;
}

function mails(): Sample[] {
  const html = paragraphsOf(STORY);
  const letter = `<style>.p{display:none}</style><div class="p">For ${SECRET}</div><table width="600"><tr><td><a href="https://paper.example/w?u=${SECRET}">View in browser</a></td></tr><tr><td><h1>${TITLE}</h1>${html}</td></tr><tr><td><p>You are receiving this because ${SECRET} signed up. <a href="https://paper.example/u/${SECRET}">Unsubscribe</a></p></td></tr></table>`;
  const forwarded = `<div>${PRIVATE}<br><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: <strong>Ana Ruiz</strong> &lt;ana@paper.example&gt;<br>Date: Sat, May 2, 2026 at 8:15 AM<br>Subject: ${TITLE}<br>To: &lt;${SECRET}@reader.example&gt;<br></div>${html}</div></div>`;
  const text = `Dear all,\n\n${STORY.join("\n\n")}\n\nBest regards,\nAna Ruiz\n${PRIVATE}\n`;
  const quoted = `${html}<div>On Sun, 3 May 2026, Tom Lee &lt;tom@reader.example&gt; wrote:<blockquote>${PRIVATE}</blockquote></div>`;
  return [
    sample("person.eml", mail("html", html)),
    sample("text.eml", mail("plain", text)),
    sample("letter.eml", mail("html", letter)),
    sample("forwarded.eml", mail("html", forwarded).replace("Subject: ", "Subject: Fwd: ")),
    sample("answer.eml", mail("html", quoted).replace("Subject: ", "Subject: Re: ")),
    sample(
      "base64.eml",
      mail(
        "html",
        Buffer.from(html).toString("base64").replace(/.{76}/g, "$&\n"),
        "Content-Transfer-Encoding: base64\n",
      ),
    ),
  ];
}

function notes(): Sample[] {
  const body = STORY.join("\n\n");
  return [
    sample(
      "Ferry 0f3c1a5be4d94f6c8a7b2c1d0e9f8a7b.md",
      `# ${TITLE}\n\nAuthor: Ana Ruiz\nStatus: Done\nNotes: ${PRIVATE}\n\n${body}\n`,
    ),
    sample(
      "obsidian.md",
      `---\nauthor: Ana Ruiz\n---\n# ${TITLE}\n\n%%${PRIVATE}%%\n\n${body.replace("harbour master", "[[Tom|harbour master]]").replace("forty", "==forty==")} ^end\n`,
    ),
  ];
}

async function prints(): Promise<Sample[]> {
  const head = `<h1>${TITLE}</h1><p>By Ana Ruiz</p>`;
  const items = FURTHER.map((text) => `<li>${text}</li>`).join("");
  const numbers = 'Page <span class="pageNumber"></span> of <span class="totalPages"></span>';
  // One page of the browser prints them, so one after the other.
  const printed: Sample[] = [];
  for (const [name, body, more, story] of [
    ["plain", paragraphsOf(STORY), {}, STORY],
    ["pages", paragraphsOf(LONG), { header: "The Slipway", footer: numbers }, LONG],
    ["list", `${paragraphsOf(STORY)}<h2>What is next</h2><ul>${items}</ul>`, {}, BOTH],
    ["indented", paragraphsOf(LONG), { style: INDENTED }, LONG],
    ["columns", `<div style="columns: 2; font-size: 9pt">${paragraphsOf(LONG)}</div>`, {}, LONG],
  ] as const) {
    for (const isTagged of [true, false]) {
      const bytes = await makePdf({ body: head + body, isTagged, ...more });
      printed.push(sample(`${name}-${isTagged ? "tagged" : "untagged"}.pdf`, bytes, { story }));
    }
  }
  const german = await makePdf({
    body: `<h1>Die Fähre ist zurück</h1><p>Von Ana Ruiz</p>${paragraphsOf(GERMAN).replace(/(\p{L}{6})(?=\p{L}{4})/gu, "$1\u00ad")}`,
    style: "p { width: 60mm; text-align: justify }",
    language: "de",
    isTagged: false,
  });
  const right = { title: "Die Fähre ist zurück", story: GERMAN };
  return [...printed, sample("german-untagged.pdf", german, right)];
}

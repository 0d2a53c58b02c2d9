/**
 * How well and how fast documents are read: thirty documents right, wrong and doubted; and CPU time beside pdf.js and
 * mammoth alone, for 20 documents each.
 *
 *     node bench/documents.ts
 */
import { getDocumentProxy } from "unpdf";
import mammoth from "mammoth";
import { isDoubtful } from "../src/article/article.ts";
import { makeDocx, paragraph, run } from "../tests/article/documents/make-docx.ts";
import { closePage, makePdf } from "../tests/article/documents/make-pdf.ts";
import { paragraphsOf, storyOf } from "../tests/article/documents/stories.ts";
import { readBytes } from "../tests/article/documents/read.ts";
import { thirtyDocuments } from "../tests/article/documents/thirty.ts";

const read = async (bytes: Uint8Array, name: string) => readBytes(bytes, name);

const counts = { right: 0, doubted: 0, wrongAndSure: 0 };
for (const { name, bytes, title, authors, story } of await thirtyDocuments()) {
  const article = await read(bytes, name);
  const isRight =
    article.title === title &&
    article.authors.join() === authors.join() &&
    article.text === story.join("\n\n");
  if (isRight) counts.right++;
  else if (isDoubtful(article.reading)) counts.doubted++;
  else counts.wrongAndSure++;
}
console.log(counts);

const DOCUMENTS = 20;
const ROUNDS = 5;

/** The CPU time of a work on some documents, in milliseconds: the least of some rounds. */
async function cpuOf(all: readonly Uint8Array[], work: (bytes: Uint8Array) => Promise<unknown>) {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (const bytes of all) await work(bytes);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

async function pdfJsAlone(bytes: Uint8Array): Promise<void> {
  const pdf = await getDocumentProxy(Uint8Array.from(bytes), { verbosity: 0 });
  for (let number = 1; number <= pdf.numPages; number++)
    await (await pdf.getPage(number)).getTextContent();
  await pdf.loadingTask.destroy();
}

function report(name: string, ours: number, alone: number): void {
  console.log(
    `${name}: ${ours.toFixed(0)} ms, alone ${alone.toFixed(0)} ms, ${(ours / alone).toFixed(2)} ×`,
  );
}

for (const isTagged of [true, false]) {
  const pdfs: Buffer[] = [];
  for (let at = 0; at < DOCUMENTS; at++) {
    const body = `<h1>The ferry ${at}</h1>${paragraphsOf(storyOf(40, 4, at * 7))}`;
    pdfs.push(await makePdf({ body, isTagged }));
  }
  const ours = await cpuOf(pdfs, async (bytes) => read(bytes, "a.pdf"));
  report(isTagged ? "PDF, tagged" : "PDF, untagged", ours, await cpuOf(pdfs, pdfJsAlone));
}
await closePage();

/** A document as Word writes it: a run for a few words, each with its properties, and hundreds of styles. */
function asWord(title: string, story: readonly string[]): Buffer {
  const properties =
    '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Times New Roman"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB" w:eastAsia="en-US"/>';
  const runs = (text: string) =>
    (text.match(/(?:\S+\s*){1,6}/g) ?? [])
      .map((words) => `<w:proofErr w:type="spellStart"/>${run(words, properties)}`)
      .join("");
  const latent = Array.from(
    { length: 376 },
    (_, at) =>
      `<w:lsdException w:name="Style ${at}" w:semiHidden="1" w:uiPriority="99" w:unhideWhenUsed="1"/>`,
  );
  return makeDocx({
    body: [paragraph(title, "Title"), ...story.map((text) => paragraph(runs(text)))].join(""),
    styles: `<w:latentStyles w:count="376">${latent.join("")}</w:latentStyles>`,
  });
}

const words = Array.from({ length: DOCUMENTS }, (_, at) =>
  asWord(`The ferry ${at}`, storyOf(14, 4, at * 7)),
);
const ours = await cpuOf(words, async (bytes) => read(bytes, "a.docx"));
report(
  "Word",
  ours,
  await cpuOf(words, async (bytes) => mammoth.convertToHtml({ buffer: Buffer.from(bytes) })),
);
process.exit(0);

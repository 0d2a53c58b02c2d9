/**
 * The whole matrix in a browser: every fixture in every template and language is checked by all rules,
 * and its picture taken in light, in the dark and turned round, on a phone and at a desk. The pictures are
 * left in a temporary folder. `npm run matrix -- digest ja` takes only what has all of these words.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentOf, reviewMail } from "../src/review/review.ts";
import type { Finding } from "../src/check/finding.ts";
import { parseHtml } from "../src/check/html-document.ts";
import { checkWith } from "../src/check/io/browser/check-in-browser.ts";
import { openPackagedBrowser } from "../tests/browser.ts";
import { MATRIX, renderView, sent, type View } from "../tests/matrix/render-matrix.ts";
import { issueFolder, takePicture } from "../tests/matrix/take-picture.ts";

const WIDTHS = [375, 640] as const;
const LIGHTS = ["light", "dark", "inverted"] as const;

interface Row {
  readonly view: View;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  readonly notRun: readonly string[];
  /** Pictures that the browser was too busy for. */
  readonly untaken: readonly string[];
}

const words = process.argv.slice(2);
const views = MATRIX.filter((view) =>
  words.every((word) => nameOf(view).split("-").includes(word)),
);
const out = await mkdtemp(join(tmpdir(), "broadsheet-pictures-"));
const [browser, folder] = await Promise.all([openPackagedBrowser(), issueFolder()]);
const rows: Row[] = [];
try {
  for (const view of views) {
    rows.push({ ...(await checkView(view)), untaken: await takePictures(view) });
    process.stderr.write(`\r${rows.length} of ${views.length}`);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
console.log(`\n${table(rows)}\n\n${summary(rows)}\npictures: ${out}`);
if (rows.some(isFaulty)) process.exitCode = 1;

async function checkView(view: View): Promise<Omit<Row, "untaken">> {
  const { digest, email } = await renderView(view);
  const source = sent(email);
  const html = parseHtml(source);
  const { subject, text } = email;
  const content = contentOf(digest, html);
  const still = reviewMail({ target: nameOf(view), subject, html, text, digest, content });
  const seen = await checkWith(browser, email.html, { folder });
  return {
    view,
    bytes: Buffer.byteLength(source),
    findings: [...still.findings, ...seen.findings],
    notRun: seen.notRun.map(({ rule }) => rule),
  };
}

async function takePictures(view: View): Promise<string[]> {
  const untaken: string[] = [];
  const at = join(out, view.template, view.language);
  await mkdir(at, { recursive: true });
  for (const widthPx of WIDTHS) {
    for (const seen of LIGHTS) {
      const name = `${view.fixture.replaceAll(" ", "-")}-${widthPx}-${seen}.png`;
      try {
        const take = () => takePicture(browser, { ...view, widthPx, seen }, { folder });
        // One in some hundred fails in the browser itself, and not again.
        const picture = await take().catch(take);
        await writeFile(join(at, name), picture);
      } catch (error) {
        untaken.push(`${name}: ${error instanceof Error ? error.message.split("\n")[0] : ""}`);
      }
    }
  }
  return untaken;
}

/** Findings by severity for each field of the matrix, and what they say. */
function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { view, bytes, findings, notRun, untaken } = row;
    const counts = (["error", "warning", "info"] as const).map(
      (severity) => findings.filter((finding) => finding.severity === severity).length,
    );
    const faults = findings.filter(({ severity }) => severity !== "info");
    const said = faults.map(({ rule, message }) => `\n    ${rule}: ${message}`);
    const left = [
      ...notRun.map((rule) => `\n    not run: ${rule}`),
      ...untaken.map((name) => `\n    no picture: ${name}`),
    ];
    const cells = [...counts.map((count) => String(count).padStart(4)), `${kilobytes(bytes)} KB`];
    return `${nameOf(view).padEnd(36)}${cells.join("")}${[...said, ...left].join("")}`;
  });
  return [`${"".padEnd(36)} fix look note    size`, ...lines].join("\n");
}

function summary(rows: readonly Row[]): string {
  const all = rows.flatMap(({ findings }) => findings);
  const count = (severity: Finding["severity"]) =>
    all.filter((finding) => finding.severity === severity).length;
  const axe = all.filter(({ rule }) => rule.startsWith("axe-") || rule.startsWith("contrast-"));
  const most = Math.max(...rows.map(({ bytes }) => bytes));
  return `${rows.length} views: ${count("error")} errors, ${count("warning")} warnings, ${axe.length} of them by axe-core in light, dark or inverted; the largest has ${kilobytes(most)} KB`;
}

function isFaulty({ findings, notRun, untaken }: Row): boolean {
  return notRun.length + untaken.length > 0 || findings.some(({ severity }) => severity !== "info");
}

function nameOf({ fixture, template, language }: View): string {
  return `${template}-${language}-${fixture.replaceAll(" ", "-")}`;
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1).padStart(8);
}

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Report } from "../../src/check/finding.ts";
import { tallyOf } from "../../src/review/review.ts";
import { parseConfig } from "../../src/config/config.ts";
import { readArticle } from "../../src/article/read-articles.ts";
import { arrange } from "../../src/issue/arrange.ts";
import { compose } from "../../src/issue/compose.ts";
import { renderDigest } from "../../src/issue/io/render-again.ts";
import { issueFiles } from "../../src/issue/io/publish.ts";
import { openBuild } from "../../src/issue/open-build.ts";
import type { PublishedIssue } from "../../src/issue/stages.ts";
import { summarise } from "../../src/issue/summarise.ts";
import { SILENT } from "../../src/platform/reporter.ts";
import {
  issueData,
  previewPage,
  previewStamp,
  STAMP_FILE,
} from "../../src/preview/preview-page.ts";
import type { IssueData } from "../../src/preview/page-data.ts";
import { HARBOUR, LIGHTHOUSE } from "../cli/broadsheet.ts";
import { article } from "../fixtures.ts";
import { readings } from "../digest/readings.ts";
import { photo } from "../pictures.ts";

export type Built = Pick<PublishedIssue, "digest" | "files">;

/** An issue of three stories, the first of which has a picture and the last a long way to go. */
export async function builtIssue(): Promise<Built> {
  const content = await photo(1040, 520).jpeg().toBuffer();
  const lead = readArticle({ format: "text", location: "harbour.txt", body: HARBOUR });
  const picture = { src: "images/quay.jpg", alt: "A van on a quay", widthPx: 1040, heightPx: 520 };
  const articles = [
    { ...lead, tags: ["Ferries"], images: [picture] },
    readArticle({ format: "markdown", location: "lighthouse.md", body: LIGHTHOUSE }),
    article(),
  ];
  const config = parseConfig(
    { name: "The Mudlark", template: "digest" },
    {},
    "/letter/broadsheet.config.json",
  );
  const date = "2031-04-02";
  const build = await openBuild(config, { flags: { date }, reporter: SILENT });
  const draft = await arrange(
    { readings: readings(articles), failures: [], missing: [], fetched: 0 },
    build,
  );
  const pictures = [{ name: "quay.jpg", contentType: "image/jpeg", content }];
  const summarised = await summarise(
    { ...draft, pictures, logo: undefined, sponsorImage: undefined },
    build,
  );
  const { digest, pictures: cut } = await compose(summarised, build);
  const issue = await renderDigest({ digest, pictures: cut }, config);
  return { digest: issue.digest, files: issueFiles(issue) };
}

const REPORT: Report = {
  target: "2031-04-02",
  verdict: "fail",
  findings: [
    {
      rule: "image-alt",
      severity: "error",
      message: "The picture has no alt text.",
      fix: "say what it shows",
      source: "WCAG 1.1.1",
      where: { selector: "img", story: "The ferry that waits for the post" },
    },
    {
      rule: "tag-case",
      severity: "warning",
      message: "A headline looks odd.",
      source: "our own",
      where: { selector: ".one h2", story: "A lamp that counts moths" },
    },
  ],
  notRun: [
    { rule: "axe", why: "it takes a browser" },
    { rule: "overflow", why: "it takes a browser" },
    { rule: "links-answer", why: "nothing is fetched" },
  ],
};

/** What the page shows of it, with what a test changes. */
export async function dataOf(built: Built, over: Partial<IssueData> = {}): Promise<IssueData> {
  const tally = tallyOf(REPORT);
  return { ...issueData(built.digest, built.files), report: REPORT, tally, ...over };
}

/** Writes the page into a folder of its own, as a build does; its address. */
export async function writePage(issue: IssueData, folder?: string): Promise<string> {
  const into = folder ?? (await mkdtemp(path.join(tmpdir(), "broadsheet-preview-")));
  const page = previewPage({ mode: "file", issue, desk: null });
  await writeFile(path.join(into, "preview.html"), page);
  await writeFile(path.join(into, STAMP_FILE), previewStamp(page));
  return pathToFileURL(path.join(into, "preview.html")).href;
}

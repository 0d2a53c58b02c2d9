import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { SOUND } from "../check/mail.ts";
import { broadsheet, folderWith, HARBOUR, linesOf, type Run } from "./broadsheet.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await folderWith({ "content/ferry.txt": HARBOUR, "sound.html": SOUND });
});

const reportLine = z.strictObject({
  target: z.string(),
  verdict: z.enum(["pass", "fail"]),
  findings: z.array(z.looseObject({ rule: z.string(), severity: z.string(), message: z.string() })),
  notRun: z.array(z.strictObject({ rule: z.string(), why: z.string() })),
  ready: z.looseObject({ chance: z.number() }).optional(),
  leftOut: z.array(z.looseObject({ name: z.string() })).optional(),
  notices: z.array(z.looseObject({ id: z.string() })).optional(),
});

function reportOf(run: Run) {
  return reportLine.parse(linesOf(run)[0]);
}

async function check(...args: readonly string[]): Promise<Run> {
  return broadsheet(["check", ...args], { cwd });
}

const ISSUE = "outbox/broadsheet/2026-11-24";

test("what a designer would send back is found in a browser, with the views that have it", async () => {
  const torn = '<div style="width:60px;overflow-wrap:anywhere">Donaudampfschifffahrt</div>';
  await writeFile(path.join(cwd, "torn.html"), SOUND.replace("</body>", `${torn}</body>`));
  const run = await check("--html", "torn.html", "--browser", "--json");
  expect(run.stderr).toBe("");
  const { findings, notRun } = reportOf(run);
  expect(notRun.map(({ rule }) => rule)).not.toContain("word-torn");
  expect(findings).toContainEqual(
    expect.objectContaining({
      rule: "word-torn",
      message: expect.stringMatching(/^“Donaudampfschifffahrt” is torn after .* \(375 px, and /),
    }),
  );
});

describe("an issue", () => {
  beforeEach(async () => {
    await broadsheet(["build", "--date", "2026-11-24"], { cwd });
  });

  test("that passes leaves with 0, and is told as report.json has it", async () => {
    const run = await check("--static", "--json");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const report = reportOf(run);
    expect(report).toMatchObject({ target: "broadsheet/2026-11-24", verdict: "pass" });
    const stored = await readFile(path.join(cwd, ISSUE, "report.json"), "utf8");
    expect(report.findings).toEqual(JSON.parse(stored).findings);
    expect(report.ready).toEqual(JSON.parse(stored).ready);
    expect(report.ready).toBeDefined();
    expect(stored).not.toContain(cwd);
    expect(report.notRun).toContainEqual({
      rule: "axe",
      why: "it takes a browser: give --browser",
    });
  });

  test("that was edited is rendered again first, in the outbox too", async () => {
    const file = path.join(cwd, ISSUE, "digest.json");
    const digest = await readFile(file, "utf8");
    await writeFile(
      file,
      digest.replace(/"subject": "[^"]*"/, '"subject": "{{name}}, the ferry waits"'),
    );
    const run = await check("latest");
    expect(run).toMatchObject({
      code: 0,
      stderr: "The digest was edited since the issue was built: rendered it again\n",
    });
    expect(run.stdout).toContain("{{name}}, the ferry waits");
    expect(await readFile(path.join(cwd, ISSUE, "email.html"), "utf8")).toContain(
      "the ferry waits",
    );
  });
});

describe("a file", () => {
  test("without a fault is ready to send", async () => {
    const run = await check("--html", "sound.html");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(
      /^sound\.html\n\d+ of \d+ checks pass\n\nReady to send\n─{100}\nNote {3}/,
    );
    expect(run.stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  test("with two faults says what to fix, where, and how", async () => {
    const bad = SOUND.replace(' alt="The Maid of Carrow at the slip"', "").replace(
      'href="https://letter.example/inn"',
      'href="javascript:go()"',
    );
    await writeFile(path.join(cwd, "bad.html"), bad);
    const run = await check("--html", "bad.html");
    expect(run).toMatchObject({ code: 65, stderr: "" });
    expect(run.stdout).toContain("\n2 to fix\n");
    expect(run.stdout).toContain("\nFix    One picture has no alt text   image-alt   line 23\n");
    expect(run.stdout).toContain("\n       link to an https address\n");
  });

  test("with a fault is told in one line where nothing else is wanted", async () => {
    await writeFile(path.join(cwd, "bad.html"), SOUND.replace('<html lang="en"', "<html"));
    const run = await check("--html", "bad.html", "--quiet");
    expect(run).toEqual({ code: 65, stdout: "", stderr: "bad.html: 1 to fix\n" });
  });

  test("that is a message is told by what it is, whatever its name", async () => {
    const eml =
      "From: a@b.example\nSubject: Ferry\nContent-Type: text/plain; charset=x-none\n\nLate.\n";
    await writeFile(path.join(cwd, "message.txt"), eml);
    const report = reportOf(await check("--html", "message.txt", "--json"));
    expect(report.findings.map(({ rule }) => rule)).toContain("message-charset");
    expect(report.findings.map(({ rule }) => rule)).toContain("message-parts");
    expect(report.notRun).toContainEqual({ rule: "image-alt", why: "there is no HTML" });
  });

  test("in an old code page is read as it declares", async () => {
    const page = SOUND.replace('"utf-8"', '"iso-8859-1"').replace("Beacon Hill", "Fährhügel");
    await writeFile(path.join(cwd, "old.html"), Buffer.from(page, "latin1"));
    const report = reportOf(await check("--html", "old.html", "--json"));
    expect(report.findings.filter(({ severity }) => severity !== "info")).toMatchObject([
      { rule: "encoding", message: "The HTML declares iso-8859-1" },
    ]);
  });

  test.each([
    ["nothing.html", undefined, 66, "INPUT_MISSING"],
    ["empty.html", "", 65, "CONTENT_EMPTY"],
    ["paper.html", "%PDF-1.7\n%\u0000\u0001", 65, "CONTENT_BINARY"],
  ])("that is no email is refused: %s", async (name, content, code, error) => {
    if (content !== undefined) await writeFile(path.join(cwd, name), content);
    const run = await check("--html", name);
    expect(run).toMatchObject({ code, stdout: "" });
    expect(run.stderr).toMatch(new RegExp(`^error ${error}: `));
  });
});

test("what can't be asked for together is refused", async () => {
  const run = await check("latest", "--html", "sound.html");
  expect(run).toMatchObject({ code: 64, stdout: "" });
  expect(run.stderr).toContain("an issue and --html can't both be given");
});

test("a check that did not run is listed with one colon at most", async () => {
  const { stdout } = await check("--html", "sound.html");
  const [, notRun = ""] = stdout.split(/^Not run {3}/m);
  expect(notRun).toContain("it takes a browser: give --browser (");
  for (const line of notRun.split("\n")) expect(line).not.toMatch(/:.*: /);
});

test("an audience that is none is told with the nearest that is one", async () => {
  await writeFile(path.join(cwd, "broadsheet.config.json"), '{ "audience": { "gmial": 1 } }');
  const run = await check("--html", "sound.html");
  expect(run.code).toBe(78);
  expect(run.stderr).toContain('"audience.gmial" is no mail program that is known here');
  expect(run.stderr).toContain('did you mean "audience.gmail"?');
});

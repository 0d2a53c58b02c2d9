import { writeFile } from "node:fs/promises";
import path from "node:path";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import type { Finding } from "../../src/check/finding.ts";
import { findingLines } from "../../src/issue/issue-to-send.ts";
import { brief } from "../fixtures.ts";
import { bench, SLOT } from "./scheduled-project.ts";

const EDITOR = "desk@slipway.example";
const TORN = `---
title: The <b>torn</b> sail
---

The sail of the old ferry tore in the night of the storm, and the crew of four sewed it again in the morning with thread from`;

test("the mail that asks for approval has the issue, its findings and how to approve it", async () => {
  const schedule = { approval: "manual", notify: EDITOR };
  const { server, project } = await bench({ readers: 3, schedule });
  await writeFile(path.join(project.cwd, "content/2.md"), TORN);
  expect(await project.run(["run"])).toMatchObject({ code: 0, stderr: "" });
  expect(server.taken.map(({ to }) => to)).toEqual([EDITOR]);
  const raw = server.taken[0]?.raw ?? "";
  const { text = "", html } = await simpleParser(raw);
  expect(text).toContain(`${SLOT} waits for you, to go to 3 readers.`);
  expect(text).toContain(`broadsheet approve ${SLOT}`);
  const check = await project.run(["check", SLOT, "--json"]);
  const report: { readonly findings: readonly Finding[] } = JSON.parse(check.stdout);
  const pressing = report.findings.filter(({ severity }) => severity !== "info");
  expect(pressing.length).toBeGreaterThan(0);
  expect(text).toContain(`${pressing.length} to look at first:\n`);
  for (const { message, rule } of pressing) expect(text).toContain(`${message} (${rule})`);
  expect(text).toMatch(/Look: Story \d: /);
  expect(text).toContain("The ferry that waits for the post");
  expect(String(html)).toContain("Look: Story ");
  expect(String(html)).not.toContain("<b>torn");
});

test("the mail lists twelve findings at most, and says how many more there are", () => {
  const digest = brief();
  const findings = Array.from({ length: 15 }, (_, n): Finding => {
    // The only story of an issue needs no number.
    const where = { story: digest.sections[0]?.entries[0]?.article.title ?? "" };
    return { rule: `rule-${n}`, severity: "warning", message: `no. ${n}`, source: "", where };
  });
  const note: Finding = { rule: "note", severity: "info", message: "a note", source: "" };
  const report = { target: "", verdict: "pass", notRun: [] } as const;
  const lines = findingLines({ ...report, findings: [...findings, note] }, digest);
  expect(lines).toHaveLength(14);
  expect(lines[1]).toBe("Look: no. 0 (rule-0)");
  expect(lines.at(-1)).toBe(`and 3 more: broadsheet check ${digest.issue.slot}`);
  expect(findingLines({ ...report, findings: [note] }, digest)).toEqual(["Ready to send."]);
  expect(findingLines(undefined, digest)).toEqual(["The checks were not run."]);
});

import { describe, expect, test } from "vitest";
import { checkEmail } from "../../src/check/check-email.ts";
import type { Report } from "../../src/check/finding.ts";
import { checkHtml } from "../../src/review/check-html.ts";
import { parseHtml } from "../../src/check/html-document.ts";
import { SOUND } from "./mail.ts";

function check(source: string, subject?: string): Report {
  return checkEmail({ target: "mail.html", html: parseHtml(source), subject });
}

function finding(report: Report, rule: string) {
  return report.findings.find((found) => found.rule === rule);
}

describe("a finding", () => {
  test("says how many places have the fault, and where each is", () => {
    const report = check(`<html lang="en"><body>
<div lang="en">A <img src="a.png">
<p>B <img src="b.png"></p></div>`);
    expect(finding(report, "image-alt")).toEqual({
      rule: "image-alt",
      severity: "error",
      message: "2 pictures have no alt text",
      fix: 'say in alt what the picture shows, or write alt="" where it only decorates',
      source: "WCAG 2.2 §1.1.1",
      count: 2,
      where: { selector: "html > body > div > img", line: 2 },
      elsewhere: [{ selector: "html > body > div > p > img", line: 3 }],
    });
    expect(report.verdict).toBe("fail");
  });
});

describe("HTML that is nested without end", () => {
  test("is cut off where browsers cut it off", () => {
    const html = parseHtml(`<div>\n${"<div>".repeat(20_000)}x`);
    expect(html.cutAtLine).toBe(2);
    expect(html.elements.length).toBeLessThan(600);
  });

  test("is read whole where end tags are only left out", () => {
    expect(parseHtml("<p>x<br>".repeat(2000)).cutAtLine).toBeUndefined();
  });
});

test("the library checks any HTML, for whoever reads it", () => {
  const html = SOUND.replace('margin:0"><li', 'margin:0;display:grid"><li');
  expect(checkHtml(html, { audience: { "outlook.windows": 1 } }).findings[0]).toMatchObject({
    rule: "client-support",
    reach: 1,
  });
  expect(checkHtml(html, { audience: { "apple-mail": 1 } }).verdict).toBe("pass");
  expect(checkHtml("", {}).target).toBe("html");
});

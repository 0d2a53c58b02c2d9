import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { checkEmail } from "../../src/check/check-email.ts";
import { keyOf, parseSelectors, specificityOf } from "../../src/platform/css/selectors.ts";
import type { Report } from "../../src/check/finding.ts";
import { parseHtml } from "../../src/check/html-document.ts";
import { spamFindings } from "../../src/check/outside-findings.ts";
import { checkHtml } from "../../src/review/check-html.ts";
import { HTML_RULES } from "../../src/review/review.ts";
import { cpuSecondsOf } from "../cpu-time.ts";
import { SOUND, check, found } from "./mail.ts";

function checkRaw(source: string, subject?: string): Report {
  return checkEmail({ target: "mail.html", html: parseHtml(source), subject });
}

function finding(report: Report, rule: string) {
  return report.findings.find((found) => found.rule === rule);
}

test("a finding: says how many places have the fault, and where each is", () => {
  const report = checkRaw(`<html lang="en"><body>
<div lang="en">A <img src="a.png">
<p>B <img src="b.png"></p></div>`);
  expect(finding(report, "image-alt")).toEqual({
    rule: "image-alt",
    severity: "error",
    message: "2 pictures have no alt text",
    fix: 'describe the picture in alt, or write alt="" if it is decorative',
    source: "WCAG 2.2 §1.1.1",
    count: 2,
    where: { selector: "html > body > div > img", line: 2 },
    elsewhere: [{ selector: "html > body > div > p > img", line: 3 }],
  });
  expect(report.verdict).toBe("fail");
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

/** Each is what somebody could give to `check --html`: it must come to an end, and to a report. */
const HOSTILE: readonly (readonly [what: string, html: string])[] = [
  ["nothing but text", "The ferry waits."],
  ["nothing", " "],
  ["text nested 20,000 deep", `${"<b>".repeat(20_000)}x`],
  ["tables nested 20,000 deep", `${"<table><tr><td>".repeat(20_000)}x`],
  [
    "fonts that are opened anew in each paragraph",
    Array.from({ length: 300 }, (_, at) => `<font size=${at}><p>x`).join(""),
  ],
  ["rules nested without end", `<style>${"a{".repeat(50_000)}</style>`],
  ["brackets", `<style>${"a:not(".repeat(20_000)}</style><p style="${"calc(".repeat(20_000)}">x`],
  ["a thousand parts", `<style>x ${"div ".repeat(1000)}{color:red}</style>${"<div>".repeat(300)}x`],
  ["siblings by the 1000", `<style>${"p ~ p ".repeat(8)}{color:red}</style>${"<p>x".repeat(1000)}`],
  ["comments for Outlook without end", "<!--[if mso]>".repeat(20_000)],
  ["attributes by the", `<p ${Array.from({ length: 20_000 }, (_, at) => `a${at}=x`).join(" ")}>x`],
  [
    "an address without end",
    `<a href="https://a.example/${"x".repeat(500_000)}">x</a><img src="data:${"x".repeat(500_000)}">`,
  ],
  [
    "addresses that are none",
    ["https://[", "https://%", "//x", "http:", "mailto:", "\u0000", "https://a:b@"]
      .map((href) => `<a href="${href}">x</a>`)
      .join(""),
  ],
  ["a drawing in a comment in a comment", "<!--[if vml]><v:rect><!--<v:rect>--><![endif]-->"],
];

describe.each(HOSTILE)("a mail of %s", (_what, html) => {
  test("is checked, and no rule takes seconds", () => {
    const input = { target: "mail.html", html: parseHtml(html) };
    const slow = HTML_RULES.filter((rule) => cpuSecondsOf(() => rule.run(input)) > 3);
    expect(slow.map(({ id }) => id)).toEqual([]);
    expect(check(html).findings.length).toBeGreaterThan(0);
  });
});

test("a megabyte is checked, and is too much", () => {
  const words = "The ferry waits for the post. ".repeat(400);
  const story = `<tr><td style="color:#777;font-size:12px"><p>${words}<a href="#">x</a></td></tr>`;
  const html = SOUND.replace("</table>", `${story.repeat(1_100_000 / story.length)}</table>`);
  expect(html.length).toBeGreaterThan(1_000_000);
  expect(found(check(html), "html-size")).toMatchObject([{ severity: "error" }]);
});

test("any pieces of markup in any order are checked", () => {
  const pieces = [
    ...`<>/'"=!-[]{};:#.@ `.split(""),
    "a",
    "<p",
    "<td",
    "</table",
    "style=",
    "<style>",
    "href",
    "<!--[if mso]>",
    "<![endif]-->",
    "{{",
    "&#",
    "\u0000",
    "שלום",
    "<img",
    "rgb(",
    "@media",
    "url(",
  ];
  assert(
    property(array(constantFrom(...pieces), { maxLength: 40 }), (markup) => {
      check(markup.join(""));
    }),
  );
});

const REPORT = `Spam detection software, running on the system "letters.example", has
analysed this message.

Content analysis details:   (1.2 points, 5.0 required)

 pts rule name              description
---- ---------------------- --------------------------------------------------
-0.0 NO_RELAYS              Informational: message was not relayed via SMTP
 0.5 HTML_FONT_TINY         BODY: Font is tiny
 0.7 MPART_ALT_DIFF         BODY: HTML and text parts are different
`;

test("SpamAssassin's points are a note, with what weighs the most", () => {
  expect(spamFindings(REPORT, { target: "x" }).findings).toMatchObject([
    {
      rule: "spam-words",
      severity: "info",
      message:
        "SpamAssassin gives it 1.2 points, and takes 5.0 for spam: MPART_ALT_DIFF 0.7, HTML_FONT_TINY 0.5",
    },
  ]);
});

test("an answer that is no report counts as not run", () => {
  expect(spamFindings("command not found", { target: "x" })).toEqual({
    findings: [],
    notRun: [{ rule: "spam-words", why: "SpamAssassin gave no report" }],
  });
});

test("selectors are read as what they ask for", () => {
  const list = "u + .b1\\:x #c[href^='a b']:not(.d, e)::before , p.b1\\:x, p > *";
  const read = parseSelectors(list).map((one) => [keyOf(one), specificityOf(one)]);
  expect(read).toEqual([
    ["#c", 1_003_002],
    [".b1:x", 1001],
    ["*", 1],
  ]);
  for (const broken of ["a >", "", ".", "a,,b", "a { b", ":"])
    expect(parseSelectors(broken)).toEqual([]);
});

test("a list of any characters is read", () => {
  const signs = `{}[]();:,.@#&>a-1"'\\/* \n`.split("");
  assert(property(string({ unit: constantFrom(...signs) }), (css) => void parseSelectors(css)));
});

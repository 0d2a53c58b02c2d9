import { assert, array, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { check, found, SOUND } from "./mail.ts";

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
  test("is checked", () => {
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

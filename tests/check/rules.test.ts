import { describe, expect, test } from "vitest";
import type { Severity } from "../../src/check/finding.ts";
import WORDS from "../../src/check/link-words.json" with { type: "json" };
import { HTML_RULES } from "../../src/review/review.ts";
import { LABEL_LANGUAGES, labelsFor } from "../../src/email/labels.ts";
import { broken, check, found, SOUND, SUBJECT } from "./mail.ts";

/** A mail that breaks a rule, what is said of it, and how grave it is where it is no error. */
type Case = readonly [rule: string, mail: string, says: string | RegExp, severity?: Severity];

const LINK = "https://letter.example/inn";
const linkTo = (href: string) => broken(`href="${LINK}"`, `href="${href}"`);
const linkSays = (html: string) => broken("inn has moved its supper", html);
const preheader = (text: string) => broken(/The evening ferry leaves when [^&]* /, text);

const CASES: readonly Case[] = [
  ["merge-tags", broken("Beacon Hill", "{{ place }}"), /^A merge field .*: “\{\{ place \}\}”/],
  ["merge-tags", linkTo("*|ARCHIVE|*"), "A merge field was left unfilled: “*|ARCHIVE|*”"],
  [
    "empty-values",
    broken("The van climbs Beacon Hill", "undefined"),
    "“undefined” is in the place",
  ],
  ["link-script", linkTo(" java\nscript:alert(1)"), "The link “inn has moved its supper” would"],
  ["link-credentials", linkTo("https://wenna:tide@letter.example/"), /shows a user name/],
  ["link-local", linkTo("http://localhost:3000/inn"), /can't reach$/],
  ["link-local", linkTo("https://192.168.0.4/inn"), /can't reach$/],
  ["link-test", linkTo("https://mudlark.test/inn"), "The link “inn has moved its supper” leads"],
  ["link-example", linkTo("https://www.example.org/inn"), "2 links lead to an example", "info"],
  ["link-nowhere", linkTo("#"), /leads nowhere$/],
  ["link-broken", linkTo("inn.html"), /incomplete/],
  ["link-broken", linkTo("https://"), /incomplete/],
  ["link-insecure", linkTo("http://letter.example/inn"), /is http$/, "warning"],
  ["link-name", linkSays('<img alt="" src="https://a.example/a.png" width="9">'), "One link has"],
  ["link-text", linkSays("Read more →"), "One link says only “Read more →”", "warning"],
  [
    "link-underline",
    broken("text-decoration:underline", "text-decoration:none"),
    "One link in a text is not underlined",
    "warning",
  ],
  [
    "preheader",
    broken(/<div style="display:none">.*<\/div>/, ""),
    "There is no preheader: inboxes show “The Wetherside Letter”",
    "warning",
  ],
  ["preheader", preheader("The ferry that waits for the post "), "The preheader only ", "warning"],
  ["preheader", preheader("It is late again "), "The preheader has 16 characters, and", "info"],
  ["preheader-padding", broken(/( &#8199;&#847;)+/, ""), "After the preheader the", "warning"],
  [
    "unsubscribe-link",
    broken(
      '<a href="https://letter.example/u/1" class="ink" style="color:#1A1A18">Unsubscribe</a>',
      "So long",
    ),
    "There is no link to unsubscribe",
    "warning",
  ],
  ["image-alt", broken(' alt="The Maid of Carrow at the slip"', ""), "One picture has no alt text"],
  ["image-alt-text", broken("The Maid of Carrow at the slip", "a2.JPG"), /a2\.JPG/, "warning"],
  [
    "image-only",
    broken(
      /<table role="presentation" width="600" [^]*<\/table>\n<!/,
      '<img alt="" width="600" style="max-width:100%" src="https://a.example/a.png">\n<!',
    ),
    /^There are 0 letters beside one picture/,
  ],
  [
    "image-source",
    broken("https://letter.example/slip.png", "C:\\slip.png"),
    /an incomplete address/,
  ],
  [
    "image-source",
    broken("https://letter.example/slip.png", "http://letter.example/slip.png"),
    "One picture with an http address",
    "warning",
  ],
  [
    "declared-contrast",
    broken('<h2 class="ink" style="color:#1A1A18"', '<h2 class="ink" style="color:#AAA"'),
    "Text has too little contrast: #AAAAAA on #FFFFFF has 2.32 of 3",
  ],
  [
    "declared-contrast",
    broken(
      "</style>",
      "</style><style>#x p,p.ink{color:gray}.page{background:#eee}p{color:#000!important}li.ink{color:#bbb!important}</style>",
    ),
    "Text has too little contrast: #BBBBBB on #FFFFFF has 1.92 of 4.5",
  ],
  [
    "declared-contrast-dark",
    broken("color: #EEEEEE", "color: #333333"),
    /^Text has too little contrast in dark mode: #333333 on #111111 has 1\.4/,
  ],
  [
    "html-size",
    broken("</ul>", `</ul><!--${"x".repeat(103 * 1024)}-->`),
    /^The HTML is 1\d\d\.\d KB: Gmail cuts it off at 102 KB/,
  ],
  [
    "html-size",
    broken("</ul>", `</ul><!--${"x".repeat(81 * 1024)}-->`),
    /^The HTML is 8\d\.\d KB/,
    "warning",
  ],
  [
    "conditional-comments",
    broken("<!--[if mso]></td></tr></table><![endif]-->", "<!--[if mso]></td></tr></table>-->"),
    /^A comment for Outlook never ends/,
  ],
  [
    "conditional-comments",
    broken("<![endif]-->", "<![endif]--><!--<![endif]-->"),
    "A comment for Outlook ends although none is open",
  ],
  [
    "css-size",
    broken("</style>", `${".a { color: red }\n".repeat(1000)}</style>`),
    /16 KB$/,
    "warning",
  ],
  [
    "css-nested-at",
    broken("</style>", "@media screen { @media (min-width:1px) { a { b: c } } }</style>"),
    "One at-rule is inside another one",
    "warning",
  ],
  ["css-syntax", broken("</style>", ".a { color red }</style>"), "This is not CSS: “", "warning"],
  [
    "outside-styles",
    broken("<style>", '<link rel="stylesheet" href="https://a.example/a.css"><style>'),
    "Styles are fetched from elsewhere",
    "warning",
  ],
  ["webmail-drops", broken("</ul>", "</ul><noscript>Only here</noscript>"), "Webmail drops <nosc"],
  ["headings", SOUND.replace(/<(\/?)h[12]/g, "<$1p"), /^There is no heading/, "warning"],
  ["headings", SOUND.replace(/<(\/?)h2/g, "<$1h3"), "One heading skips a level", "warning"],
  [
    "layout-tables",
    broken('<table role="presentation" width="600" style', '<table width="600" style'),
    "One layout table is not role=presentation",
    "warning",
  ],
  ["lists", broken(/<ul[^]*<\/ul>/, "<p>• The van climbs</p><p>• It</p>"), "A list", "warning"],
  ["paragraphs", broken("in a row. ", "in a row.<br>\n<br />"), "Paragraphs are separated", "info"],
  [
    "vml",
    broken(
      "</ul>",
      '</ul><!--[if mso]>\n<v:rect><v:fill src="https://a.example/a.png"/></v:rect><![endif]-->',
    ),
    "One drawing for Outlook without alt",
    "warning",
  ],
  ["language", broken('<html lang="en"', '<html lang="und"'), 'lang="und" is not a language'],
  [
    "language",
    broken(`aria-label="${SUBJECT}" lang="en"`, 'aria-label="x"'),
    "The language is declared only on <html>, which webmail removes",
    "warning",
  ],
  [
    "direction",
    SOUND.replace(
      /[A-Za-z ]{12,}(?=<)/g,
      "يشعل المخبز أفرانه حين يتحول المد ويبيع كل ما عنده قبل انحسار الماء",
    ),
    "The text is written from right to left, but that is not declared",
    "error",
  ],
  [
    "title",
    broken(/<title>.*<\/title>/, "<title>Newsletter</title>"),
    "<title> says “Newsletter”, and the subject “The ferry that waits for the post”",
    "warning",
  ],
  ["article-role", broken('role="article" ', ""), "No element has role=article", "warning"],
  [
    "viewport",
    broken("initial-scale=1", "initial-scale=1, user-scalable=no"),
    "The viewport prevents readers from zooming",
    "warning",
  ],
  [
    "encoding",
    broken("<!doctype html>", "").replace("utf-8", "windows-1252"),
    "The HTML has no doctype, so browsers use the layout of 1998, and declares windows-1252",
    "warning",
  ],
  ["apple-mail", broken(/<meta name="format-detection"[^>]*>/, ""), "No meta format", "info"],
  ["nesting-depth", broken("</ul>", `</ul>${"<div>".repeat(20_000)}`), /nested too deep/],
  [
    "text-size",
    broken(">Unsubscribe<", "><span style='font-size:.6em'>Unsubscribe</span><"),
    "There is text of 10.2 px",
    "warning",
  ],
  ["text-size", broken("font-size:17px", "font-size:11pt"), "There are paragraphs of", "warning"],
  [
    "line-height",
    broken("line-height:28px", "line-height:1.2"),
    "Paragraphs have a line height",
    "info",
  ],
  [
    "web-fonts",
    broken(
      "<style>",
      "<style>@font-face { font-family: Inn; src: url(https://a.example/i.woff2) }",
    ),
    "Fonts are fetched from the web",
    "warning",
  ],
  ["font-fallback", broken("Georgia,serif", "'Harbour Sans'"), "The font 'Harbour Sans'", "info"],
  [
    "content-width",
    broken('width="600" style="width:100%;max-width:600px"', 'width="960" style="width:960px"'),
    "The content is 960 px wide, and many panes are narrower",
    "warning",
  ],
  ["image-width", broken(' width="520"', ""), "One picture has no width attribute", "warning"],
  [
    "image-fits",
    broken("width:100%;max-width:520px", "width:520px"),
    "One picture is wider than a phone, and can't shrink",
    "warning",
  ],
  [
    "dark-mode",
    broken('<meta name="supported-color-schemes" content="light dark">', ""),
    "The dark colours are not declared completely. Missing: the meta supported-color-schemes",
    "warning",
  ],
  ["dark-outlook", broken("[data-ogsc] .ink", ".ink"), "Outlook.com doesn't get the", "warning"],
  [
    "client-support",
    broken('margin:0"><li', 'margin:0;display:grid"><li'),
    /^display:grid is not known to Outlook on Windows.* of readers/,
    "warning",
  ],
  [
    "placeholder-copy",
    broken("The school bus stops eleven times", "Dear {first_name}"),
    "Sample text of a template: “{first_name}",
    "warning",
  ],
];

test("a sound mail has no fault", () => {
  const { findings, verdict } = check(SOUND);
  const notes = new Set(["client-support", "link-example"]);
  expect(findings.filter(({ rule }) => !notes.has(rule))).toEqual([]);
  expect(findings.map(({ severity }) => severity)).toEqual(["info", "info", "info"]);
  expect(verdict).toBe("pass");
});

test.each(CASES.map((each) => [each[2], each] as const))("it is found that: %s", (_says, each) => {
  const [rule, mail, says, severity = "error"] = each;
  const findings = found(check(mail), rule);
  const told = findings.find(({ message }) =>
    typeof says === "string" ? message.startsWith(says) : says.test(message),
  );
  expect(told ?? findings).toMatchObject({ rule, severity });
});

test("every rule about HTML has a mail that breaks it", () => {
  const tried = new Set(CASES.map(([rule]) => rule));
  const elsewhere = [
    "web-link",
    "postal-address",
    "reason",
    "story-headings",
    "image-sharp",
    "image-hotlink",
    "pictures-left",
  ];
  const untried = HTML_RULES.filter(({ id }) => !tried.has(id)).map(({ id }) => id);
  expect(untried.sort(), "a rule needs a row in CASES").toEqual(elsewhere.sort());
});

test("the steps of key frames are CSS", () => {
  const steps = "@keyframes tide { from { top: 0 } 50%, 60% { top: 1px } }</style>";
  expect(found(check(broken("</style>", steps)), "css-syntax")).toEqual([]);
});

test("a link's password is not repeated", () => {
  const report = JSON.stringify(check(linkSays("").replace(LINK, "https://wenna:tide@a.example/")));
  expect(report).toContain("link-credentials");
  expect(report).not.toContain("tide@");
});

test("the word undefined in a sentence is no fault", () => {
  expect(found(check(broken("Beacon Hill", "an undefined path")), "empty-values")).toEqual([]);
});

describe("in every language of our labels", () => {
  test("there are words for links", () => {
    expect(Object.keys(WORDS).sort(), "the languages of src/check/link-words.json").toEqual(
      [...LABEL_LANGUAGES].sort(),
    );
  });

  test.each(LABEL_LANGUAGES)("our own link to unsubscribe is known: %s", (language) => {
    const { unsubscribe } = labelsFor(language).words;
    expect(found(check(broken(">Unsubscribe<", `> ${unsubscribe} <`)), "unsubscribe-link")).toEqual(
      [],
    );
  });
});

test("a word that has another one in it ends no subscription", () => {
  const mail = broken(">Unsubscribe<", ">Trabajar con datos granulares<");
  expect(found(check(mail), "unsubscribe-link")).toHaveLength(1);
});

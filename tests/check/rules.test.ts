import { describe, expect, test } from "vitest";
import type { Severity } from "../../src/check/finding.ts";
import { HTML_RULES, RULES } from "../../src/check/rules.ts";
import { isAcceptable } from "../../src/check/verdict-words.js";
import { broken, check, found, SOUND, SUBJECT } from "./mail.ts";

interface Case {
  readonly rule: string;
  readonly fault: string;
  readonly mail: string;
  readonly severity?: Severity;
  readonly says: string | RegExp;
}

const LINK = "https://letter.example/inn";
const linkTo = (href: string) => broken(`href="${LINK}"`, `href="${href}"`);

const CASES: readonly Case[] = [
  {
    rule: "merge-tags",
    fault: "a template leaves a merge field behind",
    mail: broken("Beacon Hill", "{{ place }}"),
    says: "A merge field was left unfilled: “{{ place }}”",
  },
  {
    rule: "merge-tags",
    fault: "a service's merge field is in an address",
    mail: linkTo("*|ARCHIVE|*"),
    says: "A merge field was left unfilled: “*|ARCHIVE|*”",
  },
  {
    rule: "empty-values",
    fault: "a value is not there",
    mail: broken("The van climbs Beacon Hill", "undefined"),
    says: "“undefined” stands where a text should",
  },
  {
    rule: "link-script",
    fault: "a link runs a script",
    mail: linkTo(" java\nscript:alert(1)"),
    says: "The link “inn has moved its supper” would run a script or open a file",
  },
  {
    rule: "link-credentials",
    fault: "a link has a password in it",
    mail: linkTo("https://wenna:tide@letter.example/"),
    says: "The link “inn has moved its supper” shows a user name or a password",
  },
  {
    rule: "link-local",
    fault: "a link leads to this machine",
    mail: linkTo("http://localhost:3000/inn"),
    says: /can't reach$/,
  },
  {
    rule: "link-local",
    fault: "a link leads into a network",
    mail: linkTo("https://192.168.0.4/inn"),
    says: /can't reach$/,
  },
  {
    rule: "link-test",
    fault: "a link leads to a name for tests",
    mail: linkTo("https://mudlark.test/inn"),
    says: "The link “inn has moved its supper” leads to a name that exists only in tests",
  },
  {
    rule: "link-example",
    fault: "a link leads to an example",
    mail: linkTo("https://www.example.org/inn"),
    severity: "info",
    says: "2 links lead to an example that reaches nobody: www.example.org, letter.example",
  },
  ...[
    ["filler", "Vitae, architecto dolor sit amet consectetur adipisicing elit.", "Vitae"],
    ["a slot in brackets", "Thanks, the [Product Name] team", "[Product Name]"],
    ["a name in braces", "Dear {first_name}", "{first_name}"],
    ["an example's address", "Wether Post, 123 Main Street", "123 Main Street"],
    ["an instruction", "(Optional) What the inbox shows", "(Optional)"],
    ["a heading that only counts", "Heading 2", "Heading 2"],
  ].map(([fault = "", text = "", told = ""]) => ({
    rule: "placeholder-copy",
    fault: `${fault} was left`,
    mail: broken("The school bus stops eleven times", text),
    severity: "warning" as const,
    says: new RegExp(`^Still a template's: “${told.replace(/[[\](){}]/g, "\\$&")}`),
  })),
  { rule: "link-nowhere", fault: "a link is #", mail: linkTo("#"), says: /leads nowhere$/ },
  { rule: "link-broken", fault: "a link is relative", mail: linkTo("inn.html"), says: /whole/ },
  { rule: "link-broken", fault: "a link has no host", mail: linkTo("https://"), says: /whole/ },
  {
    rule: "link-insecure",
    fault: "a link is http",
    mail: linkTo("http://letter.example/inn"),
    severity: "warning",
    says: /is http$/,
  },
  {
    rule: "link-name",
    fault: "a link holds nothing but a picture without a text",
    mail: broken(
      "inn has moved its supper",
      '<img alt="" src="https://a.example/a.png" width="9">',
    ),
    says: "One link has no text",
  },
  {
    rule: "link-text",
    fault: "a link doesn't say where it goes",
    mail: broken("inn has moved its supper", "Read more →"),
    severity: "warning",
    says: "One link says only “Read more →”",
  },
  {
    rule: "link-underline",
    fault: "a link in a text is told by its colour",
    mail: broken("text-decoration:underline", "text-decoration:none"),
    severity: "warning",
    says: "One link in a text is not underlined",
  },
  {
    rule: "preheader",
    fault: "nothing goes on where the subject ends",
    mail: broken(/<div style="display:none">.*<\/div>/, ""),
    severity: "warning",
    says: "There is no preheader: inboxes go on with “The Wetherside Letter”",
  },
  {
    rule: "preheader",
    fault: "the preheader is the subject",
    mail: broken(/The evening ferry leaves when [^&]* /, "The ferry that waits for the post "),
    severity: "warning",
    says: "The preheader only says the subject again",
  },
  {
    rule: "preheader",
    fault: "the preheader is short",
    mail: broken(/The evening ferry leaves when [^&]* /, "It is late again "),
    severity: "info",
    says: "The preheader has 16 characters, and inboxes have room for more",
  },
  {
    rule: "preheader-padding",
    fault: "the message itself shows in the inbox",
    mail: broken(/( &#8199;&#847;)+/, ""),
    severity: "warning",
    says: "After the preheader the inbox goes on with “The Wetherside Letter”",
  },
  {
    rule: "unsubscribe-link",
    fault: "nobody can unsubscribe",
    mail: broken(
      '<a href="https://letter.example/u/1" class="ink" style="color:#1A1A18">Unsubscribe</a>',
      "So long",
    ),
    severity: "warning",
    says: "There is no link to unsubscribe",
  },
  {
    rule: "image-alt",
    fault: "a picture has no alt",
    mail: broken(' alt="The Maid of Carrow at the slip"', ""),
    says: "One picture has no alt text",
  },
  {
    rule: "image-alt-text",
    fault: "the alt is the name of a file",
    mail: broken("The Maid of Carrow at the slip", "slip-final2.JPG"),
    severity: "warning",
    says: /slip-final2\.JPG/,
  },
  {
    rule: "image-only",
    fault: "a picture is all there is",
    mail: broken(
      /<table role="presentation" width="600" [^]*<\/table>\n<!/,
      '<img alt="" width="600" style="max-width:100%" src="https://a.example/a.png">\n<!',
    ),
    says: /^There are 0 letters beside one picture/,
  },
  {
    rule: "image-source",
    fault: "a picture lies on somebody's disk",
    mail: broken("https://letter.example/slip.png", "C:\\slip.png"),
    says: /without a whole address/,
  },
  {
    rule: "image-source",
    fault: "a picture comes over http",
    mail: broken("https://letter.example/slip.png", "http://letter.example/slip.png"),
    severity: "warning",
    says: "One picture with an http address",
  },
  {
    rule: "declared-contrast",
    fault: "the text is grey",
    mail: broken('<h2 class="ink" style="color:#1A1A18"', '<h2 class="ink" style="color:#AAA"'),
    says: "Text has too little contrast: #AAAAAA on #FFFFFF has 2.32 of 3",
  },
  {
    rule: "declared-contrast",
    fault: "a class makes the text grey, over its type",
    mail: broken(
      "</style>",
      "</style><style>#x p,p.ink{color:gray}.page{background:#eee}p{color:#000!important}li.ink{color:#bbb!important}</style>",
    ),
    says: "Text has too little contrast: #BBBBBB on #FFFFFF has 1.92 of 4.5",
  },
  {
    rule: "declared-contrast-dark",
    fault: "the text stays dark on dark",
    mail: broken("color: #EEEEEE", "color: #333333"),
    says: /^Text has too little contrast in the dark: #333333 on #111111 has 1\.4/,
  },
  {
    rule: "html-size",
    fault: "Gmail cuts it off",
    mail: broken("</ul>", `</ul><!--${"x".repeat(103 * 1024)}-->`),
    says: /^The HTML is 1\d\d\.\d KB: Gmail cuts it off at 102 KB/,
  },
  {
    rule: "html-size",
    fault: "Gmail nearly cuts it off",
    mail: broken("</ul>", `</ul><!--${"x".repeat(81 * 1024)}-->`),
    severity: "warning",
    says: /^The HTML is 8\d\.\d KB/,
  },
  {
    rule: "conditional-comments",
    fault: "a comment for Outlook is never ended",
    mail: broken(
      "<!--[if mso]></td></tr></table><![endif]-->",
      "<!--[if mso]></td></tr></table>-->",
    ),
    says: /^A comment for Outlook is never ended/,
  },
  {
    rule: "conditional-comments",
    fault: "a comment for Outlook ends twice",
    mail: broken("<![endif]-->", "<![endif]--><!--<![endif]-->"),
    says: "A comment for Outlook ends where none is open",
  },
  {
    rule: "css-size",
    fault: "the style sheet is too long for Gmail",
    mail: broken("</style>", `${".a { color: red }\n".repeat(1000)}</style>`),
    severity: "warning",
    says: /16 KB$/,
  },
  {
    rule: "css-nested-at",
    fault: "an at-rule stands in another",
    mail: broken("</style>", "@media screen { @media (min-width:1px) { a { b: c } } }</style>"),
    severity: "warning",
    says: "One at-rule stands in another one",
  },
  {
    rule: "css-syntax",
    fault: "the style sheet has a fault",
    mail: broken("</style>", ".a { color red }</style>"),
    severity: "warning",
    says: "This is not CSS: “color red”",
  },
  {
    rule: "outside-styles",
    fault: "a style sheet is fetched",
    mail: broken("<style>", '<link rel="stylesheet" href="https://a.example/a.css"><style>'),
    severity: "warning",
    says: "Styles are fetched from elsewhere",
  },
  {
    rule: "webmail-drops",
    fault: "something is said where webmail takes it out",
    mail: broken("</ul>", "</ul><noscript>Only here</noscript>"),
    says: "Webmail drops <noscript>, and what stands in it",
  },
  {
    rule: "headings",
    fault: "there is no heading",
    mail: SOUND.replace(/<(\/?)h[12]/g, "<$1p"),
    severity: "warning",
    says: /^There is no heading/,
  },
  {
    rule: "headings",
    fault: "a level is left out",
    mail: SOUND.replace(/<(\/?)h2/g, "<$1h3"),
    severity: "warning",
    says: "One heading skips a level",
  },
  {
    rule: "layout-tables",
    fault: "a layout table is read out as one",
    mail: broken('<table role="presentation" width="600" style', '<table width="600" style'),
    severity: "warning",
    says: "One layout table is not role=presentation",
  },
  {
    rule: "lists",
    fault: "a list is typed",
    mail: broken(/<ul[^]*<\/ul>/, "<p>• The van climbs</p><p>• The bus stops</p>"),
    severity: "warning",
    says: "A list is typed with bullets",
  },
  {
    rule: "paragraphs",
    fault: "paragraphs are parted by line breaks",
    mail: broken("in a row. ", "in a row.<br>\n<br />"),
    severity: "info",
    says: "Paragraphs are parted by <br><br>",
  },
  {
    rule: "vml",
    fault: "a drawing for Outlook has no alt",
    mail: broken(
      "</ul>",
      '</ul><!--[if mso]>\n<v:rect><v:fill src="https://a.example/a.png"/></v:rect><![endif]-->',
    ),
    severity: "warning",
    says: "One drawing for Outlook without alt",
  },
  {
    rule: "language",
    fault: "the language isn't known",
    mail: broken('<html lang="en"', '<html lang="und"'),
    says: 'lang="und" is not a language',
  },
  {
    rule: "language",
    fault: "webmail drops the language",
    mail: broken(`aria-label="${SUBJECT}" lang="en"`, 'aria-label="x"'),
    severity: "warning",
    says: "Only <html> says the language, and webmail drops <html>",
  },
  {
    rule: "direction",
    fault: "Arabic is set from the left",
    mail: SOUND.replace(
      /[A-Za-z ]{12,}(?=<)/g,
      "يشعل المخبز أفرانه حين يتحول المد ويبيع كل ما عنده قبل انحسار الماء",
    ),
    severity: "error",
    says: "The text runs from right to left, and the email doesn't say so",
  },
  {
    rule: "title",
    fault: "the title is another one",
    mail: broken(/<title>.*<\/title>/, "<title>Newsletter</title>"),
    severity: "warning",
    says: "<title> says “Newsletter”, and the subject “The ferry that waits for the post”",
  },
  {
    rule: "article-role",
    fault: "nothing says where the email begins",
    mail: broken('role="article" ', ""),
    severity: "warning",
    says: "No element has role=article",
  },
  {
    rule: "viewport",
    fault: "readers can't zoom",
    mail: broken("initial-scale=1", "initial-scale=1, user-scalable=no"),
    severity: "warning",
    says: "The viewport forbids readers to zoom",
  },
  {
    rule: "encoding",
    fault: "it is of another time",
    mail: broken("<!doctype html>", "").replace("utf-8", "windows-1252"),
    severity: "warning",
    says: "The HTML has no doctype, so that browsers lay it out as in 1998, and says that it is windows-1252",
  },
  {
    rule: "apple-mail",
    fault: "iPhones make links of dates",
    mail: broken(/<meta name="format-detection"[^>]*>/, ""),
    severity: "info",
    says: "No meta format-detection",
  },
  {
    rule: "nesting-depth",
    fault: "a loop never ends",
    mail: broken("</ul>", `</ul>${"<div>".repeat(20_000)}`),
    says: /nested too deep/,
  },
  {
    rule: "text-size",
    fault: "the small print is too small",
    mail: broken(">Unsubscribe<", "><span style='font-size:.6em'>Unsubscribe</span><"),
    severity: "warning",
    says: "Text is set in 10.2 px",
  },
  {
    rule: "text-size",
    fault: "paragraphs are small",
    mail: broken("font-size:17px", "font-size:11pt"),
    severity: "warning",
    says: "Paragraphs are set in 14.7 px",
  },
  {
    rule: "line-height",
    fault: "lines stand close",
    mail: broken("line-height:28px", "line-height:1.2"),
    severity: "info",
    says: "Paragraphs have lines only 1.20 times their size apart",
  },
  {
    rule: "web-fonts",
    fault: "a font is fetched",
    mail: broken(
      "<style>",
      "<style>@font-face { font-family: Inn; src: url(https://a.example/i.woff2) }",
    ),
    severity: "warning",
    says: "Fonts are fetched from the web",
  },
  {
    rule: "font-fallback",
    fault: "a font stands alone",
    mail: broken("Georgia,serif", "'Harbour Sans'"),
    severity: "info",
    says: "The font 'Harbour Sans' has nothing to fall back on",
  },
  {
    rule: "content-width",
    fault: "the content is wide",
    mail: broken(
      'width="600" style="width:100%;max-width:600px"',
      'width="960" style="width:960px"',
    ),
    severity: "warning",
    says: "The content is 960 px wide, and many panes are narrower",
  },
  {
    rule: "image-width",
    fault: "Outlook doesn't know how wide a picture is",
    mail: broken(' width="520"', ""),
    severity: "warning",
    says: "One picture has no width attribute",
  },
  {
    rule: "image-fits",
    fault: "a picture can't shrink",
    mail: broken("width:100%;max-width:520px", "width:520px"),
    severity: "warning",
    says: "One picture is wider than a phone, and can't shrink",
  },
  {
    rule: "dark-mode",
    fault: "a meta for dark screens is missing",
    mail: broken('<meta name="supported-color-schemes" content="light dark">', ""),
    severity: "warning",
    says: "Of what makes dark colours hold it lacks the meta supported-color-schemes",
  },
  {
    rule: "dark-outlook",
    fault: "Outlook.com doesn't get a dark colour",
    mail: broken("[data-ogsc] .ink", ".ink"),
    severity: "warning",
    says: "Outlook.com doesn't get the dark colours of “.ink”",
  },
  {
    rule: "client-support",
    fault: "the layout is one that many don't know",
    mail: broken('margin:0"><li', 'margin:0;display:grid"><li'),
    severity: "warning",
    says: /^display:grid is not known to Outlook on Windows.* of readers/,
  },
];

test("a sound mail has no fault", () => {
  const { findings, verdict } = check(SOUND);
  const notes = new Set(["client-support", "link-example"]);
  expect(findings.filter(({ rule }) => !notes.has(rule))).toEqual([]);
  expect(findings.map(({ severity }) => severity)).toEqual(["info", "info", "info"]);
  expect(verdict).toBe("pass");
});

describe.each(CASES)("$rule: $fault", ({ rule, mail, severity = "error", says }) => {
  test("is found", () => {
    const findings = found(check(mail), rule);
    const told = findings.find(({ message }) =>
      typeof says === "string" ? message === says : says.test(message),
    );
    expect(told ?? findings).toMatchObject({ rule, severity });
  });
});

test("every rule about HTML has a mail that breaks it", () => {
  const tried = new Set(CASES.map(({ rule }) => rule));
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
  expect(untried.sort()).toEqual(elsewhere.sort());
});

test("a link's password is not repeated", () => {
  const report = JSON.stringify(
    check(broken("inn has moved its supper", "").replace(LINK, "https://wenna:tide@a.example/")),
  );
  expect(report).toContain("link-credentials");
  expect(report).not.toContain("tide@");
});

test.each([
  "The bus (optional) stops [sic] at 123 Mainz Street, as the Latin says: et in arcadia ego",
  "Heading 2 miles up the coast",
  "Your name in lights",
  "She called it “a button [of a place]”",
  "Sed fugit interea, fugit irreparabile tempus, and so did the bus",
])("nothing is a template's in: %s", (text) => {
  const mail = broken("The school bus stops eleven times", text);
  expect(found(check(mail), "placeholder-copy")).toEqual([]);
});

test("the word undefined in a sentence is no fault", () => {
  expect(found(check(broken("Beacon Hill", "an undefined path")), "empty-values")).toEqual([]);
});

test("the preview offers Accept where a rule's cure says so, and nowhere else", () => {
  const offered = RULES.filter(({ id }) => isAcceptable({ rule: id })).map(({ id }) => id);
  const cured = RULES.filter(({ fix }) => /\baccept (?:it|the story)\b/.test(fix)).map(
    ({ id }) => id,
  );
  expect(offered).toEqual(cured);
  expect(offered.length).toBeGreaterThan(5);
});

import { expect, test } from "vitest";
import { spamFindings } from "../../src/check/outside-findings.ts";

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

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { broadsheet, folderWith, linesOf } from "../cli/broadsheet.ts";

test("SpamAssassin finds less than one point in a newsletter as init writes it, and check says so", async () => {
  const cwd = await folderWith();
  await broadsheet(["init", "--yes"], { cwd });
  const built = await broadsheet(["build", "--date", "2026-11-24", "--json"], { cwd });
  const { dir } = z.looseObject({ dir: z.string() }).parse(linesOf(built)[0]);
  const mail = await readFile(path.join(dir, "email.eml"));
  const report = execFileSync("spamassassin", ["-L", "-t"], { input: mail, encoding: "utf8" });
  const points = Number(/^X-Spam-Status: .*?score=(-?[\d.]+)/m.exec(report)?.[1]);
  expect(points).toBeLessThan(1);
  const checked = await broadsheet(["check", "latest", "--json"], { cwd });
  const { notRun } = z
    .looseObject({ notRun: z.array(z.looseObject({ rule: z.string() })) })
    .parse(linesOf(checked)[0]);
  expect(notRun.map(({ rule }) => rule)).not.toContain("spam-words");
});

/** A story in each language whose newsletter would have a name that a header can't hold as it is. */
const STORIES: Readonly<Record<string, readonly [name: string, story: string]>> = {
  en: [
    "The Slipway",
    "# The ferry that waits for the post\n\nThe evening ferry from Port Carrow leaves when the post van has come. It has been late on 212 days in a row, and nobody on the island wants it otherwise.\n",
  ],
  de: [
    "Die Fähre",
    "# Die Fähre wartet auf die Post\n\nDie Abendfähre von Carrow legt ab, sobald der Postwagen gekommen ist. Sie war an 212 Tagen hintereinander zu spät, und niemand auf der Insel will es anders.\n",
  ],
  ru: [
    "Паром и почта",
    "# Паром ждёт почту\n\nВечерний паром из порта Карроу отходит, когда приезжает почтовая машина. Он опаздывал 212 дней подряд, и никто на острове не хочет иного.\n",
  ],
  ja: [
    "渡し船通信",
    "# 郵便を待つ渡し船\n\n港を夕方に出る渡し船は、郵便車が着いてから出港する。二百十二日続けて遅れたが、島ではだれもそれを変えたいと思っていない。\n",
  ],
  ar: [
    "رسالة العبّارة",
    "# العبّارة التي تنتظر البريد\n\nتغادر عبّارة المساء الميناء حين تصل سيارة البريد. تأخرت ٢١٢ يومًا متتاليًا ولا أحد في الجزيرة يريد غير ذلك.\n",
  ],
};

const CASES = Object.entries(STORIES).flatMap(([language, [name, story]]) =>
  ["digest", "brief", "letter"].map((template) => ({ language, template, name, story })),
);

/** SpamAssassin's own score: what it adds for a template of ours, and not for what its reader's server knows. */
test.each(CASES)(
  "in $language a $template costs 0.5 points at most",
  async ({ language, template, name, story }) => {
    const config = {
      name,
      language,
      template,
      from: "post@slipway.example",
      postalAddress: "2 Sailcloth Row, Thornsea",
      urls: {
        web: "https://slipway.example/{slot}",
        unsubscribe: "https://slipway.example/u/{token}",
      },
    };
    const cwd = await folderWith({
      "content/1.md": story,
      "broadsheet.config.json": JSON.stringify(config),
    });
    const built = await broadsheet(["build", "--date", "2026-11-24", "--json"], { cwd });
    const { dir } = z.looseObject({ dir: z.string() }).parse(linesOf(built)[0]);
    const mail = await readFile(path.join(dir, "email.eml"));
    const report = execFileSync("spamassassin", ["-L", "-t"], { input: mail, encoding: "utf8" });
    const points = Number(/^X-Spam-Status: .*?score=(-?[\d.]+)/m.exec(report)?.[1]);
    expect(points, report).toBeLessThanOrEqual(0.5);
  },
);

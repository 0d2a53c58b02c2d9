import { expect, test } from "vitest";
import { loadTemplate } from "../src/email/io/load-template.ts";
import { renderEmail } from "../src/email/render-email.ts";
import { ARABIC, JAPANESE, LETTER, brief, grouped, roundUp } from "./fixtures.ts";

/** Emails as they are meant to be. */
const GOLDEN = [
  ["brief", brief(), "brief"],
  ["digest", roundUp(5), "digest"],
  ["letter", LETTER, "letter"],
  ["digest-sections", grouped(7), "digest"],
  ["brief-arabic", ARABIC, "brief"],
  ["brief-japanese", JAPANESE, "brief"],
] as const;

const AGAIN = "npm run golden writes it again: then look at it, and read the diff";

test.each(GOLDEN)("the %s is rendered as it was last approved", async (name, digest, template) => {
  const email = await renderEmail(digest, await loadTemplate(template));
  await expect(email.html, AGAIN).toMatchFileSnapshot(`golden/${name}.html`);
  await expect(email.text, AGAIN).toMatchFileSnapshot(`golden/${name}.txt`);
});

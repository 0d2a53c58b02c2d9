import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { type Digest, withEntries } from "../../src/digest/digest.ts";
import { MODULE_EXAMPLES } from "../../src/digest/modules.ts";
import type { Template } from "../../src/email/email.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import { withoutMarks } from "../../src/email/marks.ts";
import NAMES from "../../src/preview/client/texts.json" with { type: "json" };
import { ARABIC, brief, grouped, JAPANESE, LETTER, roundUp, TITLES } from "../fixtures.ts";
import { attributesOf, documentOf, render, textsOf } from "../render.ts";
import { newFolder } from "../temporary.ts";

const MODULES: Digest["modules"] = {
  sponsor: {
    name: "Halyard & Tow",
    title: "Rope <that> floats",
    text: "Forty metres.",
    url: "https://rope.example/",
    link: "See the rope",
  },
  feedback: { question: "Was it?", yes: "https://slip.example/yes", no: "https://slip.example/no" },
  closing: "Back on Thursday.",
};

const DIGESTS: Readonly<Record<string, Digest>> = {
  brief: brief(),
  digest: { ...roundUp(5), modules: { ...roundUp(5).modules, ...MODULES } },
  sections: grouped(7),
  letter: { ...LETTER, modules: MODULES },
  arabic: ARABIC,
  japanese: JAPANESE,
};

const CASES = [
  ["brief", "brief"],
  ["brief", "arabic"],
  ["brief", "letter"],
  ["digest", "digest"],
  ["digest", "sections"],
  ["digest", "japanese"],
  ["letter", "letter"],
  ["letter", "digest"],
] as const;

async function both(by: string | Template, digest: Digest) {
  const [plain, marked] = await Promise.all(
    [{}, { hasMarks: true }].map(async (options) => render(digest, by, options)),
  );
  return { plain: plain?.html ?? "", marked: marked?.html ?? "" };
}

/** The fields that are marked, each once, in the order of the page. */
function fieldsIn(html: string): string[] {
  return [...new Set(attributesOf(documentOf(html)("[data-field]"), "data-field"))].map(String);
}

test.each(CASES)(
  "what the template %s marks of the %s has a name for editors",
  async (by, digest) => {
    const { marked } = await both(by, DIGESTS[digest] ?? brief());
    const unnamed = fieldsIn(marked)
      .map((field) => field.replace(/\.\d+(?=\.|$)/g, ""))
      .filter((field) => field !== "article.images" && !Object.hasOwn(NAMES, field));
    expect(unnamed, "names in src/preview/client/texts.json").toEqual([]);
  },
);

test.each(CASES)("the template %s with marks is what is sent of the %s", async (name, digest) => {
  const { plain, marked } = await both(name, DIGESTS[digest] ?? brief());
  expect(withoutMarks(marked)).toBe(plain);
  expect(marked.length).toBeGreaterThan(plain.length);
  expect(plain).not.toMatch(/data-field|x-text/);
});

test("a lead whose author is not known names its paper, and its link can be edited there", async () => {
  const alone = withEntries(roundUp(5), (one) => {
    return { ...one, article: { ...one.article, authors: [] } };
  });
  const { marked } = await both("digest", alone);
  const $ = documentOf(marked);
  const ofLead = $("h2 [data-field='short.headline']").first().attr("data-story") ?? "";
  const [paper, link] = ["article.site", "article.url"].map((field) =>
    $(`[data-story="${ofLead}"][data-field="${field}"]`).first().text(),
  );
  expect([paper, link]).toEqual(["The Estuary Paper", "Read the whole story"]);
});

function list(name: string, ...fields: string[]): string[] {
  return [0, 1, 2].flatMap((at) => fields.map((field) => `${name}.${at}.${field}`));
}

test("the marks of a brief name every text of its story, in the digest's own order", async () => {
  // The dates are shown in the order of time, and stand in the digest in another.
  const turned = withEntries(brief(), ({ summary, ...one }) => {
    return { ...one, summary: { ...summary, timeline: summary.timeline.toReversed() } };
  });
  const { marked } = await both("brief", turned);
  const $ = documentOf(marked);
  expect(new Set(fieldsIn(marked))).toEqual(
    new Set([
      "article.kicker",
      "article.url",
      "article.title",
      "summary.gist",
      "article.authors",
      "article.site",
      "article.images",
      "keyPoint.0",
      "keyPoint.1",
      "keyPoint.2",
      "summary.quote.text",
      "summary.quote.speaker",
      ...list("summary.timeline", "when", "sentence"),
      ...list("summary.figures", "value", "what"),
      ...list("summary.people", "name", "role").filter((one) => one !== "summary.people.2.role"),
    ]),
  );
  expect($('[data-field="summary.timeline.2.when"]').text()).toBe("1794");
  expect($("x-text").attr("data-story")).toBe("bakery");
});

test("the marks of a letter name its blocks, of which a list has several texts", async () => {
  const { marked } = await both("letter", DIGESTS["letter"] ?? brief());
  const $ = documentOf(marked);
  expect(textsOf($('[data-field="letter.blocks.4"]'))).toHaveLength(2);
  expect(fieldsIn(marked)).toEqual(
    expect.arrayContaining([
      "letter.blocks.0",
      "letter.signature",
      "modules.sponsor.title",
      "modules.closing",
      "modules.feedback.question",
      "article.title",
    ]),
  );
});

/** The fields of an example that hold words. The others hold addresses, ids, and a unit that is shown with its value. */
function wordsIn(value: unknown, field: string): string[] {
  if (typeof value === "string") return /^(?:https?|mailto|images)[:/]/.test(value) ? [] : [field];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => !["articleId", "unit", "image"].includes(name))
    .flatMap(([name, inner]) => wordsIn(inner, `${field}.${name}`));
}

const MODULE_WORDS = wordsIn(MODULE_EXAMPLES, "modules");

test("the words of every module are marked, and have a name for editors", async () => {
  expect(MODULE_WORDS.length).toBeGreaterThan(9);
  const text = MODULE_WORDS.map((field) => `<p>{{${field}}}</p>`).join("");
  const template = await ownTemplate(`<mj-text>{{lead.title}}${text}</mj-text>`);
  const { marked } = await both(template, { ...roundUp(1), modules: MODULE_EXAMPLES });
  expect(fieldsIn(marked)).toEqual(["article.title", ...MODULE_WORDS]);
  expect(
    MODULE_WORDS.filter((field) => !Object.hasOwn(NAMES, field)),
    "names in src/preview/client/texts.json",
  ).toEqual([]);
});

test("a template of one's own is marked too", async () => {
  const template = await ownTemplate(
    `{{#with lead}}<mj-text><b title="{{title}}">{{title}}</b></mj-text>{{/with}}`,
  );
  const { plain, marked } = await both(template, roundUp(1));
  expect(withoutMarks(marked)).toBe(plain);
  expect(documentOf(marked)("b > x-text").attr("data-field")).toBe("article.title");
  expect(documentOf(marked)("b").attr("title")?.replace("\u00A0", " ")).toBe(TITLES[0]);
});

test("no text of a digest can make or break a mark", async () => {
  const rude = `x"></x-text><script>alert(1)</script><x-text data-story="" data-field=""> data-story="1"`;
  const digest = withEntries(roundUp(3), (one) => ({
    ...one,
    id: `own-${rude}`,
    article: { ...one.article, title: rude, kicker: rude, site: rude },
  }));
  const { plain, marked } = await both("digest", { ...digest, letter: { text: rude } });
  expect(withoutMarks(marked)).toBe(plain);
  const $ = documentOf(marked);
  expect($("script").length).toBe(0);
  expect($("x-text").attr("data-story")).toBe("");
  expect($('x-text[data-field="article.kicker"]').attr("data-story")).toBe(`own-${rude}`);
});

async function ownTemplate(mjml: string): Promise<Template> {
  const folder = await newFolder();
  await mkdir(path.join(folder, "digest"));
  const file = (name: string) => path.join(folder, "digest", name);
  const body = `<mj-section><mj-column>${mjml}</mj-column></mj-section>`;
  await writeFile(file("html.mjml.hbs"), `<mjml><mj-body>${body}</mj-body></mjml>`);
  await writeFile(file("text.txt.hbs"), "{{subject}}");
  return loadTemplate("digest", folder);
}

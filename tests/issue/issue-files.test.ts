import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import type { UserConfig } from "../../src/config/user-config.ts";
import { loadTemplate } from "../../src/email/io/load-template.ts";
import type { Picture } from "../../src/email/email.ts";
import { issueFiles } from "../../src/issue/issue-files.ts";
import { article } from "../fixtures.ts";

const shown: Picture = { name: "mill.png", contentType: "image/png", content: Buffer.from("mill") };
const other: Picture = { name: "bell.png", contentType: "image/png", content: Buffer.from("bell") };

/** Two stories with a picture each, of which the template shows the first story's. */
async function build(config: UserConfig = {}) {
  const stories = [shown, other].map(({ name }) =>
    article({ id: name, images: [{ src: `images/${name}`, alt: "" }] }),
  );
  const { files, email } = await issueFiles({
    articles: stories,
    pictures: [shown, other],
    config: parseConfig(config, {}, "/letter/broadsheet.config.json"),
    template: await loadTemplate("brief"),
    slot: "2031-04-02",
    date: "2031-04-02",
  });
  const [, src] = /<img [^>]*?src="([^"]*)"/.exec(email.html) ?? [];
  const { attachments } = await simpleParser(Buffer.from(files.get("email.eml") ?? ""));
  return { files: [...files.keys()], src, travelling: attachments.map(({ content }) => content) };
}

test("a picture that is shown travels in the message, and one that isn't lies in images/ only", async () => {
  const { files, src, travelling } = await build();
  expect(src).toBe("images/mill.png");
  expect(travelling).toEqual([shown.content]);
  expect(files).toEqual(expect.arrayContaining(["images/mill.png", "images/bell.png"]));
});

test("with images.baseUrl it is shown from there, for this issue, and none travels", async () => {
  const { files, src, travelling } = await build({
    images: { baseUrl: 'https://a.example/{slot}/"x"&y' },
  });
  expect(src).toBe("https://a.example/2031-04-02/%22x%22&amp;y/mill.png");
  expect(travelling).toEqual([]);
  expect(files).toContain("images/mill.png");
});

import { checkIssue, type IssueMail } from "../../src/check/check-issue.ts";
import type { Report } from "../../src/check/finding.ts";
import { type Config, parseConfig } from "../../src/config/config.ts";
import type { Digest } from "../../src/digest/digest.ts";
import type { Picture } from "../../src/email/picture.ts";
import { sampleOf } from "../../src/issue/mailing.ts";
import { render } from "../render.ts";

/** A newsletter whose config leaves nothing out. */
export const CONFIG: Config = parseConfig(
  {
    name: "The Mudlark",
    from: "desk@mudlark.internal",
    postalAddress: "The Mudlark, 3 Staithe Lane, Orrell",
    urls: {
      web: "https://mudlark.example/{slot}",
      unsubscribe: "https://mudlark.example/u/{token}",
      archive: "https://mudlark.example/",
    },
  },
  {},
  "/nowhere/broadsheet.config.ts",
);

const MILL: Picture = {
  name: "mill.png",
  contentType: "image/png",
  content: Buffer.from("not looked at"),
};

/** A digest as its sample reader gets it. */
export async function issueOf(
  digest: Digest,
  template: string,
  config = CONFIG,
): Promise<IssueMail> {
  const email = await render(digest, template);
  return sampleOf({ digest, email, pictures: [MILL] }, config);
}

/** The same with a sentence of its own for each story, where the fixtures say the same of all. */
export function withOwnLines(digest: Digest): Digest {
  const sections = digest.sections.map((section) => ({
    ...section,
    entries: section.entries.map((entry) => {
      const gist = { text: `This much is new: ${entry.article.id.toLowerCase()}.` };
      return { ...entry, summary: { ...entry.summary, gist, keyPoints: [] } };
    }),
  }));
  // The lines of an inbox are their editor's too.
  const { composed: _composed, ...rest } = digest;
  return { ...rest, sections };
}

/** What is found in a digest, rendered. */
export async function reportOn(digest: Digest, template: string): Promise<Report> {
  return checkIssue(await issueOf(digest, template));
}

import { checkIssue, type IssueMail } from "../../src/review/review.ts";
import type { Report } from "../../src/check/finding.ts";
import { type Config, parseConfig } from "../../src/config/config.ts";
import type { Digest } from "../../src/digest/digest.ts";
import type { Picture } from "../../src/platform/picture.ts";
import { sampleOf } from "../../src/issue/mailing.ts";
import { slotsOf } from "../../src/email/theme.ts";
import { render, template as loaded } from "../render.ts";

/** A newsletter whose config leaves nothing out. */
export const CONFIG: Config = parseConfig(
  {
    name: "The Mudlark",
    from: "desk@mudlark.internal",
    postalAddress: "The Mudlark, 3 Staithe Lane, Orrell",
    urls: {
      web: "https://mudlark.wharfside/{slot}",
      unsubscribe: "https://mudlark.wharfside/u/{token}",
      archive: "https://mudlark.wharfside/",
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
  // The fixtures are on the web at a reserved name, which is only an example.
  const webUrl = digest.webUrl?.replace("mudlark.example", "mudlark.wharfside");
  const own = { ...digest, ...(webUrl !== undefined && { webUrl }) };
  const email = await render(own, template);
  const slots = slotsOf((await loaded(template)).theme);
  return sampleOf({ digest: own, email, pictures: [MILL] }, config, { slots });
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

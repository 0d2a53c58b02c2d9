import { BREAD, PIANO } from "./sample-articles.ts";

export interface Newsletter {
  readonly name: string;
  /** Undefined: the number of stories decides. */
  readonly template?: string | undefined;
  /** An address that is the user's own; a placeholder stands there otherwise. */
  readonly from?: string | undefined;
  /** IANA name. */
  readonly timeZone: string;
}

/** The files of a new newsletter, by their names in its folder. */
export function newsletterFiles(newsletter: Newsletter): ReadonlyMap<string, string> {
  return new Map([
    ["broadsheet.config.ts", configText(newsletter)],
    ["content/01-yesterdays-bread.txt", BREAD],
    ["content/02-piano-on-loan.md", PIANO],
    [".env.example", ENV_EXAMPLE],
    [".gitignore", GITIGNORE],
  ]);
}

function configText({ name, template, from, timeZone }: Newsletter): string {
  const templateLine = template
    ? `template: ${JSON.stringify(template)},`
    : '// template: "digest", // by default one story makes a brief, several a digest';
  return `import type { Config } from "broadsheet";

export default {
  name: ${JSON.stringify(name)},
  tagline: "Two stories to begin with",
  // language: "en", // by default that of most stories
  timeZone: ${JSON.stringify(timeZone)},
  ${templateLine}

  // Readers see these. Make them yours: nothing is sent from an example address.
  from: ${JSON.stringify(from ?? "letter@example.org")},
  postalAddress: "1 Example Street, Exampletown",
  reason: ${JSON.stringify(`You get this because you signed up for ${name}.`)},

  // sources: ["content", "https://paper.example/feed.xml"], // by default the content folder alone
  // accent: "#B01E23",
  // urls: { web: "https://…/{slot}", unsubscribe: "https://…/{token}" },
} satisfies Config;
`;
}

const ENV_EXAMPLE = `# Copy this file to .env and fill it in. Git leaves .env out.

# The server that takes your mail, and the login. In the password write @ as %40 and / as %2F.
# Gmail and Microsoft 365 want SMTP_OAUTH_… in its place (docs/sending.md).
SMTP_URL=smtps://user:password@smtp.example.org:465

# Any long random text: it keeps message IDs and unsubscribe links from being guessed. Keep it: what is sent is signed
# with it. When you change it, put the old one into BROADSHEET_SECRET_OLD.
BROADSHEET_SECRET=
`;

const GITIGNORE = `.env
.broadsheet/
node_modules/
outbox/
`;

/** The values for a new newsletter. */
export interface Newsletter {
  readonly name: string;
  /** Undefined if the number of stories decides. */
  readonly template?: string | undefined;
  /** The user's own address; otherwise the config gets a placeholder. */
  readonly from?: string | undefined;
  /** An IANA name. */
  readonly timeZone: string;
  readonly isScheduled?: boolean;
}

export function newsletterFiles(newsletter: Newsletter): ReadonlyMap<string, string> {
  return new Map([
    ["broadsheet.yaml", configText(newsletter)],
    ["content/01-yesterdays-bread.txt", BREAD],
    ["content/02-piano-on-loan.md", PIANO],
    [".env.example", ENV_EXAMPLE],
    [".gitignore", GITIGNORE],
  ]);
}

function configText({ name, template, from, timeZone, isScheduled }: Newsletter): string {
  const templateLine = template
    ? `template: ${JSON.stringify(template)}`
    : '# template: "digest" # by default one story makes a brief, several a digest';
  return `# yaml-language-server: $schema=node_modules/broadsheet/docs/config.schema.json

name: ${JSON.stringify(name)}
tagline: "Two stories to begin with"
# language: "en" # by default that of most stories
timeZone: ${JSON.stringify(timeZone)}
${templateLine}

# Readers see these. Make them yours: no list is sent what is only an example.
from: ${JSON.stringify(from ?? "letter@example.org")}
postalAddress: "1 Example Street, Exampletown"
reason: ${JSON.stringify(`You get this because you signed up for ${name}.`)}

# By default the content folder alone.
# sources:
#   - "content"
#   - "https://paper.example/feed.xml"

# When an issue goes out, in the time zone above: Tuesdays at 7:00.
${isScheduled ? "" : "# "}schedule: { cron: "0 7 * * 2" }

# accent: "#B01E23"

# Where readers join, leave, and read on the web: docs/readers.md shows how.
# site: "https://letter.example"
# serve: {}             # the pages of \`broadsheet serve\`
# archive: {}           # the sent issues, in the folder public
`;
}

const ENV_EXAMPLE = `# Copy this file to .env and fill it in. Git leaves .env out.

# The server that takes your mail, and the login. In the password write @ as %40 and / as %2F.
# Gmail and Microsoft 365 want SMTP_OAUTH_… in its place (docs/sending.md).
SMTP_URL=smtps://user:password@smtp.example.org:465

# Any long random text: it keeps message IDs and unsubscribe links from being guessed. Keep it: what is sent is signed
# with it. When you change it, put the old one into BROADSHEET_SECRET_OLD.
BROADSHEET_SECRET=

# The database of PostgreSQL that keeps all state. Without it the state is in an SQLite file (docs/sending.md).
# DATABASE_URL=postgres://user:password@db.example.org/newsletter
`;

const GITIGNORE = `.env
.broadsheet/
node_modules/
outbox/
`;

/** A plain text with a caption and a byline, as copied from a page. */
const BREAD = `The bakery that sells yesterday's bread first

By Orla Finchley

For nine months the Mill Lane bakery in Harrow Bridge has sold yesterday's bread before today's, and it now throws away four loaves a week instead of 60.

The rule is simple. Until ten in the morning only the loaves of the day before are on the shelf, at two thirds of the price. Fresh bread comes out at ten, when the last of the old has gone.

The day-old shelf at Mill Lane, an hour before it is empty. Photo | Orla Finchley

"People told me that nobody would get up early to buy old bread," said Tamsin Rourke, who has run the bakery for eleven years. "They come at seven now, because at half past eight there is none left."

The idea came from a mistake. One Monday in winter the oven failed, and the only bread in the shop was what Sunday had left over. All 58 loaves were gone by nine. Tamsin Rourke kept the till roll and pinned it above the counter.

A sourdough loaf is not at its best when it is warm. The crumb takes about twelve hours to set, and in that time the crust softens just enough to be cut without a saw. In a blind tasting at the counter, 31 of 50 customers preferred the day-old loaf.

Not everything can wait. Rolls and baguettes go stale within hours, so they are baked twice a day in small numbers and never kept overnight.

The bakery saves 28 kilograms of flour a week. The first oven isn't lit until six, so its four bakers start two hours later than they used to, and nobody has left since.

Two other bakers in the town have asked to see the rota, and one of them has begun. His customers say that they haven't noticed any difference, except in the price.
`;

/** Markdown with front matter, headings and a quotation. */
const PIANO = `---
title: The library that lends a piano
author: Ivo Marchbank
kicker: Towns
tags: [Towns, music]
---

The public library at Coldwater Quay lends out an upright piano, and 23 households are on the waiting list for it.

The piano goes out for six weeks at a time. Two volunteers bring it on a trolley, tune it on the spot and fetch it back at the end. A loan is free for anyone with a library card whose front door is at least 74 centimetres wide.

## A piano that nobody wanted

It came to the library when the ballroom of the Station Hotel was cleared. The hotel had offered it to three schools, and all of them had more pianos than pupils who played. The librarian, Petra Winslade, catalogued it under oversize and gave it a bar code.

> "We lend maps that don't fit on a table, so I didn't see why a piano should be different," said Petra Winslade.

In its first two years the piano has stood in 17 homes. Nine of those families went on to buy an instrument of their own, most of them second-hand. Four found out that they had no room for one, which the library counts as a success too.

## What it costs

Each move costs the library £40, the tuner included. A year of moves comes to less than the two newspapers that nobody had opened since the reading room was painted. A joiner in the town built the trolley from a hospital bed.

Six weeks turned out to be the right length by accident: it is the longest loan that the catalogue allows. It is enough to learn one piece, and to find out whether you want to learn another.

The library is looking for a second piano. It has turned down a grand, because it would not go past the returns desk.
`;

import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { openLedger } from "../../src/delivery/io/open-ledger.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { openAudience } from "../../src/subscribers/io/audience.ts";
import { keyringOf, tokensOf, mintToken } from "../../src/subscribers/tokens.ts";
import { planOf } from "../delivery/ledger-requests.ts";
import { postfix } from "../subscribers/bounce-mails.ts";
import { linesOf, type Run, writeInto } from "./broadsheet.ts";
import { type MailingProject, mailingProject, people, SECRET, SLOT } from "./mailing-project.ts";

const DAY_MS = 86_400_000;
const NEWSLETTER = "the-slipway";

interface ListOptions {
  readonly readers: number;
  /** The days before today on which an issue was sent. */
  readonly sentDaysAgo?: readonly number[];
  readonly config?: object;
}

/** A newsletter whose readers were sent issues, and mails about them. */
export async function bouncedList({ readers, sentDaysAgo = [0], config = {} }: ListOptions) {
  const addresses = people(readers);
  const project = await mailingProject({
    port: 1,
    recipients: addresses,
    isBuilt: false,
    config: { bounce: "bounces@slipway.example", ...config },
  });
  const list = { store: project.place, slug: NEWSLETTER, secrets: { secret: SECRET } };
  for (const days of sentDaysAgo) await send(project, addresses, days);
  const audience = await openAudience(list, systemClock, { env: project.env });
  const uid = await audience.listUid();
  const ids = new Map<string, number>();
  for (const address of addresses) ids.set(address, (await audience.find(address))?.id ?? 0);
  await audience.close();
  return {
    ...project,
    addresses,
    /** A mail about the message that a reader was sent so many days ago. */
    about: (reader: number, mail: string, daysAgo = 0) => {
      const address = addresses[reader] ?? "";
      const subscription = { subscriberId: ids.get(address) ?? 0, list: uid };
      return mail
        .replaceAll("MESSAGE", `${slotOf(daysAgo)}.${address.split("@")[0]}`)
        .replaceAll("issue-of-mara", `${slotOf(daysAgo)}.${address.split("@")[0]}`)
        .replaceAll("ADDRESS", address)
        .replaceAll("TOKEN", tokensOf(subscription, keyringOf(SECRET)).bounceToken)
        .replaceAll("LINK", mintToken(subscription, keyringOf(SECRET)))
        .replaceAll("\n", "\r\n");
    },
    bounces: async (...args: readonly string[]) => project.run(["bounces", ...args, "--json"]),
    /** The status of each reader, by address. */
    async statuses(): Promise<Record<string, string>> {
      const listed = await project.run(["subscribers", "list", "--json"]);
      const held = await project.run(["subscribers", "quarantine", "list", "--json"]);
      return Object.fromEntries([
        ...rowsOf(listed).map(({ address, status }) => [address, status]),
        ...rowsOf(held).map(({ address }) => [address, "quarantined"]),
      ]);
    },
  };
}

export type BouncedList = Awaited<ReturnType<typeof bouncedList>>;

const row = z.looseObject({ address: z.string(), status: z.string().default("") });

function rowsOf(run: Run) {
  return run.stdout === "" ? [] : linesOf(run).map((line) => row.parse(line));
}

function slotOf(daysAgo: number): string {
  return daysAgo === 0 ? SLOT : `${SLOT}-before-${daysAgo}`;
}

/** As a relay does that accepts every message. */
async function send(
  { place, env }: MailingProject,
  addresses: readonly string[],
  daysAgo: number,
): Promise<void> {
  const issue = { newsletter: NEWSLETTER, slot: slotOf(daysAgo) };
  const clock = () => new Date(systemClock().getTime() - daysAgo * DAY_MS);
  const ledger = await openLedger(place, { clock, env });
  await ledger.plan(
    planOf(
      addresses.map((address) => ({ address })),
      { issue },
    ),
  );
  const run = await ledger.begin("the relay", issue);
  const messageIdOf = ({ address }: { readonly address: string }) =>
    `<${issue.slot}.${address.split("@")[0]}@slipway.example>`;
  for (;;) {
    const claims = await ledger.claim({ issue, limit: 100, messageIdOf });
    if (claims.length === 0) break;
    await ledger.turn({ outcomes: [], start: claims });
    const outcomes = claims.map(
      (claim) => ({ claim, state: "accepted", reply: "250 ok" }) as const,
    );
    await ledger.turn({ outcomes, start: [] });
  }
  await run.end();
  await ledger.close();
}

const RECEIVED = new URL("../subscribers/received/", import.meta.url);

/** Mails in the shapes of real servers, each with the kind that it is. */
export function receivedMails() {
  const table: unknown = JSON.parse(readFileSync(new URL("expected.json", RECEIVED), "utf8"));
  return Object.entries(Object(table)).map(([name, expected]) => {
    const [kind, whose] = Array.isArray(expected) ? expected.map(String) : [];
    const mail = readFileSync(new URL(`${name}.eml`, RECEIVED), "utf8");
    return { name, mail, kind: kind ?? "", isOfReader: whose === undefined };
  });
}

/** A Maildir beside the config with the bounce of a message to this reader. */
export async function bounced(
  { cwd, place, env }: MailingProject,
  address: string,
): Promise<string> {
  const list = { store: place, slug: NEWSLETTER, secrets: { secret: SECRET } };
  await using audience = await openAudience(list, systemClock, { env });
  const { id: subscriberId = 0 } = (await audience.find(address)) ?? {};
  const subscription = { subscriberId, list: await audience.listUid() };
  const token = tokensOf(subscription, keyringOf(SECRET)).bounceToken;
  const dir = path.join(cwd, "Maildir");
  for (const name of ["tmp", "cur"]) await mkdir(path.join(dir, name), { recursive: true });
  const mail = postfix("5.1.1", "550 5.1.1 no such user").replaceAll("TOKEN", token);
  await writeInto(dir, { "new/1.gone": mail });
  return dir;
}

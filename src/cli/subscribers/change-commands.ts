import type { Command } from "commander";
import type { Recipient } from "../../subscribers/recipient.ts";
import type { SuppressionReason } from "../../subscribers/subscriber.ts";
import { BroadsheetError } from "../../errors.ts";
import type { Tally } from "../../subscribers/io/importer.ts";
import { type CommonFlags, commonFlags, configFlag, type ConfigFlag } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import {
  parseConsent,
  parseLanguage,
  parsePerson,
  parsePersons,
  parseReason,
  parseTag,
  repeated,
} from "./values.ts";
import { withAudience } from "../with-store.ts";
import type { GivenUp } from "../../subscribers/io/signing.ts";
import { counted } from "../../platform/counted.ts";

interface Flags extends CommonFlags, ConfigFlag {}

interface AddFlags extends Flags {
  readonly tag?: readonly string[];
  readonly language?: string;
  readonly consent?: string;
  readonly resubscribe?: true;
}

/** `subscribers add` */
export function addCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("<ADDRESS>", 'name@domain or "Name <name@domain>"', parsePerson)
    .option("--tag <TAG>", "a tag; may be given again", repeated(parseTag))
    .option("--language <LANGUAGE>", "the language they read", parseLanguage)
    .option("--consent <HOW>", "how they came to want it", parseConsent)
    .option("--resubscribe", "they had left, and have asked for it again")
    .action(async (person: Recipient, flags: AddFlags) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        const isResubscription = flags.resubscribe === true;
        const tally = audience.add(rowOf(person, flags), { isResubscription });
        const state = stateOf(tally);
        if (flags.json) terminal.printJson({ newsletter: slug, address: person.address, state });
        else terminal.print(`${WORDS[state]}   ${person.address}`);
      }),
    );
}

function rowOf(person: Recipient, { tag, language, consent }: AddFlags) {
  return {
    ...person,
    tags: tag ?? [],
    ...(language !== undefined && { language }),
    ...(consent !== undefined && { consent: { how: consent, at: new Date() } }),
  };
}

const WORDS = { added: "Added", updated: "Updated", unchanged: "On the list already" };

function stateOf({ added, updated, keptOut }: Tally): keyof typeof WORDS {
  const [reason] = Object.keys(keptOut);
  if (reason === undefined) return added > 0 ? "added" : updated > 0 ? "updated" : "unchanged";
  throw new BroadsheetError(
    "SUBSCRIBER_KEPT_OUT",
    `nothing is sent to this address: ${REASONS[reason] ?? reason}`,
    { fix: "where they have asked for it again themselves, add --resubscribe, and --consent HOW" },
  );
}

const REASONS: Readonly<Record<string, string>> = {
  unsubscribed: "they have unsubscribed",
  bounced: "mail to it came back",
  complained: "they have complained of spam",
  manual: "you have suppressed it",
  erased: "they asked to be forgotten",
};

/** `subscribers remove` */
export function removeCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("<ADDRESS...>", "who", parsePersons)
    .addHelpText("after", REMOVE_HELP)
    .action(async (people: readonly Recipient[], flags: Flags) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        for (const { address } of people) {
          const removed = audience.remove(address);
          if (flags.json) terminal.printJson({ newsletter: slug, address, removed });
          else terminal.print(`${removed ? "Removed" : "Not on the list"}   ${address}`);
        }
      }),
    );
}

const REMOVE_HELP = `
An import may bring them back. To keep somebody out, suppress them; to forget them for good, erase them.`;

interface SuppressFlags extends Flags {
  readonly reason: SuppressionReason;
}

/** `subscribers suppress` */
export function suppressCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("<ADDRESS...>", "who, on the list or not", parsePersons)
    .option(
      "--reason <REASON>",
      "manual, unsubscribed, bounced or complained",
      parseReason,
      "manual",
    )
    .action(async (people: readonly Recipient[], flags: SuppressFlags) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        for (const { address } of people) {
          const isNew = audience.suppress(address, flags.reason);
          const { reason } = flags;
          if (flags.json) terminal.printJson({ newsletter: slug, address, reason, isNew });
          else terminal.print(`${isNew ? "Suppressed" : "Suppressed before"}   ${address}`);
        }
      }),
    );
}

/** `subscribers erase` */
export function eraseCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .argument("<ADDRESS...>", "who asked to be forgotten", parsePersons)
    .addHelpText("after", ERASE_HELP)
    .action(async (people: readonly Recipient[], flags: Flags) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        const known = people.map(({ address }) => audience.erase(address));
        const isClean = audience.scrub();
        for (const wasKnown of known) {
          if (flags.json) terminal.printJson({ newsletter: slug, erased: true, wasKnown, isClean });
          else terminal.print(wasKnown ? "Erased" : "Nothing was known of them; they stay out");
        }
        if (!isClean) terminal.note(SCRAPS);
      }),
    );
}

const ERASE_HELP = `
Takes all that is known of an address out of the list and of what was sent, for good. What is left is a hash
that only BROADSHEET_SECRET can make, so that no import brings it back. Backups, exports, rejects files and
your mail server's logs are yours to clear.`;

const SCRAPS =
  "Somebody is sending, so the file may still hold scraps of them: run it again when that is done";

/** `subscribers accept-secret` */
export function acceptSecretCommand(command: Command, terminal: Terminal): void {
  configFlag(commonFlags(command))
    .addHelpText("after", HELP)
    .action(async (flags: CommonFlags & ConfigFlag) =>
      withAudience(flags, terminal, (audience, { slug }) => {
        const given = audience.acceptSecret();
        if (flags.json) terminal.printJson({ newsletter: slug, ...given });
        else terminal.print(textOf(given));
      }),
    );
}

function textOf({ links, erased }: GivenUp): string {
  const lines = [
    ...(links ? ["links that it signed end no subscription any more"] : []),
    ...(erased > 0
      ? [`who was erased under it (${counted(erased)}) is not kept out any more`]
      : []),
  ];
  return lines.length === 0
    ? "Nothing to accept: every secret that was used is set"
    : `Accepted that a secret is lost: ${lines.join(", and ")}`;
}

const HELP = `
Links that are out are signed with the BROADSHEET_SECRET of then. When you change it, set the old one as
BROADSHEET_SECRET_OLD (the one before that as BROADSHEET_SECRET_OLD_2, …), and they go on working. Nothing is sent
while one of them is missing, since readers who want to leave couldn't. This is for when it is lost for good. Whoever
was erased under it is not known any more either: leave them out of what you import.`;

import { parseRecipient, type Recipient } from "../../subscribers/recipient.ts";
import {
  type SuppressionReason,
  SETTABLE_REASONS,
  consentIn,
  languageIn,
  tagIn,
} from "../../subscribers/subscriber.ts";
import { BroadsheetError, nearest } from "../../errors.ts";
import { addReader, eraseReaders } from "../../subscribers/io/subscriber-list.ts";
import { configFlags, type ConfigFlags, type Configure } from "../flags.ts";
import { noticeText } from "../../platform/notice.ts";
import { ofLeaveRequest } from "../../schedule/notices.ts";
import { withAudience } from "../with-store.ts";
import type { GivenUp } from "../../subscribers/io/audience.ts";
import { counted } from "../../platform/text.ts";

interface AddFlags extends ConfigFlags {
  readonly tag?: readonly string[];
  readonly language?: string;
  readonly consent?: string;
  readonly resubscribe?: true;
}

const add: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ADDRESS>", 'name@domain or "Name <name@domain>"', parseRecipient)
    .option("--tag <TAG>", "a tag; may be given again", repeated(parseTag))
    .option("--language <LANGUAGE>", "the language of the reader", parseLanguage)
    .option("--consent <HOW>", "how the reader gave consent", parseConsent)
    .option("--resubscribe", "also add a reader who unsubscribed and has asked to return")
    .action(async (person: Recipient, flags: AddFlags) =>
      withAudience(flags, terminal, async (audience, { slug }) => {
        const isResubscription = flags.resubscribe === true;
        const state = await addReader(audience, rowOf(person, flags), isResubscription);
        if (flags.json) terminal.printJson({ newsletter: slug, address: person.address, state });
        else terminal.print(`${WORDS[state]}   ${person.address}`);
      }),
    );
};

function rowOf(person: Recipient, { tag, language, consent }: AddFlags) {
  return {
    ...person,
    tags: tag ?? [],
    ...(language !== undefined && { language }),
    ...(consent !== undefined && { consent: { how: consent, at: new Date() } }),
  };
}

const WORDS = { added: "Added", updated: "Updated", unchanged: "On the list already" };

const remove: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ADDRESS...>", "the address to remove", repeated(parseRecipient))
    .addHelpText("after", REMOVE_HELP)
    .action(async (people: readonly Recipient[], flags: ConfigFlags) =>
      withAudience(flags, terminal, async (audience, { slug }) => {
        for (const { address } of people) {
          const removed = await audience.remove(address);
          if (flags.json) terminal.printJson({ newsletter: slug, address, removed });
          else terminal.print(`${removed ? "Removed" : "Not on the list"}   ${address}`);
        }
      }),
    );
};

const REMOVE_HELP = `
An import may add them again. To keep a reader out, suppress the address; to delete all its data, erase it.`;

interface SuppressFlags extends ConfigFlags {
  readonly reason: SuppressionReason;
}

const suppress: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ADDRESS...>", "the address, on the list or not", repeated(parseRecipient))
    .option(
      "--reason <REASON>",
      "manual, unsubscribed, bounced or complained",
      parseReason,
      "manual",
    )
    .action(async (people: readonly Recipient[], flags: SuppressFlags) =>
      withAudience(flags, terminal, async (audience, { slug }) => {
        for (const { address } of people) {
          const isNew = await audience.suppress(address, flags.reason);
          const { reason } = flags;
          if (flags.json) terminal.printJson({ newsletter: slug, address, reason, isNew });
          else terminal.print(`${isNew ? "Suppressed" : "Suppressed before"}   ${address}`);
        }
      }),
    );
};

/** `subscribers keep`: for a mail with an unproven sender that asks to leave, as `status` shows. */
const keep: Configure = (command, terminal) => {
  configFlags(command)
    .argument(
      "[ADDRESS...]",
      "a reader who didn't write the mail (default: list all such mails)",
      repeated(parseRecipient),
    )
    .action(async (people: readonly Recipient[], flags: ConfigFlags) =>
      withAudience(flags, terminal, async (audience, { slug }) => {
        for (const request of people.length > 0 ? [] : await audience.leaveRequests()) {
          if (flags.json) terminal.printJson({ newsletter: slug, ...request });
          else terminal.print(noticeText(ofLeaveRequest(request)));
        }
        for (const { address } of people) {
          const wasAsked = await audience.settleLeaveRequest(address);
          if (flags.json) terminal.printJson({ newsletter: slug, address, wasAsked });
          else terminal.print(`${wasAsked ? "Kept" : "No mail asks for it"}   ${address}`);
        }
      }),
    );
};

const erase: Configure = (command, terminal) => {
  configFlags(command)
    .argument("<ADDRESS...>", "the address to erase", repeated(parseRecipient))
    .addHelpText("after", ERASE_HELP)
    .action(async (people: readonly Recipient[], flags: ConfigFlags) =>
      withAudience(flags, terminal, async (audience, { slug }) => {
        const { seen, isClean } = await eraseReaders(audience, people);
        for (const wasKnown of seen) {
          if (flags.json) terminal.printJson({ newsletter: slug, erased: true, wasKnown, isClean });
          else terminal.print(wasKnown ? "Erased" : "No data was stored; it stays off the list");
        }
        if (!isClean) terminal.note(SCRAPS);
      }),
    );
};

const ERASE_HELP = `
Deletes all data of an address from the list and from the sent issues, for good. Only a hash of the address remains,
which keeps imports from adding the reader again. It is made with BROADSHEET_SECRET. Delete the address yourself from
backups, exports, rejects files and the logs of your mail server.`;

const SCRAPS =
  "An issue is being sent, so the store may still hold parts of the data: erase again when it is sent";

const acceptSecret: Configure = (command, terminal) => {
  configFlags(command)
    .addHelpText("after", HELP)
    .action(async (flags: ConfigFlags) =>
      withAudience(flags, terminal, async (audience, { slug }) => {
        const given = await audience.acceptSecret();
        if (flags.json) terminal.printJson({ newsletter: slug, ...given });
        else terminal.print(textOf(given));
      }),
    );
};

function textOf({ links, erased }: GivenUp): string {
  const lines = [
    ...(links ? ["links that it signed can't end a subscription any more"] : []),
    ...(erased > 0
      ? [`imports can add the readers who were erased under it (${counted(erased)}) again`]
      : []),
  ];
  return lines.length === 0
    ? "Nothing to accept: every secret that was used is set"
    : `Accepted that a secret is lost: ${lines.join(", and ")}`;
}

const HELP = `
Links in sent mails are signed with the BROADSHEET_SECRET of that time. When you change it, set the old one as
BROADSHEET_SECRET_OLD (the one before that as BROADSHEET_SECRET_OLD_2, …), so that the links still work. Nothing is sent
while a secret is missing, because some readers could not unsubscribe. Use this command if the secret is lost for good.
Imports then no longer recognise the readers who were erased under it: remove them from your lists yourself.`;

/** A flag or an argument that may be given several times. */
export function repeated<Value>(
  parse: (value: string) => Value,
): (value: string, before: readonly Value[] | undefined) => readonly Value[] {
  return (value, before = []) => [...before, parse(value)];
}

export function parseTag(value: string): string {
  return tagIn(value, "--tag");
}

export function parseLanguage(value: string): string {
  return languageIn(value, "--language");
}

export function parseConsent(value: string): string {
  return consentIn(value, "--consent");
}

export function parseReason(value: string): SuppressionReason {
  const reason = SETTABLE_REASONS.find((reason) => reason === value);
  if (reason) return reason;
  const near = nearest(value, SETTABLE_REASONS);
  throw new BroadsheetError(
    "USAGE",
    `${JSON.stringify(value)} is not a reason to suppress an address`,
    {
      fix: near ? `did you mean ${near}?` : `use one of: ${SETTABLE_REASONS.join(", ")}`,
    },
  );
}

export const commands = { add, remove, suppress, keep, erase, "accept-secret": acceptSecret };

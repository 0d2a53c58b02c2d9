import { examine, type Examination } from "../../doctor/io/examine.ts";
import { type Configure, outboxFlags, type OutboxFlags } from "../flags.ts";
import { openProject } from "../../config/io/load-config.ts";
import type { Terminal, Style } from "../terminal.ts";
import { wrapped } from "../table.ts";

interface DoctorFlags extends OutboxFlags {
  readonly resolver?: string;
  readonly live?: true;
}

const doctor: Configure = (command, terminal) => {
  outboxFlags(command)
    .option("--resolver <IP[:PORT]>", "the DNS server to ask (default: that of this machine)")
    .option("--live", "ask the pages of the site too, as a reader who leaves does")
    .addHelpText("after", MORE)
    .action(async (flags: DoctorFlags) => diagnose(flags, terminal));
};

const MORE = `
It looks at the config, the store, the disk and the clock, logs in to the mail server without sending, and compares
SPF, DKIM and DMARC in the DNS with the sender and its keys. It changes nothing. It exits with 0 if nothing has to be
fixed, otherwise with the code of the worst finding: 78 config or DNS, 77 login, 75 try later.
With --live it opens an unsubscribe link and posts to it, as a mail program does. The link belongs to no reader.
It also logs in to the mailbox of BOUNCES_URL.

Examples:
  broadsheet doctor
  broadsheet doctor --live               when the pages of the site are served
  broadsheet doctor --resolver 9.9.9.9     where your own DNS server may still know old records`;

async function diagnose(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const load = async () => openProject(flags, terminal);
  const { name, diagnoses, exit } = await examine(load, {
    server: flags.resolver,
    isLive: flags.live,
  });
  if (flags.json) terminal.printJson({ newsletter: name, exit, diagnoses });
  else if (!terminal.isQuiet) terminal.print(doctorView(name, diagnoses, terminal));
  else if (exit !== 0) {
    const faults = diagnoses.filter(({ code }) => code !== undefined);
    for (const { about, says } of faults) terminal.warn(`${about}: ${says}`, exit);
  }
  terminal.exitCode ||= exit;
}

type Diagnosis = Examination["diagnoses"][number];
type Verdict = Diagnosis["verdict"];

const WORDS: Readonly<Record<Verdict, readonly [word: string, style: Style]>> = {
  ok: ["OK", "ready"],
  look: ["Look", "look"],
  fix: ["Fix", "fix"],
  unseen: ["Not seen", "dim"],
};

const GAP_COLUMNS = 3;
const VERDICT = "Not seen".length + GAP_COLUMNS;

/** The verdict, then a line for each finding with its remedy below. */
function doctorView(name: string, diagnoses: readonly Diagnosis[], terminal: Terminal): string {
  const { paint, columns } = terminal;
  const about = Math.max(...diagnoses.map(({ about }) => about.length)) + GAP_COLUMNS;
  const rule = terminal.rule();
  const rows = diagnoses.map((diagnosis) => row(diagnosis, about, terminal));
  return [
    paint("bold", name),
    ...wrapped(verdict(diagnoses, terminal), columns),
    rule,
    ...rows,
    rule,
  ].join("\n");
}

function row(
  { verdict, about, says, fix }: Diagnosis,
  width: number,
  { paint, columns }: Terminal,
): string {
  const [word, style] = WORDS[verdict];
  const indent = " ".repeat(VERDICT + width);
  const room = columns - indent.length;
  const lines = [
    ...wrapped(says, room),
    ...(fix === undefined ? [] : wrapped(fix, room).map((line) => paint("dim", line))),
  ];
  const head = paint(style, word) + " ".repeat(VERDICT - word.length) + about.padEnd(width);
  return head + lines.join(`\n${indent}`);
}

function verdict(diagnoses: readonly Diagnosis[], { paint }: Terminal): string {
  const count = (wanted: Verdict) => diagnoses.filter(({ verdict }) => verdict === wanted).length;
  const [fixes, looks, hidden] = [count("fix"), count("look"), count("unseen")];
  const first =
    fixes === 0
      ? paint("ready", nothingToFix(looks, hidden))
      : paint("fix", fixes === 1 ? "One thing to fix" : `${fixes} things to fix`);
  const more = [
    ...(looks > 0 ? [paint("look", `${looks} to look at`)] : []),
    ...(hidden > 0 ? [`${hidden} not seen`] : []),
  ];
  return [first, ...more].join(", ");
}

/** The verdict without errors. An issue with warnings may be sent, but a person must look first. */
function nothingToFix(looks: number, hidden: number): string {
  if (hidden > 0) return "Nothing to fix in what was seen";
  return looks > 0 ? "Nothing to fix" : "Ready to send";
}

export const commands = { doctor };

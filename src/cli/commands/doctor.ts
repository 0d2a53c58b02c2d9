import { exitFor, fromError } from "../../doctor/diagnosis.ts";
import { openDns } from "../../doctor/io/dns.ts";
import { examine } from "../../doctor/io/examine.ts";
import { doctorView } from "../doctor/doctor-view.ts";
import {
  type CommonFlags,
  commonFlags,
  type Configure,
  outboxFlags,
  type OutboxFlags,
} from "../flags.ts";
import { openProject } from "../../config/io/load-config.ts";
import type { Terminal } from "../terminal.ts";

interface DoctorFlags extends CommonFlags, OutboxFlags {
  readonly resolver?: string;
}

export const doctor: Configure = (command, terminal) => {
  outboxFlags(commonFlags(command))
    .option("--resolver <IP[:PORT]>", "the DNS server to ask (default: that of this machine)")
    .addHelpText("after", MORE)
    .action(async (flags: DoctorFlags) => diagnose(flags, terminal));
};

const MORE = `
It looks at the config, the store, the disk and the clock, logs in to the mail server without sending, and
compares SPF, DKIM and DMARC in the DNS with the sender and its keys. It changes nothing. It leaves with 0
where nothing has to be fixed, else with the code of the worst: 78 config or DNS, 77 login, 75 try later.

Examples:
  broadsheet doctor
  broadsheet doctor --resolver 9.9.9.9     where your own DNS server may still know old records`;

async function diagnose(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const dns = openDns(flags.resolver);
  const { name, diagnoses } = await examined(flags, terminal, dns);
  const exit = exitFor(diagnoses);
  if (flags.json) terminal.printJson({ newsletter: name, exit, diagnoses });
  else if (!terminal.isQuiet) terminal.print(doctorView(name, diagnoses, terminal));
  else if (exit !== 0) {
    const faults = diagnoses.filter(({ code }) => code !== undefined);
    for (const { about, says } of faults) terminal.warn(`${about}: ${says}`, exit);
  }
  terminal.exitCode ||= exit;
}

/** Without a config nothing else can be looked at. */
async function examined(flags: DoctorFlags, terminal: Terminal, dns: ReturnType<typeof openDns>) {
  try {
    const config = await openProject(flags, terminal);
    return { name: config.name, diagnoses: await examine(config, dns) };
  } catch (error) {
    return { name: "Broadsheet", diagnoses: [fromError("Config", error)] };
  }
}

import { type Sample, sampleAddresses, samplesSaid } from "../review/samples.ts";
import { domainOf, isPlaceholder, type Recipient } from "../subscribers/recipient.ts";
import type { DkimKey } from "../delivery/dkim.ts";
import {
  diagnoseAlignment,
  SEND_ONE,
  type SenderDomains,
  type DmarcPolicy,
  findDmarc,
  diagnoseDkim,
} from "./dkim-and-dmarc.ts";
import { type Diagnosis, look, ok, toFix, unseen } from "./diagnosis.ts";
import { type Dns, DnsFailure } from "./dns.ts";
import { diagnoseSpf } from "./spf.ts";

interface SenderSettings {
  readonly from: Recipient;
  readonly bounce?: Recipient | undefined;
  readonly postalAddress?: string | undefined;
  readonly urls: { readonly unsubscribe?: string | undefined };
  readonly dkim: readonly { readonly domain: string }[];
}

interface SenderFacts {
  readonly dns: Dns;
  /** The keys in the config that are valid. */
  readonly keys: readonly DkimKey[];
  /** Whether messages stay on this machine. */
  readonly isLocal: boolean;
}

/** Diagnoses whether a receiving server can verify the sender of a message. */
export async function diagnoseSender(
  config: SenderSettings,
  { dns, keys, isLocal }: SenderFacts,
): Promise<Diagnosis[]> {
  const { from, bounce = from, postalAddress, urls } = config;
  const samples = sampleAddresses({ senders: [from.address], postalAddress, urls });
  if (isPlaceholder(from.address)) {
    return [examples("Sender", samples, isLocal), ...unasked(), unsubscribing(config)];
  }
  const domains = {
    from: domainOf(from.address),
    bounce: domainOf(bounce.address),
    signing: config.dkim.map(({ domain }) => domain),
  };
  let policy: DmarcPolicy | undefined;
  const dmarc = await asked("DMARC", async () => {
    const found = await findDmarc(domains.from, dns);
    policy = found.policy;
    return found.diagnosis;
  });
  const spf = await asked("SPF", async () => diagnoseSpf(domains.bounce, dns));
  const signatures = keys.map(async (key) =>
    asked(`DKIM ${key.selector}`, async () => diagnoseDkim(key, dns)),
  );
  return [
    ok("Sender", from.address),
    ...(samples.length > 0 ? [examples("Addresses", samples, isLocal)] : []),
    ...(config.dkim.length === 0 ? [unsigned()] : (await Promise.all(signatures)).flat()),
    ...spf,
    ...dmarc,
    alignment(domains, dmarc, policy),
    ...(await asked("Bounces", async () => diagnoseBounces(bounce.address, domains.bounce, dns))),
    unsubscribing(config),
  ];
}

function examples(about: string, samples: readonly Sample[], isLocal: boolean): Diagnosis {
  const { says, fix } = samplesSaid(samples);
  if (isLocal) return look(about, `${says}, and good only for a server on this machine`, fix);
  return toFix(about, says, { fix, code: "SENDER_PLACEHOLDER" });
}

/** RFC 2606: such domains can't be registered. */
function unasked(): Diagnosis[] {
  return ["DKIM", "SPF", "DMARC", "Bounces"].map((about) =>
    unseen(about, "the domain is only an example and has no records"),
  );
}

/** If the DMARC record could not be looked up, only strict alignment is certain to pass. */
function alignment(domains: SenderDomains, dmarc: readonly Diagnosis[], policy?: DmarcPolicy) {
  if (dmarc.every(({ verdict }) => verdict !== "unseen")) return diagnoseAlignment(domains, policy);
  const strictly = { at: domains.from, policy: "", isStrict: { dkim: true, spf: true } };
  const found = diagnoseAlignment(domains, strictly);
  if (found.verdict === "ok") return found;
  return unseen("Alignment", "it depends on the DMARC record, which could not be read");
}

function unsigned(): Diagnosis {
  const says = "the config names no key, so only the relay may sign mail";
  return unseen("DKIM", says, { fix: SEND_ONE });
}

/** RFC 8058. Gmail and Yahoo require it of bulk senders. */
function unsubscribing({ urls: { unsubscribe } }: SenderSettings): Diagnosis {
  if (unsubscribe === undefined) {
    const says = "there is only an address for unsubscribing, and no one-click link";
    const fix =
      "set site and serve in the config and run broadsheet serve (docs/readers.md), or set urls.unsubscribe to a page of your own that calls: broadsheet subscribers unsubscribe TOKEN";
    return look("Unsubscribe", says, fix);
  }
  return ok("Unsubscribe", `one click, ${URL.parse(unsubscribe)?.host ?? ""}`);
}

/** The findings of a DNS query. Without an answer there is only a finding about the failure. */
async function asked(
  about: string,
  ask: () => Promise<Diagnosis | Diagnosis[]>,
): Promise<Diagnosis[]> {
  try {
    return [await ask()].flat();
  } catch (error) {
    if (!(error instanceof DnsFailure)) throw error;
    const fix = "run it again, or ask another server with --resolver 9.9.9.9";
    return [unseen(about, error.message, { code: "DNS_UNREACHABLE", fix })];
  }
}

/** Diagnoses whether bounces can be delivered. Servers also reject senders that can't receive answers. */
async function diagnoseBounces(address: string, domain: string, dns: Dns): Promise<Diagnosis> {
  const servers = (await dns.mx(domain)).toSorted((a, b) => a.priority - b.priority);
  const [first] = servers;
  if (first && servers.every(({ exchange }) => exchange === "")) {
    return broken(`${domain} accepts no mail (a null MX), so bounces to ${address} are lost`);
  }
  if (first) {
    if ((await dns.addresses(first.exchange)).length > 0)
      return ok("Bounces", `to ${address}, which ${first.exchange} takes`);
    return broken(`the mail server of ${domain}, ${first.exchange}, has no address`);
  }
  if ((await dns.addresses(domain)).length > 0) {
    const says = `${domain} has no MX record; servers try its own address`;
    return look("Bounces", says, `add an MX record for ${domain}`);
  }
  return broken(
    `${domain} has neither an MX record nor an address, so servers refuse mail from it`,
  );
}

function broken(says: string): Diagnosis {
  return toFix("Bounces", says, {
    fix: "add an MX record there, or set `bounce` in the config to an address that takes mail",
    code: "DNS_RECORD_WRONG",
  });
}

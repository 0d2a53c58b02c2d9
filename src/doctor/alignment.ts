import { type Diagnosis, look, ok, unseen, toFix } from "./diagnosis.ts";
import type { Dns } from "./dns.ts";
import { tagsOf } from "./dkim-record.ts";

/** The domains that a message shows to a server that checks it. */
export interface SenderDomains {
  /** What readers see. */
  readonly from: string;
  /** Where what comes back goes: the one that SPF is asked about. */
  readonly bounce: string;
  /** Those that sign; none where the relay may. */
  readonly signing: readonly string[];
}

/**
 * Whether a message can pass DMARC: the domain that signs or the one that SPF is asked about must go with
 * the one in From (RFC 7489 §3.1). Without a policy the rule is the lenient one.
 */
export function diagnoseAlignment(
  { from, bounce, signing }: SenderDomains,
  policy: DmarcPolicy | undefined,
): Diagnosis {
  const isStrict = policy?.isStrict ?? { dkim: false, spf: false };
  const above = policy?.at ?? from;
  const dkim = signing.find((domain) => goesWith(domain, { from, above, isStrict: isStrict.dkim }));
  const spf = goesWith(bounce, { from, above, isStrict: isStrict.spf });
  const by = [
    ...(dkim === undefined ? [] : [`DKIM of ${dkim}`]),
    ...(spf ? [`SPF of ${bounce}`] : []),
  ];
  if (dkim !== undefined) return ok("Alignment", `From ${from} goes with ${by.join(" and ")}`);
  if (signing.length > 0) {
    const says = `no key signs for ${from}, which readers see: DMARC counts only such a signature`;
    return look("Alignment", says, `set dkim.domain to ${from}, and publish the key there`);
  }
  if (spf) {
    const says = `From ${from} goes with ${by.join("")}, which is lost where mail is forwarded`;
    return look(
      "Alignment",
      says,
      "sign with a key of your own (dkim in the config), or see that the relay does",
    );
  }
  const says = `the bounce domain ${bounce} doesn't go with From ${from}, so all hangs on a signature of the relay`;
  return unseen("Alignment", says, { fix: SEND_ONE });
}

/** What can't be seen from here. */
export const SEND_ONE =
  "send a copy to yourself (send latest --to YOU), and look for dkim=pass and dmarc=pass in its Authentication-Results";

interface Rule {
  readonly from: string;
  /** The domain of their owner, as far as that is known. */
  readonly above: string;
  readonly isStrict: boolean;
}

/** Two of one owner: one is above the other, or both are below where the policy stands. */
function goesWith(domain: string, { from, above, isStrict }: Rule): boolean {
  if (domain === from) return true;
  if (isStrict) return false;
  return isBelow(domain, above) || isBelow(domain, from) || isBelow(from, domain);
}

function isBelow(domain: string, above: string): boolean {
  return domain === above || domain.endsWith(`.${above}`);
}

/** What a domain asks of servers that get mail in its name (RFC 7489). */
export interface DmarcPolicy {
  /** Where the record stands: the domain itself, or one above it. */
  readonly at: string;
  readonly policy: string;
  /** Whether the domains must be the same, and not only of one owner. */
  readonly isStrict: { readonly dkim: boolean; readonly spf: boolean };
}

/** The policy and what is to be said of it; no policy where none counts. */
interface DmarcFound {
  readonly diagnosis: Diagnosis;
  readonly policy?: DmarcPolicy;
}

/** Asked of the domain and of those above it, the top excepted, as the list of public suffixes isn't here. */
export async function findDmarc(domain: string, dns: Dns): Promise<DmarcFound> {
  const labels = domain.split(".");
  for (const depth of labels.keys()) {
    const at = labels.slice(depth).join(".");
    if (depth > 0 && depth > labels.length - 2) break;
    const records = (await dns.txt(`_dmarc.${at}`)).filter((text) => /^v\s*=\s*DMARC1/i.test(text));
    if (records.length > 0) return judged(records, { at, domain });
  }
  return {
    diagnosis: broken(
      `${domain} has no DMARC record: Gmail, Yahoo and Microsoft turn lists away that have none`,
      `publish this as a TXT record at _dmarc.${domain}: v=DMARC1; p=none; rua=mailto:postmaster@${domain}`,
    ),
  };
}

interface Place {
  readonly at: string;
  readonly domain: string;
}

function judged(records: readonly string[], { at, domain }: Place): DmarcFound {
  const [record = ""] = records;
  const tags = tagsOf(record);
  const own = tags?.get("p")?.toLowerCase();
  const policy = (at === domain ? own : (tags?.get("sp")?.toLowerCase() ?? own)) ?? "";
  if (records.length > 1) {
    const says = `there are ${records.length} records at _dmarc.${at}, so that none counts`;
    return { diagnosis: broken(says, "keep one of them") };
  }
  if (!tags || !["none", "quarantine", "reject"].includes(policy)) {
    const says = `the record at _dmarc.${at} has no policy that there is`;
    return { diagnosis: broken(says, "write it as: v=DMARC1; p=none; rua=mailto:YOU") };
  }
  const isStrict = { dkim: tags.get("adkim") === "s", spf: tags.get("aspf") === "s" };
  const asks = policy === "none" ? "p=none, which asks for reports only" : `p=${policy}`;
  const above = at === domain ? "" : `, from the record of ${at}`;
  return {
    diagnosis: ok("DMARC", `${domain} has ${asks}${above}`),
    policy: { at, policy, isStrict },
  };
}

function broken(says: string, fix: string): Diagnosis {
  return toFix("DMARC", says, { fix, code: "DNS_RECORD_WRONG" });
}

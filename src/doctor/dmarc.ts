import { type Diagnosis, ok, toFix } from "./diagnosis.ts";
import type { Dns } from "./dns.ts";
import { tagsOf } from "./tag-list.ts";

/** What a domain asks of whoever gets mail in its name (RFC 7489). */
export interface DmarcPolicy {
  /** Where the record stands: the domain itself, or one above it. */
  readonly at: string;
  readonly policy: string;
  /** Whether the domains must be the same, and not only of one owner. */
  readonly isStrict: { readonly dkim: boolean; readonly spf: boolean };
}

/** The policy and what is to be said of it; no policy where none counts. */
export interface DmarcFound {
  readonly diagnosis: Diagnosis;
  readonly policy?: DmarcPolicy;
}

/** Asked of the domain and of those above it, the top excepted, as nobody here has the list of public suffixes. */
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

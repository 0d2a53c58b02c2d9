import { type Diagnosis, look, ok, toFix } from "./diagnosis.ts";
import type { Dns } from "./dns.ts";

/** Whether what can't be delivered finds its way back: servers also refuse senders that nobody can answer. */
export async function diagnoseBounces(
  address: string,
  domain: string,
  dns: Dns,
): Promise<Diagnosis> {
  const servers = (await dns.mx(domain)).toSorted((a, b) => a.priority - b.priority);
  const [first] = servers;
  if (first && servers.every(({ exchange }) => exchange === "")) {
    return broken(
      `${domain} says that it takes no mail (a null MX), so bounces to ${address} are lost`,
    );
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
  return broken(`${domain} has neither an MX record nor an address, so nobody takes mail from it`);
}

function broken(says: string): Diagnosis {
  return toFix("Bounces", says, {
    fix: "add an MX record there, or set `bounce` in the config to an address that takes mail",
    code: "DNS_RECORD_WRONG",
  });
}

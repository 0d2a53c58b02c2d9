import { type Diagnosis, look, ok, unseen } from "./diagnosis.ts";
import type { DmarcPolicy } from "./dmarc.ts";

/** The domains that a message shows to whoever checks it. */
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

/** What nobody can see from here. */
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

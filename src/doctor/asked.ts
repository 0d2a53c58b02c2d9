import { type Diagnosis, unseen } from "./diagnosis.ts";
import { DnsFailure } from "./dns.ts";

/** What asking the DNS comes to; without an answer nothing is said of the matter. */
export async function asked(
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

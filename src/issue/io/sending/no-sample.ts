import { sampleAddresses, samplesSaid, sampleTexts } from "../../../check/samples.ts";
import type { Config } from "../../../config/config.ts";
import { isLocal } from "../../../delivery/io/choose-transport.ts";
import type { Digest } from "../../../digest/digest.ts";
import { BroadsheetError } from "../../../errors.ts";

/**
 * Refuses to send a list what is only an example, except to a server on this machine: to test sending is what a sample
 * is for.
 * @throws BroadsheetError SENDER_PLACEHOLDER for an address, CONTENT_SAMPLE for a story or the letter.
 */
export function assertNoSample(digest: Digest, config: Config, next = "build it again"): void {
  const { postalAddress } = digest.publication ?? config;
  const urls = { ...config.urls, web: digest.webUrl ?? config.urls.web };
  const addresses = sampleAddresses({ senders: [config.from.address], postalAddress, urls });
  const samples = [...addresses, ...sampleTexts(digest)];
  if (samples.length === 0 || isLocal(config)) return;
  const { says, fix } = samplesSaid(samples);
  const code = addresses.length > 0 ? "SENDER_PLACEHOLDER" : "CONTENT_SAMPLE";
  throw new BroadsheetError(code, `not sent: ${says}`, { fix: `${fix}; then ${next}` });
}

import { createHash } from "node:crypto";

/** An article's id: 64 bits keep any archive free of clashes, and the id short enough to read. */
export function hashId(identity: string): string {
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}

/** A hash of the letters and digits of a text, in any case; empty where it has none. */
export function lettersHash(text: string): string {
  const letters = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
  return letters === "" ? "" : createHash("sha256").update(letters).digest("hex").slice(0, 16);
}

const CAMPAIGN = /^(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|cmpid|ncid|at_\w+|ns_\w+|xtor)$/i;

/**
 * What an address names, without what varies between two mentions of the same page: http or https, "www.",
 * the last slash, and what campaigns add to it. To compare, not to open.
 */
export function canonicalLink(address: string): string {
  if (!URL.canParse(address)) return address.trim();
  const url = new URL(address);
  const campaign = [...url.searchParams.keys()].filter((name) => CAMPAIGN.test(name));
  for (const name of campaign) url.searchParams.delete(name);
  const path = url.pathname.replace(/\/$/, "");
  return `${url.host.replace(/^www\./, "")}${path}${url.search}${url.hash}`;
}

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

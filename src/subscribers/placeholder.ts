/** Whether an address is one that RFC 2606 sets aside for examples, which reaches nobody. */
export function isPlaceholder(address: string): boolean {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return /(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid)\.?$/.test(domain);
}

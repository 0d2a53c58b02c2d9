/** An http(s) address, absolute; undefined where it is none, or is relative to nothing known. */
export function httpAddress(written: string | undefined, base?: string): string | undefined {
  const plain = written?.trim() ?? "";
  if (plain === "" || !URL.canParse(plain, base)) return undefined;
  const { href, protocol } = new URL(plain, base);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}

/**
 * The tags of a record of DKIM (RFC 6376 §3.2) or DMARC, their names in small letters; undefined where one
 * comes twice or isn't written as `name=value`, which makes the record void.
 */
export function tagsOf(record: string): ReadonlyMap<string, string> | undefined {
  const parts = record.split(";").map((part) => part.trim());
  const tags = new Map<string, string>();
  for (const part of parts.filter((part) => part !== "")) {
    const [, name = "", value = ""] = /^([a-z][a-z0-9_]*)\s*=\s*(.*)$/is.exec(part) ?? [];
    if (name === "" || tags.has(name.toLowerCase())) return undefined;
    tags.set(name.toLowerCase(), value.trim());
  }
  return tags;
}

/** Which platform a file was exported from, told from how it begins; undefined where it is no such export. */
export function exportKind(body: string): "ghost" | "substack" | "beehiiv" | undefined {
  const start = body.slice(0, 2000).replace(/^[\ufeff\s]+/, "");
  if (/^\{\s*"db"\s*:\s*\[/.test(start)) return "ghost";
  const [header = ""] = start.split(/\r?\n|\r/, 1);
  const names = new Set(
    header
      .toLowerCase()
      .split(/[,;\t]/)
      .map((name) => name.replace(/["\s]/g, "")),
  );
  if (names.has("post_id") && names.has("is_published")) return "substack";
  return names.has("web_title") && names.has("content_html") ? "beehiiv" : undefined;
}

const GENERIC = /^(?:serif|sans-serif|system-ui|ui-serif|ui-sans-serif|monospace|cursive)$/;
const NAME = /^(?:'[\p{L}\p{N} .&+-]+'|-?[A-Za-z][\w-]*(?: [A-Za-z][\w-]*)*)$/u;

/**
 * Formats a list of font names for CSS. The last one must be a generic family. Undefined for any other text, because the
 * list becomes part of style attributes. Names are in single quotation marks.
 */
export function fontStack(written: string): string | undefined {
  const names = written.replaceAll('"', "'").split(",");
  const trimmed = names.map((name) => name.trim().replace(/\s+/g, " "));
  if (!trimmed.every((name) => NAME.test(name))) return undefined;
  return GENERIC.test(trimmed.at(-1) ?? "") ? trimmed.join(",") : undefined;
}

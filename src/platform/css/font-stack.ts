const GENERIC = /^(?:serif|sans-serif|system-ui|ui-serif|ui-sans-serif|monospace|cursive)$/;
const NAME = /^(?:'[\p{L}\p{N} .&+-]+'|-?[A-Za-z][\w-]*(?: [A-Za-z][\w-]*)*)$/u;

/**
 * A list of font names as CSS takes it, its last one a kind that every machine has; undefined where it is
 * none. It becomes part of style attributes, so nothing else may be in it, and the marks are single ones.
 */
export function fontStack(written: string): string | undefined {
  const names = written.replaceAll('"', "'").split(",");
  const trimmed = names.map((name) => name.trim().replace(/\s+/g, " "));
  if (!trimmed.every((name) => NAME.test(name))) return undefined;
  return GENERIC.test(trimmed.at(-1) ?? "") ? trimmed.join(",") : undefined;
}

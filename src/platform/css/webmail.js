import { sanitize } from "lettersanitizer";

/**
 * What a webmail leaves of an email: the attributes, the styles and the addresses that it allows. The page of the preview
 * shows it, and a browser that checks an email looks at it.
 * @param {string} html
 */
export function asInWebmail(html) {
  const allowedSchemas = ["http", "https", "mailto", "data"];
  return `<!doctype html><body style="margin:8px">${sanitize(html, "", { id: "m", allowedSchemas })}`;
}

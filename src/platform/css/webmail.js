import { sanitize } from "lettersanitizer";

/**
 * Reduces an email to the attributes, styles and addresses that a webmail allows. The preview shows the result, and the
 * checks in a browser examine it.
 * @param {string} html
 */
export function asInWebmail(html) {
  const allowedSchemas = ["http", "https", "mailto", "data"];
  return `<!doctype html><body style="margin:8px">${sanitize(html, "", { id: "m", allowedSchemas })}`;
}

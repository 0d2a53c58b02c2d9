/**
 * The key of the preview server, as in the page's own address; empty in a page from a file. A request that changes
 * something sends it in a header too, which a form and a link can't set.
 */
export const KEY = /^\/k\/([^/]+)/.exec(location.pathname)?.[1] ?? "";

/**
 * The address of a path on the preview server, where every path begins with the key. Begins with a slash.
 */
export function addressOf(path: string) {
  return `/k/${KEY}${path}`;
}

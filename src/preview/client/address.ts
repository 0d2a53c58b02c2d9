/**
 * The key of the preview server, taken from the page's own address. It is empty in a page opened from a file. A request
 * that changes data also sends the key in a header, which forms and links cannot set.
 */
export const KEY = /^\/k\/([^/]+)/.exec(location.pathname)?.[1] ?? "";

/** The address of a path on the preview server. The path begins with a slash; the server expects the key before it. */
export function addressOf(path: string) {
  return `/k/${KEY}${path}`;
}

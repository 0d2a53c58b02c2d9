/** One way in which the address of a link can be wrong. */
export type LinkFault = "script" | "credentials" | "local" | "nowhere" | "broken" | "insecure";

/** What is wrong with an address in an email; undefined where nothing is. */
export function linkFaultOf(href: string): LinkFault | undefined {
  if (href === "" || href === "#") return "nowhere";
  // A place in the message itself; a merge tag is told by the rule about those.
  if (href.startsWith("#") || isMergeTag(href)) return undefined;
  // One letter is a disk of Windows.
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]+):/i.exec(href) ?? [];
  if (/^(?:javascript|vbscript|data|file|blob)$/i.test(scheme)) return "script";
  if (/^(?:mailto|tel|sms|webcal|facetime|geo|maps|xmpp|cid|mid)$/i.test(scheme))
    return isEmpty(href) ? "nowhere" : undefined;
  const url = URL.parse(href);
  if (!url || !/^https?:\/\//i.test(href))
    return scheme && !/^https?$/i.test(scheme) && url ? undefined : "broken";
  if (url.username || url.password) return "credentials";
  if (isLocal(url.hostname)) return "local";
  return url.protocol === "http:" ? "insecure" : undefined;
}

/** `{{ url }}`, `*|URL|*`, `%%url%%`, `[url]`, `<%= url %>`: what a sending service fills in. */
function isMergeTag(href: string): boolean {
  return /^\s*(?:https?:\/\/)?(?:\{\{|\{%|\*\||%%|\[|<%|\$\{|%[a-z]|\{[a-z_])/i.test(href);
}

function isEmpty(href: string): boolean {
  return /^[a-z]+:\s*$/i.test(href);
}

/** RFC 6761, RFC 1918, RFC 3927, RFC 4193: names and addresses that mean something else, or nothing, elsewhere. */
function isLocal(host: string): boolean {
  return (
    /^(?:localhost|[^.]+|.*\.(?:localhost|local|internal|lan|home\.arpa|test|invalid))$/i.test(
      host,
    ) ||
    /^(?:127|10|0)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(host) ||
    /^\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*|::ffff:.*)\]$/i.test(host)
  );
}

/**
 * Whether an address may be inside a network, or on this machine: where the user named it. It is asked of each address
 * that is asked for something, since a page may send its reader anywhere.
 */
export type Trust = (url: URL) => boolean;

export const NOTHING: Trust = () => false;

/** Trust in one server: its scheme, host and port. */
export function sameServer({ origin }: URL): Trust {
  return (url) => url.origin === origin;
}

/** Whether what is said to this host stays on this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) ||
    /^::ffff:(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|7f[\da-f]{2}:[\da-f]{1,4})$/.test(host)
  );
}

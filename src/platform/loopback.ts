/** Whether what is said to this host stays on this machine. */
export function isLoopback(host: string): boolean {
  return (
    host === "localhost" ||
    host === "::1" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) ||
    /^::ffff:(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|7f[\da-f]{2}:[\da-f]{1,4})$/.test(host)
  );
}

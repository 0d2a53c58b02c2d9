import { execFile } from "node:child_process";

/** It reads thousands of rules first, which takes a second or two. */
const PATIENCE_MS = 30_000;

/**
 * What SpamAssassin says of a message by itself, without asking the network (`-L`); undefined where it
 * isn't installed, or doesn't answer.
 */
export async function askSpamAssassin(raw: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      timeout: PATIENCE_MS,
      maxBuffer: 64 * 1024 * 1024,
      encoding: "utf8",
    } as const;
    const child = execFile("spamassassin", ["-L", "-t"], options, (_error, stdout) => {
      resolve(stdout === "" ? undefined : stdout);
    });
    // It may leave before it has read all, which is told by what it writes.
    child.stdin?.on("error", () => undefined).end(raw);
  });
}

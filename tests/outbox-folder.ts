import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";

export const ISSUE = { newsletter: "harbour-letter", slot: "2031-04-02" };

/** The files of an issue that all say which build they are of. */
export function filesOf(build: string, slots: object = {}): Map<string, string | Buffer> {
  const digest = JSON.stringify({ build });
  const hash = createHash("sha256").update(digest).digest("hex");
  const email = { digest: hash, subject: build, html: build, text: build, slots };
  return new Map<string, string | Buffer>([
    ["email.html", build],
    ["email.txt", build],
    ["email.json", JSON.stringify(email)],
    ["digest.json", digest],
    ["images/crab.png", Buffer.from(build)],
  ]);
}

/** Everything in a folder, hidden or not, by name. */
export async function everythingIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.sort((a, b) => (a < b ? -1 : 1));
}

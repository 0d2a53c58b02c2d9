import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Message } from "../../message.ts";
import { PRIVATE_FILE } from "../../../platform/files/make-folders.ts";

/** How a program ended that was given a message. */
export interface Ending {
  /** Its exit code; null where it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether we killed it because it didn't end. */
  readonly isTimeout: boolean;
  /** The first of what it printed. */
  readonly words: string;
}

const MOST_WORDS = 2_000;

/**
 * Gives a message to a local sendmail, and waits until it has ended.
 * @throws what the system says where it can't be started, so that it was given nothing.
 */
export async function runSendmail(
  program: string,
  { envelope: { from, to }, raw }: Message,
  timeoutMs: number,
): Promise<Ending> {
  // A pipe would end with us, and what was in it by then be taken for the whole message.
  const input = await namelessFile(withUnixLineEnds(raw));
  const output = await namelessFile("");
  try {
    const child = spawn(program, ["-i", "-f", from, "--", to], {
      // It may leave a process behind that goes on to deliver, so that a pipe wouldn't end with it.
      stdio: [input.fd, output.fd, output.fd],
      env: withoutSecrets(),
      // Ctrl-C in a terminal is for us, who let it finish.
      detached: true,
    });
    const ending = await endingOf(child, timeoutMs);
    // It has ended, so that nothing that fails here may say that it wasn't started.
    return { ...ending, words: await beginningOf(output).catch(() => "") };
  } finally {
    await Promise.all([input.close(), output.close()]);
  }
}

async function endingOf(child: ChildProcess, timeoutMs: number): Promise<Omit<Ending, "words">> {
  let isTimeout = false;
  const timer = setTimeout(() => {
    isTimeout = true;
    killGroup(child);
  }, timeoutMs);
  try {
    await once(child, "exit");
    return { code: child.exitCode, signal: child.signalCode, isTimeout };
  } finally {
    clearTimeout(timer);
  }
}

/** With all that it has started: it leads a group of its own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

/** A file that goes when it is closed, whoever closes it. */
async function namelessFile(content: Buffer | string): Promise<FileHandle> {
  const name = path.join(tmpdir(), `broadsheet-${randomUUID()}`);
  try {
    await writeFile(name, content, { flag: "wx", mode: PRIVATE_FILE });
    return await open(name, "r+");
  } finally {
    await rm(name, { force: true });
  }
}

async function beginningOf(output: FileHandle): Promise<string> {
  const { buffer, bytesRead } = await output.read(Buffer.alloc(MOST_WORDS), 0, MOST_WORDS, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

/** What a program on this machine takes for lines; on the way out they become CRLF again. */
function withUnixLineEnds(raw: Buffer): Buffer {
  return Buffer.from(raw.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

/** It has settings of its own to log in with. */
function withoutSecrets(): NodeJS.ProcessEnv {
  const ours = /^(?:BROADSHEET|SMTP)_|_API_KEY$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

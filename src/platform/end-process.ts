let isForced = false;

/** From now on `endProcess` does not wait for threads, because one may be stuck. */
export function forceEnd(): void {
  isForced = true;
}

/**
 * Ends the process. `process.exit` waits for each thread that reads a file or resolves a name, so a stuck disk would keep
 * the process for ever. If a thread may hang, execve replaces this process: execve(2) ends all
 * threads, and the kernel releases the locks.
 */
export function endProcess(code: number): never {
  if (!isForced || !process.execve) process.exit(code);
  process.emit("exit", code);
  const { NODE_OPTIONS: _options, ...env } = process.env;
  return process.execve(process.execPath, [process.execPath, "-e", `process.exit(${code})`], env);
}

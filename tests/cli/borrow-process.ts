import type { EventEmitter } from "node:events";
import { Readable } from "node:stream";

export interface Loan {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly argv: readonly string[];
  readonly input: string | Uint8Array;
}

/** Everything that a command takes from its process, set for one in this process; `giveBack` undoes it all. */
export function borrowProcess({ cwd, env, argv, input }: Loan) {
  const output = { stdout: "", stderr: "" };
  const undo = [
    changeFolder(cwd),
    changeEnvironment(env),
    replace(process, "argv", [...process.argv.slice(0, 1), ...argv]),
    replace(
      process.stdout,
      "write",
      taking((text) => (output.stdout += text)),
    ),
    replace(
      process.stderr,
      "write",
      taking((text) => (output.stderr += text)),
    ),
    replaceStdin(Readable.from([Buffer.from(input)])),
    keepListeners(process),
    keepListeners(process.stdout),
    keepListeners(process.stderr),
  ];
  return { output, giveBack: () => undo.forEach((step) => step()) };
}

function changeFolder(cwd: string): () => void {
  const before = process.cwd();
  process.chdir(cwd);
  return () => process.chdir(before);
}

function changeEnvironment(env: NodeJS.ProcessEnv): () => void {
  const before = { ...process.env };
  setEnvironment(env);
  return () => setEnvironment(before);
}

/** The same object goes on, since Node looks in it for the time zone. */
function setEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

function replace<Of extends object, Key extends keyof Of>(
  object: Of,
  key: Key,
  value: Of[Key],
): () => void {
  const before = object[key];
  object[key] = value;
  return () => void (object[key] = before);
}

/** Node has it behind a getter. */
function replaceStdin(stdin: Readable): () => void {
  const before = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
  Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
  return () => void Object.defineProperty(process, "stdin", before);
}

/** A stream's `write` that never waits. */
function taking(take: (text: string) => void): NodeJS.WriteStream["write"] {
  return (chunk: string | Uint8Array, ...rest: unknown[]) => {
    take(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
    const done = rest.at(-1);
    if (typeof done === "function") queueMicrotask(() => void done());
    return true;
  };
}

/** A command listens until its process ends; here until it has done its work. */
function keepListeners(emitter: EventEmitter): () => void {
  const listeners = () =>
    emitter
      .eventNames()
      .flatMap((name) => emitter.rawListeners(name).map((each) => [name, each] as const));
  const before = new Set(listeners().map(([, each]) => each));
  return () => {
    for (const [name, each] of listeners()) {
      if (!before.has(each) && isListener(each)) emitter.off(name, each);
    }
  };
}

function isListener(each: unknown): each is () => void {
  return typeof each === "function";
}

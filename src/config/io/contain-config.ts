import { BroadsheetError } from "../../errors.ts";
import { placeOfThrown } from "./config-error.ts";

/** A config may ask somebody for something; it may not do so for ever. */
const LIMIT_MS = 10_000;

let previous: Promise<unknown> = Promise.resolve();

/**
 * What a config's code comes to, run so that it does no harm: what it prints goes to stderr, as stdout
 * is for results. One at a time, because a process has one stdout.
 * @throws BroadsheetError CONFIG_INVALID where the code would end the process or comes to no end.
 */
export async function containConfig<T>(file: string, run: () => Promise<T>): Promise<T> {
  const result = previous.then(async () => contain(file, run));
  previous = result.catch(() => undefined);
  return result;
}

async function contain<T>(file: string, run: () => Promise<T>): Promise<T> {
  const replaced = [
    replace(process.stdout, "write", process.stderr.write.bind(process.stderr)),
    replace(process, "exit", function exit(): never {
      throw endsProcess(file, exit);
    }),
  ];
  const restore = () => replaced.forEach((back) => back());
  // Whoever deals with an error that nobody caught must be able to end the process.
  process.once("uncaughtExceptionMonitor", restore);
  const limit = endlessness(file);
  try {
    return await Promise.race([run(), limit.reached]);
  } finally {
    limit.lift();
    process.off("uncaughtExceptionMonitor", restore);
    restore();
  }
}

/** Puts a function in the place of an object's own; what puts the old one back. */
function replace(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
  return () => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}

/**
 * Rejects when the code can't come to an end. Node has nothing left to do then and would leave with
 * code 13, or a timer keeps it busy while nothing comes of it.
 */
function endlessness(file: string): {
  readonly reached: Promise<never>;
  readonly lift: () => void;
} {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(endless(file));
  const timer = setTimeout(stop, LIMIT_MS).unref();
  process.once("beforeExit", stop);
  const lift = () => {
    clearTimeout(timer);
    process.off("beforeExit", stop);
  };
  return { reached: promise, lift };
}

function endsProcess(file: string, caller: () => never): BroadsheetError {
  const call = new Error("the config calls process.exit");
  // Without the frame of our own, so that the place is the config's.
  Error.captureStackTrace(call, caller);
  return new BroadsheetError("CONFIG_INVALID", "the config calls process.exit()", {
    where: { file, ...placeOfThrown(call) },
    fix: "take it out; to refuse, throw an error that says why",
    cause: call,
  });
}

function endless(file: string): BroadsheetError {
  return new BroadsheetError("CONFIG_INVALID", "the config waits for something that never comes", {
    where: { file },
    fix: "see what its top-level await waits for",
  });
}

/** The variables of a process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process. */
export function processEnvironment(): Environment {
  return process.env;
}

import { createRequire } from "node:module";

/** Requires what mjml-core requires, of the version that it asks for. */
export function mjmlRequire(name: string): ReturnType<NodeJS.Require> {
  const requireHere = createRequire(import.meta.url);
  const core = createRequire(createRequire(requireHere.resolve("mjml")).resolve("mjml-core"));
  // Node remembers for mjml-core that the bare name leads to what stands in.
  return core(core.resolve(name));
}

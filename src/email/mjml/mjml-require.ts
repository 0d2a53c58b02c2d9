import { createRequire } from "node:module";

/** Requires a dependency of mjml-core, in its version. */
export function mjmlRequire(name: string): ReturnType<NodeJS.Require> {
  const requireHere = createRequire(import.meta.url);
  const core = createRequire(createRequire(requireHere.resolve("mjml")).resolve("mjml-core"));
  // Resolving first is necessary, because Node has cached for mjml-core that the bare name leads to the stand-in.
  return core(core.resolve(name));
}

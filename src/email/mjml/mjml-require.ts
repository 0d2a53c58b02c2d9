import { createRequire } from "node:module";

/** Requires a dependency of mjml-core, in its version. */
export function mjmlRequire(name: string): ReturnType<NodeJS.Require> {
  const requireHere = createRequire(import.meta.url);
  const core = createRequire(createRequire(requireHere.resolve("mjml")).resolve("mjml-core"));
  // The name must be resolved first, because Node has cached the stand-in for the bare name.
  return core(core.resolve(name));
}

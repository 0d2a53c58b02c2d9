import type { Config } from "../../config/config.ts";
import type { Logo } from "../../digest/publication.ts";
import type { Picture } from "../../email/picture.ts";
import type { PictureMemory } from "./place-pictures.ts";
import type { Reporter } from "../../platform/reporter.ts";

interface PlacedLogo {
  readonly logo?: Logo;
  readonly pictures: readonly Picture[];
}

/** The newsletter's logo, where it has one, as its issues show it. A missing file is an error. */
export async function placeLogo(
  config: Config,
  reporter: Reporter,
  memory?: PictureMemory,
): Promise<PlacedLogo> {
  if (!config.logo) return { pictures: [] };
  const { readLogo } = await import("./io/read-logo.ts");
  const { logo, pictures, remarks } = await readLogo(config.logo, config, memory?.pictures);
  for (const remark of remarks) reporter.note(remark);
  return { logo, pictures };
}

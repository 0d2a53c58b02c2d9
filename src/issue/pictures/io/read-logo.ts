import { createHash } from "node:crypto";
import path from "node:path";
import type { Logo } from "../../../digest/digest.ts";
import { BroadsheetError } from "../../../errors.ts";
import type { Picture } from "../../../platform/picture.ts";
import type { Kept } from "../../../platform/kept.ts";
import { Converter } from "./converter.ts";
import { isOnTheWeb, type Loaded, type LoadPicture, pictureLoader } from "./load-pictures.ts";
import type { MailPicture } from "./prepare-picture.ts";

/** The logo in the config: files relative to the folder of the config, or addresses. */
export interface LogoFiles {
  readonly src: string;
  readonly dark?: string | undefined;
  readonly alt?: string | undefined;
  /** In pixels. */
  readonly width?: number | undefined;
}

/** The folder of the config, absolute, and the newsletter's name. */
export interface LogoSettings {
  readonly folder: string;
  readonly name: string;
}

export interface ReadLogo {
  readonly logo: Logo;
  readonly pictures: readonly Picture[];
  /** Notes for the author of the config. */
  readonly remarks: readonly string[];
}

/** Wide enough for a name, and no wider than a phone. */
const WIDEST_PX = 280;
/** The width of a logo that can't be measured. */
const UNMEASURED_PX = 200;

/**
 * Reads the newsletter's logo for an issue: a file is prepared for mail and named `images/logo-…`, an address stays
 * unchanged.
 * @throws BroadsheetError if the file is missing or not a picture.
 */
export async function readLogo(
  { src, dark, alt, width }: LogoFiles,
  { folder, name }: LogoSettings,
  kept?: Kept<Loaded>,
): Promise<ReadLogo> {
  using converter = new Converter();
  const load = pictureLoader({ root: folder, converter, kept });
  const light = await place("src", src, load, folder);
  const dusk = dark === undefined ? undefined : await place("dark", dark, load, folder);
  const shown = shownSize(light.picture?.size, width);
  const hasPlate = dusk === undefined && isClear(light);
  return {
    logo: {
      src: light.src,
      ...(dusk && { dark: dusk.src }),
      alt: alt ?? name,
      ...shown,
      ...(hasPlate && { plate: true }),
    },
    pictures: [light, dusk].flatMap((placed) => placed?.file ?? []),
    remarks: [light, dusk].flatMap((placed) => placed?.remark ?? []),
  };
}

interface Placed {
  readonly src: string;
  readonly picture?: MailPicture;
  readonly file?: Picture;
  readonly remark?: string;
}

async function place(
  key: "src" | "dark",
  src: string,
  load: LoadPicture,
  folder: string,
): Promise<Placed> {
  if (isOnTheWeb(src)) return { src };
  // Paths are relative to the config, like those of an article's pictures to the article.
  const loaded = await load(src, { source: path.join(folder, "broadsheet.yaml") });
  if ("error" in loaded) throw atKey(key, loaded.error);
  const { type, content } = loaded.picture;
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const name = `logo-${hash}${type.ending}`;
  const file = { name, contentType: type.contentType, content };
  const { picture, unconverted } = loaded;
  const remark = unconverted && `The logo ${src} ${unconverted}. Mend it with: npm install sharp`;
  return { src: `images/${name}`, picture, file, ...(remark && { remark }) };
}

function atKey(key: string, { code, message, cause }: BroadsheetError): BroadsheetError {
  const fix = `"logo.${key}" in the config names it, relative to the config's folder`;
  return new BroadsheetError(code, `the logo: ${message}`, { fix, cause });
}

/** Half of its own width, so that it is sharp on high-resolution screens. */
function shownSize(size: MailPicture["size"], given: number | undefined) {
  if (!size) return { width: given ?? UNMEASURED_PX };
  const width = given ?? Math.max(1, Math.min(WIDEST_PX, Math.round(size.widthPx / 2)));
  return { width, height: Math.max(1, Math.round((size.heightPx * width) / size.widthPx)) };
}

/** Whether its background is transparent. For an address only the name is known. */
function isClear({ src, picture }: Placed): boolean {
  if (!picture) return !/\.jpe?g$/i.test(URL.parse(src)?.pathname ?? "");
  const { type, content } = picture;
  // W3C PNG §11.2.2: colour types 4 and 6 have an alpha channel; tRNS makes colours of other types transparent.
  if (type.name === "png") return (content.readUInt8(25) & 4) !== 0 || content.includes("tRNS");
  return type.name !== "jpeg";
}

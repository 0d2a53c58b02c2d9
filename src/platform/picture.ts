/** A picture that an issue shows: its name in `images/`, and its bytes. */
export interface Picture {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** The attribute with which the HTML of an email refers to a picture in the folder. */
export const PLACED_PICTURE = /src="images\/([^"/]+)"/g;

/** The name of a picture that lies in the folder; undefined for one on another server. */
export function placedName(src: string | undefined): string | undefined {
  return /^images\/([^/\\]+)$/.exec(src ?? "")?.[1];
}

/** A kind of picture, known by its content. */
export interface PictureType {
  readonly name: "png" | "jpeg" | "gif" | "webp" | "avif" | "heic" | "tiff" | "svg";
  /** The format as people name it. */
  readonly noun: string;
  readonly contentType: string;
  /** The ending of a file's name, with its dot. */
  readonly ending: string;
}

export const PICTURE_TYPES: Readonly<Record<PictureType["name"], PictureType>> = {
  png: { name: "png", noun: "PNG", contentType: "image/png", ending: ".png" },
  jpeg: { name: "jpeg", noun: "JPEG", contentType: "image/jpeg", ending: ".jpg" },
  gif: { name: "gif", noun: "GIF", contentType: "image/gif", ending: ".gif" },
  webp: { name: "webp", noun: "WebP", contentType: "image/webp", ending: ".webp" },
  avif: { name: "avif", noun: "AVIF", contentType: "image/avif", ending: ".avif" },
  heic: { name: "heic", noun: "HEIC", contentType: "image/heic", ending: ".heic" },
  tiff: { name: "tiff", noun: "TIFF", contentType: "image/tiff", ending: ".tiff" },
  svg: { name: "svg", noun: "SVG", contentType: "image/svg+xml", ending: ".svg" },
};

/** The kind of a picture by its first bytes, whatever its name is; undefined for an unknown kind. */
export function pictureTypeOf(content: Buffer): PictureType | undefined {
  const name = nameOf(content);
  return name && PICTURE_TYPES[name];
}

function nameOf(content: Buffer): PictureType["name"] | undefined {
  const first = content.subarray(0, 16).toString("latin1");
  if (first.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (first.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(first)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(first)) return "webp";
  if (/^(?:II\*\0|MM\0\*)/.test(first)) return "tiff";
  if (first.slice(4, 8) === "ftyp") return nameOfMedia(content);
  return isSvg(content) ? "svg" : undefined;
}

/** The brands of a file (ISO/IEC 14496-12 §4.3). AVIF, HEIC and films share this format. */
function nameOfMedia(content: Buffer): "avif" | "heic" | undefined {
  const brands = content.subarray(8, Math.min(content.readUInt32BE(0), 256)).toString("latin1");
  if (/avi[fs]/.test(brands)) return "avif";
  return /hei[cxms]|hev[cx]|mif1|msf1/.test(brands) ? "heic" : undefined;
}

/** A declaration, comments and a document type may precede the root element (XML 1.0 §2.8). */
const SVG_START =
  /^\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->)[^])*-->\s*|<!DOCTYPE(?:[^[>]|\[[^\]]*\])*>\s*)*<(?:\w+:)?svg[\s>]/i;

function isSvg(content: Buffer): boolean {
  return SVG_START.test(
    content
      .subarray(0, 8192)
      .toString("utf8")
      .replace(/^\uFEFF/, ""),
  );
}

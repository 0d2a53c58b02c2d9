/** errno(3), as far as a file system answers with it. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "it is on a read-only disk",
  ENOTDIR: "there is a file where a folder should be",
  EEXIST: "there is a file where a folder should be",
  ENOENT: "no folder can be made there",
  EISDIR: "there is a folder where a file should be",
  ELOOP: "there are symbolic links that lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EFBIG: "the disk is full",
  EIO: "the disk has failed",
};

/** Why a file system refused, in words; the bare code where there are none for it, empty without one. */
export function errnoReason(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  const code = String(error.code);
  return REASONS[code] ?? code;
}

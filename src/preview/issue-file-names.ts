/** The names of an issue's files that programs read back, relative to its folder. */
export const ISSUE_FILES = {
  digest: "digest.json",
  /** The digest as `build` made it: an editor's changes are the difference. */
  built: "digest.built.json",
  email: "email.json",
  report: "report.json",
} as const;

import type { BuiltIssue } from "./issue-files.ts";
import { issueData } from "../preview/issue-data.ts";
import { previewPage, previewStamp, STAMP_FILE } from "../preview/preview-page.ts";

/** An issue with the page that shows it, and what tells an open page that it was written again. */
export function withPreview(built: BuiltIssue): BuiltIssue {
  const page = previewPage({
    mode: "file",
    issue: issueData(built.digest, built.files),
    desk: null,
  });
  const files = new Map(built.files);
  return {
    ...built,
    files: files.set("preview.html", page).set(STAMP_FILE, previewStamp(page)),
  };
}

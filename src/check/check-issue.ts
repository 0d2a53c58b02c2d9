import { checkEmail } from "./check-email.ts";
import type { Report } from "./finding.ts";
import { issueInput, type IssueMail } from "./issue-input.ts";

/** What the rules say of an issue, as one reader gets it. */
export async function checkIssue(issue: IssueMail): Promise<Report> {
  return checkEmail(await issueInput(issue));
}

import { openProject } from "../config/io/load-config.ts";

/** The config of the newsletter that is worked on. What other machines made of its issues is in its outbox then. */
export async function openOutbox(
  ...[flags, terminal]: Parameters<typeof openProject>
): ReturnType<typeof openProject> {
  const config = await openProject(flags, terminal);
  if (!config.issuesIn) return config;
  const { bringIssues } = await import("../issue/io/bring-issues.ts");
  return bringIssues(config);
}

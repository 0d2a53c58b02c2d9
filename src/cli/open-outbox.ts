import { openProject } from "../config/io/load-config.ts";

/** Loads the config of the current newsletter, and copies the changes of other machines into its outbox. */
export async function openOutbox(
  ...[flags, terminal]: Parameters<typeof openProject>
): ReturnType<typeof openProject> {
  const config = await openProject(flags, terminal);
  if (!config.issuesIn) return config;
  const { bringIssues } = await import("../issue/io/bring-issues.ts");
  return bringIssues(config);
}

import { BroadsheetError } from "../../errors.ts";
import type { CheckFlags } from "../check-view.ts";
import { commonFlags, type Configure, outboxFlags } from "../flags.ts";
import { reporterOn } from "../reporter.ts";

export const check: Configure = (command, terminal) => {
  outboxFlags(commonFlags(command))
    .argument("[ISSUE]", "its date, its folder, or: latest (default)")
    .option("--html <FILE>", "check a file instead: anybody's HTML, or a message (.eml)")
    .option("--static", "only what the email itself tells, and no other program")
    .option("--browser", "look at it in a browser too, with all network blocked")
    .option("--links", "ask every link and picture on the web whether it is there")
    .option("--dkim-key <FILE>", "verify DKIM with this public key, or its DNS record")
    .option("--allow-private", "with --links, also ask addresses inside networks")
    .addHelpText(
      "after",
      `
Says "Ready to send" where nothing is to fix or to look at. Leaves with 65 where something must be fixed, which
stops \`send\`, and else with 0. What was not checked is listed, with how to have it checked. docs/checks.md says
what each rule wants, and why.

Examples:
  broadsheet check
  broadsheet check 2026-11-24 --browser --json
  broadsheet check --html newsletter.eml --links`,
    )
    .action(async (name: string | undefined, flags: CheckFlags) => {
      refuseContradictions(name, flags);
      const { openProject } = await import("../../config/io/load-config.ts");
      const config = await openProject(flags, terminal);
      const checked =
        flags.html === undefined
          ? await (
              await import("../../issue/check-stored-issue.ts")
            ).checkStoredIssue(name ?? "latest", config, flags, {
              cwd: terminal.cwd,
              reporter: reporterOn(terminal),
            })
          : await (await import("../check-view.ts")).checkFile(flags.html, config, flags, terminal);
      const { conclude } = await import("../check-view.ts");
      conclude(checked, flags, terminal);
    });
};

function refuseContradictions(name: string | undefined, flags: CheckFlags): void {
  const [first, second] =
    [
      [name !== undefined, flags.html !== undefined, "an issue", "--html"] as const,
      [flags.static, flags.browser, "--static", "--browser"] as const,
      [flags.static, flags.links, "--static", "--links"] as const,
    ]
      .find(([a, b]) => a && b)
      ?.slice(2) ?? [];
  if (first === undefined) return;
  throw new BroadsheetError("USAGE", `${String(first)} and ${String(second)} can't both be given`, {
    fix: "leave one of them out",
  });
}

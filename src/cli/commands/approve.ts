import {
  type CommonFlags,
  commonFlags,
  type Configure,
  outboxFlags,
  type OutboxFlags,
} from "../flags.ts";

export const approve: Configure = (command, terminal) => {
  outboxFlags(commonFlags(command))
    .argument("<ISSUE>", "its slot, such as 2026-W48, its folder, or: latest")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: CommonFlags & OutboxFlags) => {
      const { approveIssue } = await import("../schedule/approve-issue.ts");
      await approveIssue(name, flags, terminal);
    });
};

const HELP = `
Where the schedule's approval is "manual", a run builds and checks the issue that is due, and sends a copy to the
address in \`notify\`. It goes out when somebody approves it; where nobody has by the schedule's maxLate, it expires, and
what was new in it is for the next one.

Example:
  broadsheet approve 2026-W48`;

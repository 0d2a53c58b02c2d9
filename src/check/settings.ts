import * as z from "zod";
import { type Complaint, didYouMean } from "../platform/setting.ts";
import { AUDIENCE_NAMES } from "./support/audience.ts";

const audience = z.record(z.string(), z.number()).check(({ value, issues }) => {
  for (const [name, share] of Object.entries(value)) {
    const complaint = audienceComplaint(name, share);
    if (!complaint) continue;
    const [message, fix] = complaint;
    issues.push({ code: "custom", input: value, path: [name], message, params: { fix } });
  }
});

function audienceComplaint(name: string, share: number): Complaint | undefined {
  if (!AUDIENCE_NAMES.includes(name)) {
    const near = didYouMean(name, AUDIENCE_NAMES, ["audience"]);
    return ["is no mail program that is known here", near ?? "docs/checks.md lists them"];
  }
  return share < 0 ? ["is less than nothing", "give a share such as 0.3, or a count"] : undefined;
}

export const checkSettings = {
  audience: audience.optional().meta({
    description:
      "What your readers read mail with, and how many of them, in shares or counts: `check` weighs by it what their programs don't know. A mixed list by default; docs/checks.md has the names.",
    example: { gmail: 0.5, "outlook.windows": 0.2 },
  }),
};

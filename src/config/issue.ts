import * as z from "zod";
import {
  type Complaint,
  line,
  quote,
  urlComplaint,
  withoutComplaint,
} from "../platform/setting.ts";
import { modulesSetting } from "../digest/modules.ts";

/** An https folder, in which `{slot}` may stand; written with or without the slash at its end. */
const folderUrl = withoutComplaint(folderUrlComplaint, (value) => value.replace(/\/*$/, "/"));

function folderUrlComplaint(value: string): Complaint | undefined {
  const complaint = urlComplaint(value, "slot");
  if (complaint) return complaint;
  return /[?#]/.test(value)
    ? [`is ${quote(value)}, to which no file's name can be added`, "end it with the folder"]
    : undefined;
}

/** What an issue says beside its stories, what becomes of pictures, and where what an issue is made of and made into is kept. */
export const issueSettings = {
  modules: modulesSetting,
  images: z
    .strictObject({
      copy: z.boolean().default(true).meta({
        description: "Copy pictures of the web into the issue. false: link to them where they are.",
      }),
      baseUrl: folderUrl.optional().meta({
        description:
          "Where readers find what is in the issue's `images/`; `{slot}` stands for the issue's slot, such as its date. Without it the pictures travel inside each message.",
        example: "https://letter.example/mail/{slot}/",
      }),
    })
    .prefault({})
    .meta({ description: "How pictures reach readers." }),
  outbox: line.default("outbox").meta({
    description: "Folder of the issues built. `BROADSHEET_OUTBOX` in the environment wins.",
    example: "/var/lib/letter/outbox",
  }),
  templates: line.default("templates").meta({
    description: "Folder of your own templates.",
    example: "look",
  }),
  store: line.default(".broadsheet/broadsheet.db").meta({
    description: "The file with the subscribers and what they were sent.",
    example: "/var/lib/letter/letter.db",
  }),
};

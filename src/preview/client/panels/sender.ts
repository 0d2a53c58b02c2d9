import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useLayoutEffect } from "preact/hooks";
import type { SenderData, SenderFinding } from "../../page-data.ts";
import { changeConfig, takeConfig } from "../config.ts";
import { askDesk } from "../live.ts";
import { dialog, hasIssue } from "../store.ts";
import { capitalised } from "../stories.ts";
import { withoutLeaving } from "./controls.ts";
import { draftFields } from "./fields.ts";

const sender = signal<SenderData | undefined>(undefined);
/** The text in fields that is not stored yet. */
const drafts = signal<Readonly<Record<string, string>>>({});
const refused = signal("");
const state = signal("");
const findings = signal<readonly SenderFinding[]>([]);

/** The panel about the sender, the mail server, and the records that receiving servers verify. */
export function Sender() {
  useLayoutEffect(() => void load(""), []);
  return html`<section class="form" aria-labelledby="sender-title">
    <h2 class="big" id="sender-title">Sender</h2>
    <p class="word error" role="alert">${refused.value}</p>
    <p class="muted" role="status">${state.value}</p>
    ${sender.value && html`${who(sender.value)} ${server(sender.value)}`}
    <ul class="list" aria-label="What was found">${findings.value.map(finding)}</ul>
  </section>`;
}

function who({ name, address }: SenderData) {
  return html`<form onsubmit=${saveName}>
    <fieldset>
      <legend>The sender that readers see</legend>
      ${field("name", "Name", { value: name })} ${field("address", "Address", { value: address })}
      <button class="solid" data-key="save-name">Save name and address</button>
    </fieldset>
  </form>`;
}

const ENCRYPTION = [
  ["smtps", "TLS from the start, usually on port 465"],
  ["smtp", "STARTTLS, usually on port 587"],
] as const;

function server({ transport, isFixed, server: stored }: SenderData) {
  const { host = "", port = "", user = "", hasPassword = false } = stored ?? {};
  const kept = hasPassword ? "stored; write it only to change it" : "";
  const how = stored?.isImplicitTls === false ? "smtp" : "smtps";
  const one = (name: string, label: string, value: string, more: object = {}) =>
    field(name, label, { value, isReadOnly: isFixed, ...more });
  const fields = html`${one("host", "Mail server", host, { placeholder: "smtp.example.org" })}
    ${one("port", "Port", String(port || 465))} ${one("how", "Encrypted", how, { choices: ENCRYPTION })}
    ${one("user", "User", user)} ${one("password", "Password", "", { type: "password", placeholder: kept })}
    ${
      isFixed
        ? html`<p>SMTP_URL in the environment of the desk names this server. Change it there.</p>`
        : html`<button class="solid" data-key="save-server">Save the server</button>`
    }`;
  return html`<form onsubmit=${saveServer}>
    <fieldset>
      <legend>The server that takes the mail</legend>
      ${transport === "smtp" ? fields : html`<p>The config says <code>transport: ${transport}</code>, so no server is used.</p>`}
      <p class="editor-buttons">
        <button class="plain" type="button" data-key="sender-test" onclick=${tryOut}>Test without sending</button>
        ${hasIssue.value && html`<button class="plain" type="button" data-key="send-test" onclick=${() => (dialog.value = "test")}>Send me a test</button>`}
      </p>
    </fieldset>
  </form>`;
}

const field = draftFields(drafts, "sender-");

/** Titles for the doctor's findings in an editor's words. */
const ABOUT: Readonly<Record<string, string>> = {
  Encryption: "Encryption of the connection",
  Offers: "Features of the server",
  Login: "User and password",
  DKIM: "Signature of the mails (DKIM)",
  SPF: "Which servers may send for your domain (SPF)",
  DMARC: "How other servers treat forged mails (DMARC)",
  Alignment: "Agreement of these with the address that readers see",
  Bounces: "Bounces",
  Unsubscribe: "Unsubscribing with one click",
};

/** Advice for findings whose own advice names a setting. */
const FIXES: Readonly<Record<string, string>> = {
  Login: "Write user and password again. Many providers require an app password.",
};

const VERDICTS = {
  ok: ["ok", "OK"],
  look: ["warning", "Look"],
  fix: ["error", "Fix"],
  unseen: ["info", "Not seen"],
} as const;

function finding({ about, verdict, says, fix }: SenderFinding) {
  const [looks, word] = VERDICTS[verdict];
  const cure = verdict === "fix" ? (FIXES[about] ?? fix) : fix;
  return html`<li class="entry">
    <b class=${`word ${looks}`}>${word}</b>
    <p class="text"><b>${ABOUT[about.split(" ")[0] ?? ""] ?? about}</b><br />${capitalised(says)}.
      ${cure && html`<br /><span class="muted">${capitalised(cure)}</span>`}</p>
  </li>`;
}

async function load(said: string): Promise<void> {
  const { given, said: why = "" } = await askDesk<SenderData>("/~sender");
  refused.value = why;
  if (!given) return;
  sender.value = given;
  state.value = said;
}

const saveName = withoutLeaving(async () => {
  const { name = "", address = "" } = { ...sender.value, ...drafts.value };
  await takeConfig();
  const value = name.trim() === "" ? address : { address, name };
  const { isDone, said = "" } = await changeConfig(() => ({ path: ["from"], value }));
  refused.value = said;
  if (!isDone) return;
  drafts.value = { ...drafts.value, name, address };
  await load("Saved. Undo is in Look and in Sources.");
});

/** The mail server as entered in the fields. */
function written(): object {
  const { host = "", port = 465, isImplicitTls = true, user = "" } = sender.value?.server ?? {};
  const stored = { host, port: String(port), how: isImplicitTls ? "smtps" : "smtp", user };
  const filled: Record<string, string> = { ...stored, ...drafts.value };
  const { name: _name, address: _address, how, ...given } = filled;
  return { password: "", ...given, isImplicitTls: how === "smtps" };
}

const saveServer = withoutLeaving(async () => {
  const { given, said = "" } = await askDesk<SenderData>("/~sender", written());
  refused.value = said;
  if (!given) return;
  sender.value = given;
  drafts.value = { name: given.name, address: given.address };
  state.value = "Saved in .env, which only you can read";
});

async function tryOut(): Promise<void> {
  state.value = "Asking the mail server and the DNS…";
  findings.value = [];
  const { given = [], said = "" } = await askDesk<SenderFinding[]>("/~sender/test", written());
  findings.value = given;
  refused.value = said;
  state.value = "";
}

import { html } from "htm/preact";
import { desk, hasIssue, isFrozen, issue, standing } from "../store.ts";
import { capitalised } from "../stories.ts";
import { Life } from "./life.ts";
import { noticesAt } from "./notices.ts";

/**
 * The state of the issue in the words of the commands, and the actions that remain once sending has begun. Then the notices
 * about it, and the reason why the newest version is not shown.
 */
export function Standing() {
  const { state, says = "", goes = "", at } = standing.value ?? {};
  const isUntimed = state === "draft" && goes !== "" && at === "";
  const line = `this issue is ${says}${goes && `; ${goes}`}${isUntimed ? UNTIMED : ""}`;
  const isOpen = !(isFrozen.value && hasIssue.value);
  return html`<div class="notices">
    ${isOpen ? says && html`<p class="standing">${capitalised(line)}.</p>` : frozen(line)}
    ${hasIssue.value && html`<${Life} />`} ${noticesAt("")} ${trouble()}
  </div>`;
}

/** The text for an issue without a schedule, which has no time at which it would be sent after approval. */
const UNTIMED =
  ". It needs no other approval. To approve it now and have it go out later, schedule it";

function frozen(line: string) {
  const { slot } = issue.value.digest.issue;
  const isSent = standing.value?.state === "sent";
  return html`<section class="trouble frozen" aria-label="Read-only">
    <h2><span class="word info">Read-only:</span>${` ${line}`}</h2>
    <p>
      ${
        isSent
          ? "This is what its readers have."
          : "The remaining readers get this version, which was planned for them."
      }
    </p>
    ${
      !isSent &&
      !desk.value?.life.isSending &&
      html`<p>
        To send them another text, edit its digest.json on this machine and run${" "}
        <code>broadsheet send ${slot} --revise</code>
      </p>`
    }
  </section>`;
}

/** The error that prevents showing the newest version: its place and its remedy. */
function trouble() {
  if (!desk.value?.trouble) return undefined;
  const { code, message, fix, at, lines = [], line } = desk.value.trouble;
  return html`<section class="trouble" role="alert">
    <h2><span class="word error">Fix</span>${` ${message}`}</h2>
    <p>${at !== undefined && html`<code class="at">${at}</code>`} <code>${code}</code></p>
    ${
      lines.length > 0 &&
      html`<pre tabindex="0" aria-label="The lines around it">${lines.map(
        ({
          number,
          text,
        }) => html`<span class=${number === line ? "code-line chosen" : "code-line"}>
          <span class="muted">${String(number).padStart(5)}</span>${`  ${text}\n`}
        </span>`,
      )}</pre>`
    }
    ${fix !== undefined && html`<p>${capitalised(fix)}</p>`}
    ${hasIssue.value && html`<p class="muted">What you see is the last that could be made.</p>`}
  </section>`;
}

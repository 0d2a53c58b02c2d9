import { html } from "htm/preact";
import type { Digest } from "../../../digest/digest.ts";
import { issue } from "../store.ts";
import { capitalised } from "../stories.ts";

type GivenAdvice = NonNullable<Digest["advice"]>;

/**
 * The advice of the language model about the whole issue, and how it was used; undefined if no model was asked. The list of
 * findings shows the pairs.
 */
export function Advice() {
  const { advice, subject, preheader } = issue.value.digest;
  if (!advice) return undefined;
  const { order, ignored = [] } = advice;
  return html`<section class="advice" aria-label="The model’s advice">
    <div class="head"><h2>What the model said</h2></div>
    <ul>
      ${advice.subject && lineRow("Subject", advice.subject, subject)}
      ${advice.preheader && lineRow("Preheader", advice.preheader, preheader)}
      ${order && adviceRow({ name: "Order", ...order })}
      ${ignored.map((text) => html`<li><p class="muted">Ignored: ${text}.</p></li>`)}
    </ul>
  </section>`;
}

/** @param shown The current text of the line. */
function lineRow(name: string, line: NonNullable<GivenAdvice["subject"]>, shown: string) {
  const { used, why, text } = line;
  const isChanged = used && shown !== text;
  return adviceRow({ name, used, why: isChanged ? "changed since" : why, text: `“${text}”` });
}

interface AdviceRow {
  readonly name: string;
  readonly used: boolean;
  readonly why?: string | undefined;
  readonly text?: string;
}

function adviceRow({ name, used, why, text = "" }: AdviceRow) {
  return html`<li>
    <p class="line"><b>${name}</b><span class=${used ? "ok" : "muted"}>${used ? "used" : "not used"}</span></p>
    ${text !== "" && html`<p dir="auto">${text}</p>`}
    ${why !== undefined && html`<p class="muted">${capitalised(why)}.</p>`}
  </li>`;
}

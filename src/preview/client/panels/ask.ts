import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import type { Done } from "../live.ts";
import { joinStories, partStory } from "../operations.ts";
import { dialog } from "../store.ts";
import type { Story } from "../stories.ts";
import { FormDialog } from "./dialog.ts";

interface Question {
  readonly title: string;
  readonly text?: string;
  /** The label of the field. Without it, the question is answered by yes or no. */
  readonly field?: string;
  /** The label of the button. */
  readonly label: string;
  run(this: void, answer: string): Promise<Done>;
}

const question = signal<Question | undefined>(undefined);

/** Asks the editor before an action. */
export function ask(asked: Question): void {
  question.value = asked;
  dialog.value = "ask";
}

/** Asks before two stories are merged. */
export function askToJoin(guest: Story, host: Story): void {
  ask({
    title: "Join two stories",
    text: `“${guest.title}” becomes a part of “${host.title}”, which is shown in its place.`,
    label: "Join them",
    run: async () => joinStories(guest, host),
  });
}

/** Asks before a merged article becomes a story of its own. */
export function askToPart(guest: string, host: Story, name: string): void {
  ask({
    title: "Part two stories",
    text: `“${name}” becomes a story of its own, apart from “${host.title}”.`,
    label: "Part them",
    run: async () => partStory(guest, host),
  });
}

export function AskDialog() {
  const field = useRef<HTMLInputElement>(null);
  if (!question.value) return undefined;
  const { title, text, field: wanted, label, run } = question.value;
  const answer = async () => run(field.current?.value.trim() ?? "");
  return html`<${FormDialog} title=${title} label=${label} isReady=${wanted === undefined} run=${answer}>
    ${text !== undefined && html`<p dir="auto">${text}</p>`}
    ${
      wanted !== undefined &&
      html`<label>
        <span class="muted">${wanted}</span>
        <input type="text" dir="auto" required autofocus ref=${field} data-key="answer" />
      </label>`
    }
  <//>`;
}

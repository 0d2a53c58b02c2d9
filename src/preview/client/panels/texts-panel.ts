import { html } from "htm/preact";
import type { Entry } from "../../../digest/digest.ts";
import { paragraphsOf } from "../model-parts.ts";
import { editedBy, putBack } from "../operations.ts";
import { canEdit, desk, draft, type Editing, editing, issue, type Text } from "../store.ts";
import { allStories, chosenStory, idOf, refusalsOf, type Story } from "../stories.ts";
import { indexOf, issueTexts, nameOf, textsOf, wordsOf } from "../texts.ts";
import { LinkButton } from "./controls.ts";
import { beginEdit, keepFocus, take } from "./in-place.ts";
import { LineEditor } from "./line-editor.ts";

/** Information about the edited text, and all texts of the chosen story and of the issue. */
export function TextsPanel() {
  // Words that can no longer be saved are still shown.
  if (!canEdit.value && !editing.value) return undefined;
  const story = canEdit.value && chosenStory.value;
  return html`<section class="texts" aria-label="Texts">
    ${editing.value && html`<${Edited} line=${editing.value} />`}
    ${story && html`<${List} name=${`All texts of story ${story.number}`} texts=${textsOf(story.entry)} />`}
    ${canEdit.value && html`<${List} name="Texts of the issue" texts=${issueTexts(issue.value.digest)} />`}
  </section>`;
}

function List({ name, texts }: { readonly name: string; readonly texts: readonly Text[] }) {
  return html`<details data-key=${name}>
    <summary>${name}</summary>
    <ul>${texts.map((text) => html`<${Row} key=${`${text.id} ${text.field}`} text=${text} />`)}</ul>
  </details>`;
}

function Row({ text }: { readonly text: Text }) {
  const words = wordsOf(issue.value.digest, text);
  const name = nameOf(text);
  const label = words === "" ? `Add ${name.toLowerCase()}` : `${name}: ${words}`;
  // The edit of another block of the letter says nothing about a text that is not there.
  const isItself = desk.value?.edited.some(
    ({ id, field }) => id === text.id && field === text.field,
  );
  const isEdited = editedBy(text) !== undefined && (words !== "" || isItself);
  return html`<li>
    <${LinkButton} name=${`text-${text.field}`} onclick=${() => beginEdit(text)}>${label}<//>
    ${
      isEdited &&
      html`<span class="muted">Edited</span>
        <${LinkButton} name=${`back-${text.field}`} label=${`Put back: ${name}`} onclick=${async () => putBack(text)}>Put back<//>`
    }
  </li>`;
}

function Edited({ line }: { readonly line: Editing }) {
  const story = allStories.value.find(({ entry }) => idOf(entry) === line.id);
  const isInInbox = line.field === "subject" || line.field === "preheader";
  return html`<div class="head"><h2>${nameOf(line)}</h2><${() => html`<span class="muted">${draft.value.length.toLocaleString("en")} characters</span>`} /></div>
    ${!line.isInPlace && !isInInbox && html`<${LineEditor} />`}
    ${story && aboutSource(line, story)}
    ${story && otherWords(line, story)}`;
}

type Sentence = Entry["summary"]["gist"];

function sentenceOf({ field }: Text, { summary }: Entry): Sentence | undefined {
  if (field === "summary.gist" || field === "short.gist") return summary.gist;
  if (field.startsWith("keyPoint.")) return summary.keyPoints[indexOf({ id: "", field })];
  if (field.startsWith("summary.quote")) return summary.quote;
  const isEvent = field.startsWith("summary.timeline");
  return isEvent ? summary.timeline[indexOf({ id: "", field })]?.sentence : undefined;
}

/** The sentence of the article from which a text comes, and whether the article contains its names and numbers. */
function aboutSource(line: Editing, story: Story) {
  const sentence = sentenceOf(line, story.entry);
  if (!sentence) return undefined;
  const id = line.field === "summary.gist" ? "g" : `k${indexOf(line) + 1}`;
  const isChecked = line.field === "summary.gist" || line.field.startsWith("keyPoint.");
  const refusal = refusalsOf(story).find(({ point }) => point === id);
  return html`${
    isChecked &&
    html`<p class=${refusal ? "word warning" : "ok"}>
        ${refusal ? `Look: ${refusal.why}.` : "Every name and number is in the source."}
      </p>`
  }
    <details data-key="source"><summary>The source</summary>${sourceText(story.entry, sentence)}</details>`;
}

function sourceText({ article }: Entry, { start = -1, end = -1 }: Sentence) {
  const paragraph = paragraphsOf(article.text).find((one) => one.start <= start && start < one.end);
  if (!paragraph)
    return html`<p class="muted">No sentence of the article says it in these words.</p>`;
  const words = (from: number, to: number) => article.text.slice(from, to);
  return html`<p dir="auto" lang=${article.language}>
    <span class="muted">¶ ${paragraph.number}</span>${` ${words(paragraph.start, start)}`}<mark>${words(start, end)}</mark>${words(end, paragraph.end)}
  </p>`;
}

const MOST_OTHERS = 4;

/** Alternatives for a text: the story's own passages, and headlines of its articles. They are never invented. */
function otherWords(line: Editing, { entry, index }: Story) {
  const { alsoIn = [], summary, article } = entry;
  const near =
    issue.value.explanations[index]?.nearMisses.map(({ sentence }) => sentence.text) ?? [];
  const isHeadline = /headline|title/.test(line.field);
  const headlines = [article.title, ...alsoIn.map(({ title = "" }) => title), summary.gist.text];
  const isSentence = sentenceOf(line, entry) !== undefined;
  const all = isHeadline ? headlines : isSentence ? near : [];
  const others = [...new Set(all)].filter((words) => words !== "" && words !== line.before);
  if (others.length === 0) return undefined;
  return html`<div class="head"><h2>It could also say</h2><span class="muted">press to use</span></div>
    <ul onmousedown=${keepFocus}>
      ${others
        .slice(0, MOST_OTHERS)
        .map(
          (words, at) =>
            html`<li dir="auto"><${LinkButton} name=${`say-${at}`} onclick=${() => take(words)}>${words}<//></li>`,
        )}
    </ul>`;
}

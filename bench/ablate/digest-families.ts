import { type Family, NEVER, rulesOf } from "./family.ts";

const { rule, says } = rulesOf("digest", "stories");

const WORTH = {
  harm: 0.1,
  power: 0.2,
  money: 0.15,
  said: 0.18,
  firstPerson: -0.13,
  secondPerson: -0.29,
  teasing: -0.06,
};

function withoutWorth(sign: string): Family {
  const worth = JSON.stringify({ base: 0.42, ...WORTH, [sign]: 0 });
  return rule(`order: ${sign}`, "arrange/news-value.ts", "WORTH", worth, "pages");
}

/** The rules of digest/: which stories are one, their order, and the wording of a subject. */
export const DIGEST_FAMILIES: readonly Family[] = [
  says("stories: near", "stories/likeness.ts", "isNear", "true"),
  says("stories: another day", "stories/likeness.ts", "isOfAnotherDay", "false"),
  says("stories: series", "stories/same-story.ts", "isSeries", "false"),
  says("stories: other form", "stories/same-story.ts", "isOtherForm", "false"),
  says("stories: copies", "stories/same-story.ts", "isCopy", "false"),
  says("stories: retold", "stories/same-story.ts", "isRetold", "false"),
  says("stories: other event", "stories/other-event.ts", "otherEvent", "undefined"),
  says("stories: missing names", "stories/other-event.ts", "lacksNames", "false"),
  rule("stories: scores", "stories/other-event.ts", "SCORE", `${NEVER}g`),
  says("stories: winners", "stories/other-event.ts", "winnerIn", "undefined"),
  ...Object.keys(WORTH).map(withoutWorth),
  says("subject: statement", "subject/compose-subject.ts", "statementIn", "headline", "pages"),
  says("subject: surnames", "subject/compose-subject.ts", "withSurnames", "headline", "pages"),
  says("subject: teasing", "subject/compose-subject.ts", "teases", "false", "pages"),
  says("subject: core of the gist", "subject/compose-subject.ts", "gistCore", "undefined", "pages"),
  says("subject: leaning", "subject/compose-subject.ts", "leans", "false", "pages"),
  says("subject: asides", "subject/shorten.ts", "asidesIn", "[]", "pages"),
  says("subject: breaks off", "subject/shorten.ts", "breaksOff", "false", "pages"),
  says("subject: lacks sense", "subject/shorten.ts", "lacksSense", "false", "pages"),
  rule("subject: owned", "subject/shorten.ts", "OWNED", `${NEVER}gu`, "pages"),
  rule("subject: open clause", "subject/shorten.ts", "OPEN_CLAUSE", NEVER, "pages"),
  rule("subject: passive", "subject/shorten.ts", "PASSIVE", NEVER, "pages"),
];

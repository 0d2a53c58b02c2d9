import { MODULE_EXAMPLES } from "../digest/modules.ts";
import { labelsFor } from "./labels.ts";
import { feedbackView, sponsorView } from "./page-view.ts";
import type { StoryView } from "./story-view.ts";
import { viewLabels, type View } from "./view.ts";
import type { LetterPlace } from "./weave-stories.ts";

const LABELS = labelsFor("en");

const picture = {
  src: "images/quay.png",
  alt: "A quay",
  caption: "The quay. Photo: A. Quill",
  url: "https://harbour.example/quay",
  headline: "The quay that moved",
  isClear: true,
};

/** A story in which every field has a value. */
export const SPECIMEN_STORY: StoryView = {
  language: "ar",
  direction: "rtl",
  kicker: "Harbours",
  title: "The quay that moved",
  shortTitle: "The quay that moved",
  contentsTitle: "The quay that moved",
  anchor: "story-1",
  number: "1",
  style: "headline",
  leadStyle: "headline-bare",
  briefStyle: "headline-bare",
  gist: "The town has turned its quay to face the wind.",
  shortGist: "The town has turned its quay to face the wind.",
  insetTitle: "The quay that moved",
  insetLine: "The quay faces the wind.",
  deskTitle: "The quay that moved",
  byline: "Ada Quill",
  site: "The Harbour Post",
  reading: "1 minute here, 9 minutes in full",
  picture: { ...picture, width: "520", height: "347" },
  cover: { ...picture, width: "600", height: "338" },
  thumbnail: { ...picture, width: "136", height: "91" },
  half: { ...picture, width: "236", height: "157" },
  keyPoints: [{ numeral: "1", text: "The quay turns." }],
  leadPoints: [{ numeral: "1", text: "The quay turns." }],
  quote: { open: "“", text: "We moved it twice.", close: "”", speaker: "Bo Reed" },
  people: [{ name: "Bo Reed", role: "Harbour master" }],
  timeline: [{ when: "1938", event: "The quay was built." }],
  figures: [{ value: "12 m", what: "moved in one night", style: "figure" }],
  otherFigures: [{ value: "12 m", what: "moved in one night", style: "figure" }],
  source: {
    name: "The Harbour Post",
    paper: "The Harbour Post",
    link: "The Harbour Post",
    readStory: "Read the whole story",
    readArticle: "Read the article",
    credit: "The Harbour Post",
    url: "https://harbour.example/quay",
    wholeStory: "The whole story, in The Harbour Post",
    about: "12 November 2030. 1,940 words, about 9 minutes.",
    minutes: "9 minutes",
  },
  alsoIn: {
    papers: [{ name: "Tidewatch", url: "https://tidewatch.example/quay", before: "" }],
    more: "and 3 more",
  },
  follows: {
    when: "Follows 12 March: ",
    title: "The quay begins to move",
    url: "https://harbour.example/begins",
  },
};

const bigNumber = {
  value: "3,412",
  numberStyle: "number",
  what: "boats passed the quay in a year",
  source: "The Harbour Post",
  url: "https://harbour.example/quay",
};

const plainBlock = {
  kind: "quote",
  html: "It moved.”",
  text: "“It moved.”",
  open: "“",
  close: "",
} as const;

const letterPlace: LetterPlace = {
  kind: "words",
  elements: [
    {
      ...plainBlock,
      tag: "h2",
      style: "letter",
      number: "1",
      picture: { ...picture, caption: { html: "The quay." }, width: "440", height: "293" },
      head: [{ html: "Quay", name: "Quay", side: "left" }],
      rows: [{ cells: [{ html: "12 m", name: "Length", side: "left" }] }],
    },
  ],
  text: "> It moved.",
  inset: SPECIMEN_STORY,
  sponsor: sponsorView(MODULE_EXAMPLES, LABELS),
};

/**
 * A view in which every field has a value. Templates are checked against its shape before use, so that a misspelt field is
 * found in every branch, even in one that the current issue does not use.
 */
export const SPECIMEN: View = {
  language: "en",
  direction: "ltr",
  start: "left",
  end: "right",
  hang: "padding-left:28px;text-indent:-28px",
  beside: "border:0;float:right;width:96px",
  subject: "The quay that moved",
  preheader: "The town has turned its quay to face the wind.",
  publication: {
    name: "The Slip",
    style: "nameplate",
    tagline: "Boats and water",
    postalAddress: "1 Quay Street",
    reason: "You get this because you signed up.",
    editor: { before: "Edited by ", name: "W. Quill", after: ". Answers to this mail are read." },
    logo: {
      src: "images/logo.png",
      dark: "images/logo-dark.png",
      alt: "The Slip",
      width: "240",
      height: "48",
      small: { width: "140", height: "28" },
      plate: true,
    },
    footer: {
      lines: ["Written by hand on a boat."],
      links: [{ text: "Earlier issues", url: "https://slip.example/issues" }],
    },
  },
  folio: {
    number: "No. 1",
    reading: "6 min here, 34 in full",
    readingLines: ["6 min here,", "34 in full"],
    date: "Thursday 14 November 2030",
    dateLines: ["Thursday", "14 November 2030"],
    day: "14 November 2030",
    isBelow: true,
  },
  labels: viewLabels("en"),
  letter: {
    places: [letterPlace],
    footnotes: [letterPlace],
    signature: "W. Quill",
    role: "Editor",
    sponsor: sponsorView(MODULE_EXAMPLES, LABELS),
    blocks: [plainBlock],
    parts: [{ blocks: [plainBlock], inset: SPECIMEN_STORY }],
  },
  letterRest: [SPECIMEN_STORY],
  contents: "The quay that moved; The boat; The rope",
  contentsList: {
    rows: [{ numeral: "1", title: "The quay that moved", anchor: "story-1", minutes: "9 min" }],
    rest: [{ text: "In brief (6)", minutes: "12 min" }],
  },
  page: [
    {
      kind: "pair",
      tag: "h2",
      opens: true,
      followsPair: true,
      hasPictures: true,
      heading: "On the water",
      stories: [SPECIMEN_STORY],
      number: bigNumber,
      quote: {
        open: "“",
        text: "We moved it twice.",
        close: "”",
        speaker: "Bo Reed",
        source: "The Harbour Post",
        url: "https://harbour.example/quay",
      },
      sponsor: sponsorView(MODULE_EXAMPLES, LABELS),
    },
  ],
  bigNumber,
  others: [SPECIMEN_STORY],
  modules: MODULE_EXAMPLES,
  feedback: feedbackView(MODULE_EXAMPLES, LABELS),
  subscribeUrl: MODULE_EXAMPLES.subscribe,
  closing: MODULE_EXAMPLES.closing,
  share: { forward: "mailto:?body=https%3A%2F%2Fslip.example", page: "slot-web-url" },
  passesOn: true,
  lead: SPECIMEN_STORY,
  sections: [{ heading: "More stories", stories: [SPECIMEN_STORY] }],
  slots: {
    unsubscribeUrl: "slot-unsubscribe-url",
    preferencesUrl: "slot-preferences-url",
    webUrl: "slot-web-url",
  },
};

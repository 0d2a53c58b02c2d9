import { labelsFor } from "./labels.ts";
import { punctuationFor } from "./labels/punctuation.ts";
import type { StoryView } from "./story-view.ts";
import type { View } from "./view.ts";

const story: StoryView = {
  language: "ar",
  direction: "rtl",
  kicker: "Harbours",
  title: "The quay that moved",
  style: "headline",
  gist: "The town has turned its quay to face the wind.",
  byline: "Ada Quill",
  site: "The Harbour Post",
  reading: "1 minute here, 9 minutes in full",
  picture: {
    src: "images/quay.png",
    alt: "A quay",
    caption: "The quay. Photo: A. Quill",
    url: "https://harbour.example/quay",
    headline: "The quay that moved",
    width: "520",
    height: "347",
  },
  keyPoints: [{ numeral: "1", text: "The quay turns." }],
  quote: { open: "“", text: "We moved it twice.", close: "”", speaker: "Bo Reed" },
  people: [{ name: "Bo Reed", role: "Harbour master" }],
  timeline: [{ when: "1938", event: "The quay was built." }],
  figures: [{ value: "12 m", what: "moved in one night", style: "figure" }],
  source: {
    name: "The Harbour Post",
    credit: "The Harbour Post",
    url: "https://harbour.example/quay",
    about: "12 November 2030. 1,940 words, about 9 minutes.",
    minutes: "9 minutes",
  },
  alsoIn: {
    papers: [{ name: "Tidewatch", url: "https://tidewatch.example/quay", before: "" }],
    more: "and 3 more",
  },
};

/**
 * A view in which every field has a value. Templates are checked against its shape before they are
 * used, so that a misspelt field is found wherever it stands, also in a branch that today's issue
 * does not take.
 */
export const SPECIMEN: View = {
  language: "en",
  direction: "ltr",
  start: "left",
  end: "right",
  hang: "padding-left:28px;text-indent:-28px",
  subject: "The quay that moved",
  preheader: "The town has turned its quay to face the wind.",
  publication: {
    name: "The Slip",
    style: "nameplate",
    tagline: "Boats and water",
    postalAddress: "1 Quay Street",
    reason: "You get this because you signed up.",
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
    date: "Thursday 14 November 2030",
    day: "14 November 2030",
    isBelow: true,
  },
  labels: { ...labelsFor("en"), ...punctuationFor("en") },
  letter: {
    blocks: [
      { kind: "quote", html: "It moved.”", text: "“It moved.”", open: "“", close: "" },
      { kind: "paragraph", html: "Dear reader", text: "Dear reader", open: "", close: "" },
    ],
    signature: "W. Quill",
    role: "Editor",
  },
  contents: "The quay that moved; The boat; The rope",
  lead: story,
  sections: [{ heading: "More stories", stories: [story] }],
  slots: { unsubscribeUrl: "slot-unsubscribe-url", webUrl: "slot-web-url" },
};

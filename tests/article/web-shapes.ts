/** Pages in the shapes that the web has, each with what a reader must find in it, and what must not be there. */
export interface WebShape {
  readonly name: string;
  readonly html: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  /** Whether it is read right, and a look at it is no loss: the page has more than one story. */
  readonly isWorthALook?: true;
  /** What is right where it isn't read as a whole story. */
  readonly instead?: "refused" | "doubted";
}

const STORY = [
  "The ferry at Samphire Quay waits eleven minutes each morning for the post van, which comes over the hill from Thornsea with letters for the islands.",
  "Its captain, Jory Pellow, has done so for nineteen years, though the timetable says nothing of it, and the passengers have long brought their coffee on board.",
  "On Tuesday the harbour board voted to write the wait into the timetable, by seven votes to two, after a letter from the islands with 412 names had reached it.",
  "The two who voted against it said that a timetable which waits is none, and that the school bus would ask for the same before the winter was out.",
  "The van's driver, who learned of the vote on her round, said that she would go on driving as she always had, and that the hill was the hill.",
  "From the first of May the ferry will leave at 7.41, which is when it has left since 2006, and the clock at the quay will be put right by then.",
] as const;

const OTHER = [
  "A lamp from the lighthouse at Wrack Head was sold at auction on Monday for 900 pounds, to a bidder from inland who would not be named.",
  "It had been sold there before, in 1974, and to the same family, whose name the auctioneer would not give to the paper either.",
  "The lighthouse has had no lamp of its own since then, and its keeper's cottage is let to people who come for the birds.",
] as const;

const COMMENTS = Array.from(
  { length: 14 },
  (_, at) =>
    `I have taken that boat for ${at + 3} years and never once minded the wait, whatever the two of them on the board may say about the bus and its timetable.`,
);

const p = (texts: readonly string[]) => texts.map((text) => `<p>${text}</p>`).join("\n");
const MENU = `<nav><ul>${["Home", "News", "Sport", "Weather", "Letters"].map((name) => `<li><a href="/${name}">${name}</a></li>`).join("")}</ul></nav>`;
const FOOTER = `<footer><p>© 2026 The Thornsea Courier. All rights reserved.</p><ul><li><a href="/imprint">Imprint</a></li><li><a href="/privacy">Privacy policy</a></li></ul></footer>`;
const RELATED = `<aside class="related"><h2>More stories</h2><ul>${OTHER.map((text) => `<li><a href="/x">${text}</a></li>`).join("")}</ul></aside>`;
const TITLE = "The ferry that waits for the post";

function page(body: string, head = ""): string {
  return `<!doctype html><html lang="en"><head><title>${TITLE} | The Thornsea Courier</title><meta property="og:site_name" content="The Thornsea Courier"><meta property="og:title" content="${TITLE}">${head}</head><body>${body}</body></html>`;
}

const whole = (body: string, head = "") =>
  page(`${MENU}<main><h1>${TITLE}</h1>${body}</main>${FOOTER}`, head);
const ALL = [STORY[0], STORY[2], STORY[5]];

export const WEB_SHAPES: readonly WebShape[] = [
  {
    name: "a news page",
    html: whole(`<article>${p(STORY)}</article>${RELATED}`),
    with: ALL,
    without: [OTHER[0]],
  },
  {
    name: "a paywall after two paragraphs",
    html: whole(
      `<article>${p(STORY.slice(0, 2))}<div class="paywall"><h3>Subscribe to continue reading</h3><p>Already a subscriber? Log in.</p></div></article>`,
    ),
    instead: "doubted",
  },
  {
    name: "comments longer than the story",
    html: whole(
      `<article>${p(STORY)}</article><section id="comments"><h2>14 comments</h2>${COMMENTS.map((text, at) => `<div class="comment"><b>Reader ${at}</b><p>${text}</p></div>`).join("")}</section>`,
    ),
    with: ALL,
    without: [COMMENTS[3] ?? ""],
  },
  {
    name: "a live blog",
    html: whole(
      `<div class="live">${STORY.map((text, at) => `<section class="entry"><time>${at + 7}:41</time><h3>Update ${at + 1}</h3><p>${text}</p></section>`).join("")}</div>`,
    ),
    with: ALL,
  },
  {
    name: "a print view",
    html: `<html><head><title>${TITLE}</title></head><body><h1>${TITLE}</h1><hr>${p(STORY)}<hr><p>Printed from www.courier.example</p></body></html>`,
    with: ALL,
  },
  {
    name: "an interview",
    html: whole(
      `<article>${STORY.map((text, at) => `<p><strong>What happened then, in the year of the ${at + 1}th wait?</strong></p><p>${text}</p>`).join("")}</article>`,
    ),
    with: [...ALL, "What happened then, in the year of the 2th wait?"],
  },
  {
    name: "a recipe",
    html: whole(
      `<article><p>${STORY[1]}</p><h2>Ingredients</h2><ul><li>300 g of flour</li><li>two eggs from the quay</li><li>a spoon of salt</li></ul><h2>Method</h2><ol><li>Stir the flour and the eggs until they no longer stick to the spoon, and let them rest for an hour.</li><li>Bake them at 200 degrees until the ferry leaves, which is eleven minutes after it should.</li></ol></article>`,
    ),
    with: ["300 g of flour", "Bake them at 200 degrees until the ferry leaves"],
  },
  {
    name: "a listicle",
    html: whole(
      `<article><p>${STORY[0]}</p>${STORY.slice(1)
        .map((text, at) => `<h2>${at + 1}. A reason to wait</h2><p>${text}</p>`)
        .join("")}</article>${RELATED}`,
    ),
    with: ALL,
    without: [OTHER[1]],
  },
  {
    name: "an AMP page",
    html: `<!doctype html><html amp lang="en"><head><title>${TITLE}</title><link rel="canonical" href="https://courier.example/ferry"><style amp-boilerplate>body{-webkit-animation:none}</style></head><body><header><a href="/">Courier</a></header><main><h1>${TITLE}</h1><amp-img src="a.jpg" width="1" height="1"></amp-img>${p(STORY)}</main><amp-sidebar><ul><li>Menu</li></ul></amp-sidebar></body></html>`,
    with: ALL,
  },
  {
    name: "a free post on Substack",
    html: page(
      `<div class="single-post"><h1 class="post-title">${TITLE}</h1><h3 class="subtitle">A note from the quay</h3><div class="available-content"><div class="body markup">${p(STORY)}</div></div><div class="subscription-widget"><p>Thanks for reading Quay Notes! Subscribe for free to receive new posts.</p></div></div>`,
    ),
    with: ALL,
    without: ["Subscribe for free to receive new posts"],
  },
  {
    name: "a paid post on Substack",
    html: page(
      `<div class="single-post"><h1 class="post-title">${TITLE}</h1><div class="available-content"><div class="body markup">${p(STORY.slice(0, 2))}</div></div><div class="paywall"><h2 class="paywall-title">This post is for paid subscribers</h2><a href="/subscribe">Subscribe</a></div></div>`,
    ),
    instead: "doubted",
  },
  {
    name: "Medium",
    html: page(
      `<article><section><h1 class="pw-post-title">${TITLE}</h1><div class="speechify-ignore"><a href="/@ana">Ana Ruiz</a><span>Follow</span><span>6 min read</span></div>${STORY.map((text) => `<p class="pw-post-body-paragraph">${text}</p>`).join("")}</section></article><div><p>Written by Ana Ruiz</p><p>412 Followers</p></div>`,
    ),
    with: ALL,
    without: ["412 Followers"],
  },
  {
    name: "Ghost",
    html: page(
      `<main class="gh-main"><article class="gh-article post"><header><h1 class="gh-article-title">${TITLE}</h1><p class="gh-article-excerpt">A note from the quay.</p></header><section class="gh-content">${p(STORY)}<div class="kg-card kg-signup-card"><p>Sign up for more notes like this one, every week.</p></div></section></article></main>`,
    ),
    with: ALL,
  },
  {
    name: "WordPress",
    html: page(
      `<div id="page" class="site">${MENU}<div class="site-content"><article class="post hentry"><h1 class="entry-title">${TITLE}</h1><div class="entry-meta">Posted on <time datetime="2026-03-04">4 March 2026</time> by Ana Ruiz</div><div class="entry-content">${p(STORY)}<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href="#">Twitter</a></li></ul></div></div></article><div id="secondary" class="widget-area"><section class="widget"><h2>Recent posts</h2>${p(OTHER)}</section></div></div></div>`,
    ),
    with: ALL,
    without: [OTHER[0], "Share this"],
  },
  {
    name: "two stories on a page",
    isWorthALook: true,
    html: page(
      `${MENU}<article><h1>${TITLE}</h1>${p(STORY)}</article><article class="next"><h2>The lamp that was sold twice</h2>${p(OTHER)}</article>${FOOTER}`,
    ),
    with: ALL,
    without: [OTHER[0], OTHER[2]],
  },
  {
    name: "a story in three nodes",
    html: whole(
      `<div class="part">${p(STORY.slice(0, 2))}</div><div class="ad"><a href="/buy">Buy a boat</a></div><div class="part">${p(STORY.slice(2, 4))}</div><div class="ad"><a href="/buy">Buy a boat</a></div><div class="part">${p(STORY.slice(4))}</div>`,
    ),
    with: ALL,
    without: ["Buy a boat"],
  },
  {
    name: "no paragraph elements",
    html: whole(
      `<div class="story">${STORY.map((text) => `<div>${text}</div>`).join("")}</div>${RELATED}`,
    ),
    with: ALL,
    without: [OTHER[0]],
  },
  {
    name: "lines broken twice",
    html: whole(`<div class="story">${STORY.join("<br><br>")}</div>`),
    with: ALL,
  },
  {
    name: "a story in a node called recent",
    html: whole(
      `<div class="recent-content">${STORY.map((text) => `<div>${text}</div>`).join("")}</div>`,
    ),
    with: ALL,
  },
  {
    name: "a page of links",
    html: page(
      `${MENU}<main><h1>News</h1><ul>${[...STORY, ...OTHER].map((text) => `<li><a href="/x">${text.slice(0, 60)}</a></li>`).join("")}</ul></main>${FOOTER}`,
    ),
    instead: "refused",
  },
];

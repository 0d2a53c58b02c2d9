import type { Furniture } from "../plain-text/furniture.ts";

/**
 * What an element around a story is there for: as lines of text say it, and as only markup does.
 */
export type PageFurniture = Furniture | "byline" | "bio" | "footer" | "hidden";

/**
 * The words that sites name such elements by (see labelOf). Only words that are used for nothing
 * else: "promo" names a box beside a story, "content" and "body" name the story, "header" and
 * "widget" name anything.
 */
const WORDS: readonly (readonly [PageFurniture, string])[] = [
  [
    "related",
    `related|relateds|relatedposts|relatedcontent|relatedarticles|recirc|recirculation|recommended|recommendations?|recommend|
     read (?:more|next|also)|readmore|readnext|see also|more (?:stories|news|articles|posts|from|on|like)|most (?:read|popular|viewed|recent)|trending|
     popular|popularposts|recent (?:posts|articles|stories|news)|latest (?:posts|articles|stories|news)|up next|upnext|outbrain|taboola|
     revcontent|zergnet|yarpp|crosslinks?|teasers?|promos?|promobox|next (?:article|post|story)|prev(?:ious)? (?:article|post|story)|
     post navigation|nav links|nav previous|nav next|story package|linkbox|hashover`,
  ],
  [
    "subscribe",
    `newsletters?|newsletter signup|sign ?up|signups?|singup|subscribe|subscription|subscriptions|opt ?in|mailchimp|mailing list|email (?:capture|signup|form)|
     donate|donation|membership|become a member|call to action|cta|register|login|app promo|get the app`,
  ],
  [
    "share",
    `share|shares|sharing|sharebar|sharethis|sharedaddy|share (?:buttons?|bar|tools|links|icons)|socials?|social (?:media|share|links|icons|bar)|addthis|addtoany|
     shareaholic|ssba|heateor|follow (?:us|me|links)|(?:article|post|page|story|print|reader) (?:tools|actions|controls|utilities)|print link|
     mistape|reprint|copy link|like button|fb like`,
  ],
  [
    "comments",
    `comments?|comment (?:list|form|area|respond|section|count|thread)|commentlist|commentform|comments? (?:area|section)|disqus|disqus thread|respond|
     replies|livefyre|spot im|spotim|coral|webmentions?|pingbacks?|trackbacks?|guestbook`,
  ],
  [
    "bio",
    `author (?:bio|box|info|card|description|desc|profile|about|block|biography|gear)|authorbox|authorbio|about (?:the )?author|about author|bio|biography|
     post author|entry author bio|contributor bio|vcard bio|author (?:archive|links|flyout)|author flyout`,
  ],
  [
    "byline",
    `bylines?|by line|byline section|author (?:name|byline|line)|authors? names?|dateline|date line|pubdate|pub date|publish(?:ed)? (?:date|time|on|at)|publication date|
     post (?:meta|date|info|details)|entry (?:meta|date|info|details)|article (?:meta|date|info|dateline)|story (?:meta|date|info)|posted (?:on|by|in)|postmetadata|
     timestamps?|time stamp|updated|last updated|date published|date modified|reading time|read time|view count|post views`,
  ],
  [
    "tags",
    `tags|tag (?:list|links|cloud)|taglist|tagcloud|(?:post|entry|article|story) (?:tags|categories|topics|keywords)|tags links|cat links|
     categories|topics (?:list|links)|keywords|filed under`,
  ],
  [
    "advertisement",
    `ad|ads|advert|adverts|advertisement|advertisements|advertising|advertorial|adsense|adsbygoogle|ad (?:unit|slot|container|wrapper|banner|break|label|box|placeholder)|
     adslot|adbox|adunit|dfp|gpt ad|sponsor|sponsors|sponsored|sponsorship|promoted|commercial|affiliate (?:box|links|disclosure)`,
  ],
  [
    "navigation",
    `breadcrumbs?|bread crumbs?|breadcrumb trail|pagination|pager|paging|page links|site nav|main nav|nav bar|navbar|navigation|skip (?:link|to content|nav)|
     table of contents|toc|toc container|site (?:header|footer)|masthead|back to top|language (?:switcher|selector)|search (?:form|box|bar)`,
  ],
  [
    "legal",
    `cookies?|cookie (?:banner|notice|consent|bar)|cookiebanner|consent|gdpr|copyright|copyrights|disclaimer|site info|privacy|colophon`,
  ],
  [
    "hidden",
    `screen reader(?: text| only)?|sr only|visually hidden|visuallyhidden|print only|only print|print header|noprint|no print|robots nocontent|
     modal|popup|pop up|lightbox|overlay|tooltip|player (?:controls|ui)|video (?:controls|playlist)|vjs|jw controls`,
  ],
];

const PATTERNS = WORDS.map(
  ([kind, words]) =>
    [
      kind,
      new RegExp(` (?:${words.replace(/\s*\|\s*/g, "|").replace(/\s*\n\s*/g, "")}) `),
    ] as const,
);

/** What an element with this label is there for, where its name says that it is not the story. */
export function furnitureByLabel(label: string): PageFurniture | undefined {
  if (label === "") return undefined;
  return PATTERNS.find(([, pattern]) => pattern.test(label))?.[0];
}

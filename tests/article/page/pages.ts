import type { Article } from "../../../src/article/article.ts";
import { readHtml } from "../../../src/article/page.ts";

/** The Article in a page, as the reader gives it. */
export function read(body: string, location = "page.html"): Article {
  return readHtml({ format: "html", location, body }, {});
}

/** The reason for which a text of a page was dropped; undefined where it was not. */
export function reasonFor(article: Article, text: string): string | undefined {
  return article.dropped.find((entry) => entry.text.includes(text))?.reason;
}

export const FERRY = [
  "The ferry between Porthmoor and the islands will sail again on Thursday, nine days after a storm tore its landing stage from the quay.",
  "Engineers have set a new pontoon in place, the harbour master said on Monday, and will test it with an empty ship before the first passengers board.",
  "For the eleven hundred people on the islands the repair ends a week in which bread, post and medicine came by fishing boat, whenever the weather let one cross.",
  "The council has set aside four million for a stage that can be lifted out of the water before a storm, an idea that was turned down twice in the last ten years.",
] as const;

/** A page whose body is the given markup. */
export function page(body: string, head = "<title>The ferry sails again</title>"): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;
}

export function paragraphs(texts: readonly string[]): string {
  return texts.map((text) => `<p>${text}</p>`).join("\n");
}

/**
 * A newspaper's page: menus, sharing, a byline, captions, pointers to other stories, a newsletter
 * box, comments.
 */
export const NEWS_PAGE = page(
  `<header class="site-header"><nav><ul><li><a href="/">Home</a></li><li><a href="/coast">Coast</a></li></ul></nav></header>
  <main><article class="story">
    <h1>The ferry sails again</h1>
    <p class="standfirst">After nine days without a crossing, a new pontoon brings the islands back within reach.</p>
    <div class="byline">By <a rel="author" href="/people/ana">Ana Ruiz</a> and Tom Lee</div>
    <time datetime="2024-03-04T09:30:00+00:00" class="published">4 March 2024</time>
    <div class="share-buttons"><a href="#">Share on Facebook</a> <a href="#">Email</a></div>
    <figure><img src="/pictures/pontoon-1200x800.jpg" alt="A crane lowers a pontoon" width="1200" height="800">
      <figcaption>The new pontoon is lowered into place. Photo: Eva Roth</figcaption></figure>
    <div class="article-body">
      <p>${FERRY[0]}</p>
      <p>${FERRY[1]}</p>
      <aside class="related-stories"><h3>Related</h3><ul><li><a href="/a">A pier for the price of a house</a></li></ul></aside>
      <h2>A week without post</h2>
      <p>${FERRY[2]}</p>
      <p><a href="/b">READ MORE: WHO PAYS FOR A PIER THAT NOBODY LIKES</a></p>
      <p>${FERRY[3]}</p>
      <div class="newsletter-signup"><p>Get the coast in your inbox every Friday morning. <a href="/s">Sign up</a></p></div>
    </div>
    <p class="author-bio">Ana Ruiz covers the coast.</p>
  </article></main>
  <section id="comments"><h2>2 comments</h2><p>About time, I had given up on it after the second week without bread.</p></section>
  <footer><p>© 2024 The Porthmoor Courier</p></footer>`,
  `<title>The ferry sails again | The Porthmoor Courier</title>
   <link rel="canonical" href="https://courier.example/coast/ferry">
   <meta property="og:site_name" content="The Porthmoor Courier">
   <meta property="og:title" content="The ferry sails again">
   <meta property="og:description" content="After nine days without a crossing, a new pontoon brings the islands back within reach.">
   <meta property="og:image" content="https://courier.example/pictures/pontoon.jpg">
   <meta property="article:section" content="Coast">
   <meta property="article:tag" content="ferries"><meta property="article:tag" content="storms">
   <script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"The ferry sails again",
     "datePublished":"2024-03-04T09:30:00Z","author":[{"@type":"Person","name":"Ana Ruiz"},{"@type":"Person","name":"Tom Lee"}],
     "publisher":{"@type":"Organization","name":"The Porthmoor Courier"}}</script>`,
);

/** A blog's page, of the kind that declares next to nothing. */
export const BLOG_PAGE = `<html><head><title>Slow bread &raquo; Flour and Salt</title></head><body class="single">
  <div id="header"><h1><a href="/">Flour and Salt</a></h1></div>
  <div id="content"><div class="post-17 post hentry"><h2 class="entry-title">Slow bread</h2>
  <p class="postmetadata">Posted by Eva Roth on 12 May 2019 in <a href="/c" rel="category">Loaves</a></p>
  <div class="entry-content">
  <p>A loaf wants nothing from you for most of the day, which is why I have come to like it more than cake.</p>
  <p>Mix the flour with the water in the evening, cover the bowl, and go to bed. <br><br>In the morning the dough will have doubled, and smells of apples.</p>
  <ul><li>500 g of strong white flour</li><li>350 g of water, cold from the tap</li></ul>
  <pre>flour 100%
water 70%</pre>
  <p>Fold it four times over the next hour; it will tell you when it has had enough.</p>
  <div class="sharedaddy"><h3>Share this:</h3><ul><li><a href="#">Tweet</a></li></ul></div>
  </div></div></div>
  <div id="sidebar"><h3>Recent Posts</h3><ul><li><a href="/1">Cheap knives, sharp</a></li><li><a href="/2">What salt does</a></li></ul></div>
  </body></html>`;

/** A wiki's page: contents, an infobox, sections, footnote marks, the day of the last change. */
export const WIKI_PAGE = page(
  `<div id="mw-navigation"><h2>Navigation menu</h2><ul><li><a href="/w">Main page</a></li></ul></div>
  <div id="content"><h1 id="firstHeading">Porthmoor Pier</h1><div id="mw-content-text">
  <table class="infobox"><tr><th>Built</th><td>1871</td></tr><tr><th>Length</th><td>312 m</td></tr></table>
  <p><b>Porthmoor Pier</b> is an iron pier on the northern coast, built in 1871 and rebuilt after the fire of 1923.</p>
  <div id="toc" class="toc"><h2>Contents</h2><ul><li><a href="#h">1 History</a></li></ul></div>
  <h2>History</h2>
  <p>The pier was planned as a landing for steamers. Its first section opened in June 1871, and the last one three years later.</p>
  <p>A fire destroyed the pavilion in 1923; the present one, of concrete and glass, was opened in 1931 and has been listed since 1987.</p>
  <h2>Use</h2>
  <p>Since 2002 the pier has been owned by a trust, which lets it to anglers, to a café and to the lifeboat service.</p>
  </div></div>
  <div id="footer"><ul><li id="footer-info-lastmod">This page was last edited on 25 October 2020, at 12:00.</li></ul></div>`,
  "<title>Porthmoor Pier - Coast Wiki</title>",
);

export const GERMAN_PAGE = `<!DOCTYPE html><html lang="de"><head><title>Die Fähre fährt wieder - Küstenblatt</title></head><body>
  <nav><a href="/">Startseite</a></nav>
  <article><h1><span class="dachzeile">Nach dem Sturm</span> <span class="headline">Die Fähre fährt wieder</span></h1>
  <p class="autor">Von Eva Roth</p><p class="datum">4. März 2024, 09:30 Uhr</p>
  <p>Neun Tage nach dem Sturm legt am Donnerstag wieder eine Fähre zu den Inseln ab, teilte das Hafenamt am Montag mit.</p>
  <p>Für die Menschen auf den Inseln endet damit eine Woche, in der Brot, Post und Arznei mit dem Fischerboot kamen.</p>
  <p>Lesen Sie auch: <a href="/x">Wer für die Mole zahlt</a></p>
  <p>Der Gemeinderat hat vier Millionen für einen Anleger bereitgestellt, den man vor einem Sturm aus dem Wasser heben kann.</p>
  <h3>Mehr zum Thema</h3><ul><li><a href="/1">Ein Steg zum Preis eines Hauses</a></li><li><a href="/2">Das Jahr der Stürme</a></li></ul>
  </article><footer>Impressum</footer></body></html>`;

export const ARABIC_PAGE = `<!DOCTYPE html><html lang="en" dir="rtl"><head><title>العبارة تبحر من جديد</title></head><body>
  <nav><a href="/">الرئيسية</a></nav><article><h1>العبارة تبحر من جديد</h1>
  <p>تبحر العبارة بين الميناء والجزر من جديد يوم الخميس، بعد تسعة أيام من العاصفة التي اقتلعت رصيفها من مكانه.</p>
  <p>وقال مدير الميناء يوم الاثنين إن المهندسين وضعوا رصيفا عائما جديدا، وسيختبرونه بسفينة خالية قبل صعود الركاب.</p>
  <p>وبذلك ينتهي أسبوع كان فيه الخبز والبريد والدواء يصل إلى سكان الجزر على متن قوارب الصيد كلما سمح الطقس بذلك.</p>
  <h3>اقرأ أيضا</h3><ul><li><a href="/1">من يدفع ثمن رصيف لا يحبه أحد</a></li></ul></article></body></html>`;

export const CHINESE_PAGE = `<!DOCTYPE html><html lang="zh-CN"><head><title>渡轮复航_海岸报</title></head><body>
  <div class="nav"><a href="/">首页</a></div><div class="article"><h1>渡轮复航</h1><div class="info">2024年3月4日 记者：林小雨</div>
  <div class="content"><p>风暴过去九天之后，开往群岛的渡轮将于星期四恢复航行，港务局星期一宣布了这一消息。</p>
  <p>工程师已经安装好新的浮动码头，并将在第一批乘客登船之前，先用空船对它进行测试。</p>
  <p>对岛上一千一百名居民来说，这意味着靠渔船运送面包、邮件和药品的一周终于结束了。</p></div>
  <div class="related"><h3>相关阅读</h3><ul><li><a href="/1">谁为没人喜欢的码头买单</a></li></ul></div></div></body></html>`;

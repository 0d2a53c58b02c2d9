/** What a line that belongs to the page, not to the story, is there for. */
export type Furniture = (typeof KINDS)[number];

const KINDS = [
  "comments",
  "related",
  "share",
  "tags",
  "subscribe",
  "legal",
  "navigation",
  "advertisement",
] as const;

/**
 * Whole lines that sites put around a story, in the languages we know them in; small letters, without
 * closing punctuation. A line must equal one of these: a word of them inside a sentence means nothing.
 */
const LINES: Readonly<Record<Furniture, string>> = {
  comments: `leave a reply|leave a comment|leave a response|post a comment|add a comment|write a comment|comment|comments|
    reply|join the conversation|join the discussion|share your thoughts|view comments|show comments|load comments|
    what do you think|comments are closed|post comment|kommentare|kommentar schreiben|kommentieren|kommentar hinterlassen|
    schreibe einen kommentar|antworten|diskutieren sie mit|commentaires|laisser un commentaire|laissez un commentaire|réagir|
    répondre|ajouter un commentaire|comentarios|deja un comentario|deja una respuesta|dejar un comentario|responder|comentar|
    commenti|lascia un commento|rispondi|comentários|deixe um comentário|deixe uma resposta|reacties|reageer|geef een reactie|
    plaats een reactie|kommentarer|lämna ett svar|lämna en kommentar|legg igjen en kommentar|skriv en kommentar|komentarze|
    dodaj komentarz|komentáře|přidat komentář|комментарии|оставить комментарий|добавить комментарий|коментарі|коментари|
    yorumlar|yorum yap|bir yorum yazın|hozzászólások|kommentit|comentarii|σχόλια|コメント|コメントを残す|コメントする|评论|
    发表评论|留言|發表評論|留言板|댓글|댓글 남기기|댓글쓰기|التعليقات|اترك تعليقا|اترك ردا|אין תגובות|תגובות|टिप्पणी|bình luận`,
  related: `related|related articles|related stories|related posts|related content|related news|related topics|related links|
    related tags|read more|read next|read also|see also|more stories|more news|more like this|you may also like|you might also like|
    you may like|recommended|recommended for you|recommended stories|more from this author|most read|most popular|popular|
    popular posts|trending|trending now|trending stories|latest|latest news|latest stories|recent posts|recent articles|recent|
    top stories|editor's picks|editors' picks|featured|up next|what to read next|around the web|from the web|don't miss|must read|
    sponsored links|sponsored content|sponsored resources|from our advertisers|
    weitere artikel|mehr zum thema|lesen sie auch|auch interessant|das könnte sie auch interessieren|verwandte artikel|
    ähnliche artikel|meistgelesen|lire aussi|à lire aussi|voir aussi|articles similaires|sur le même sujet|
    les plus lus|à la une|lee también|lea también|noticias relacionadas|artículos relacionados|te puede interesar|más leídas|
    lo más leído|más noticias|ver más|leggi anche|articoli correlati|potrebbe interessarti|i più letti|leia também|leia mais|
    veja também|notícias relacionadas|mais lidas|lees ook|lees meer|meer nieuws|gerelateerd|gerelateerde artikelen|meest gelezen|
    läs mer|läs också|läs även|mest läst|les også|læs også|relaterade artiklar|czytaj także|zobacz także|czytaj więcej|polecane|
    najczęściej czytane|powiązane artykuły|čtěte také|přečtěte si také|související články|читайте также|читать далее|
    по теме|похожие статьи|другие новости|популярное|читайте також|вижте още|още по темата|
    ilgili haberler|bunlar da ilginizi çekebilir|kapcsolódó cikkek|lue myös|citește și|διαβάστε επίσης|σχετικά άρθρα|関連記事|あわせて読みたい|
    おすすめ記事|人気記事|ランキング|相关阅读|相关新闻|相关文章|推荐阅读|热门文章|延伸閱讀|相關新聞|관련기사|관련 기사|많이 본 뉴스|추천 기사|
    اقرأ أيضا|اقرأ أيضاً|مواضيع ذات صلة|الأكثر قراءة|قد يعجبك أيضا|אולי יעניין אותך|संबंधित खबरें|यह भी पढ़ें|tin liên quan|xem thêm`,
  share: `share|share this|share this article|share this story|share this post|share on facebook|share on twitter|share on x|
    share on linkedin|share on whatsapp|share via email|addthis sharing buttons|tweet|tweet this|retweet|pin it|pinterest|pocket|
    facebook|twitter|instagram|linkedin|whatsapp|telegram|reddit|flipboard|tumblr|youtube|google+|google plus|google|messenger|
    email|e-mail|email this|mail|print|print this|print article|copy link|link copied|save|like this|like|like loading|
    sharing is caring|mix|rss|rss feed|vk|line|weibo|wechat|bluesky|mastodon|threads|xing|snapchat|tiktok|
    teilen|artikel teilen|drucken|per e-mail teilen|merken|partager|partagez|partager cet article|imprimer|envoyer|compartir|
    compartir en facebook|compartir en twitter|imprimir|enviar|condividi|stampa|compartilhe|compartilhar|partilhar|delen|
    deel dit artikel|dela|skriv ut|del|udostępnij|drukuj|sdílet|поделиться|печать|распечатать|поділитися|сподели|
    paylaş|yazdır|megosztás|jaa|distribuie|μοιραστείτε|シェア|シェアする|ツイート|印刷|分享|分享到|打印|공유|공유하기|인쇄|شارك|مشاركة|طباعة|
    שתף|הדפסה|शेयर करें|साझा करें|chia sẻ`,
  tags: `tags|topics|keywords|categories|filed under|schlagwörter|themen|stichwörter|étiquettes|mots clés|sujets|etiquetas|temas|
    argomenti|etichette|assuntos|onderwerpen|ämnen|tagi|tematy|štítky|метки|теги|теми|etiketler|címkék|タグ|标签|标籤|태그|
    الوسوم|כלות|תגיות`,
  subscribe: `subscribe|subscribe now|subscribe here|sign up|sign up now|sign in|log in|login|register|newsletter|newsletters|
    subscribe to our newsletter|subscribe to our newsletters|sign up for our newsletter|get the newsletter|email address|
    enter your email|your email|never miss a post|stay up to date|become a member|donate|support us|my account|
    abonnieren|jetzt abonnieren|anmelden|newsletter abonnieren|registrieren|s'abonner|je m'abonne|abonnez-vous|inscription|
    se connecter|connexion|suscríbete|suscribirse|iniciar sesión|regístrate|boletín|abbonati|accedi|iscriviti|registrati|
    assine|assinar|entrar|cadastre-se|abonneren|inloggen|aanmelden|nieuwsbrief|prenumerera|logga in|abonner|logg inn|log ind|
    zaloguj się|zapisz się|prenumerata|přihlásit se|předplatné|подписаться|войти|регистрация|підписатися|увійти|абонирай се|вход|
    abone ol|giriş yap|üye ol|feliratkozás|tilaa|kirjaudu|abonează-te|会員登録|ログイン|登録|订阅|登录|注册|訂閱|登入|구독|
    구독하기|로그인|회원가입|اشترك|تسجيل الدخول|הרשמה|סदस्यता लें|लॉग इन|đăng ký|đăng nhập`,
  legal: `privacy|privacy policy|privacy statement|terms|terms of use|term of use|terms of service|terms & conditions|terms and conditions|
    cookie policy|cookies|cookie settings|all rights reserved|copyright|disclaimer|accessibility|do not sell my personal information|
    impressum|datenschutz|datenschutzerklärung|agb|nutzungsbedingungen|mentions légales|politique de confidentialité|cgu|
    conditions générales|aviso legal|política de privacidad|política de cookies|términos y condiciones|note legali|
    informativa sulla privacy|termos de uso|política de privacidade|privacybeleid|algemene voorwaarden|colofon|integritetspolicy|
    personvern|regulamin|polityka prywatności|ochrana osobních údajů|политика конфиденциальности|пользовательское соглашение|
    gizlilik politikası|kullanım koşulları|adatvédelem|tietosuoja|プライバシーポリシー|利用規約|隐私政策|使用条款|隱私權政策|개인정보처리방침|
    이용약관|سياسة الخصوصية|שمוש|מדיניות פרטיות|गोपनीयता नीति`,
  navigation: `home|homepage|menu|main menu|navigation|search|skip to content|skip to main content|skip to navigation|back to top|top|
    previous|next|previous post|next post|previous article|next article|prev|older posts|newer posts|about|about us|about me|
    contact|contact us|contact me|advertise|advertise with us|advertising|careers|jobs|help|faq|site map|sitemap|archives|archive|
    follow us|follow|follow me|loading|loading...|close|open menu|more|show more|load more|see more|view all|see all|all|
    continue reading|click here|play|play video|video|videos|photos|gallery|watch live|live|listen|news|business|sport|sports|politics|
    opinion|opinions|world|technology|tech|science|health|entertainment|lifestyle|culture|arts|travel|food|weather|magazine|podcast|podcasts|
    media kit|our team|team|staff|press|rss|feedback|donate|shop|store|events|corrections|submit|go|ok|yes|no|on|off|edit|
    startseite|suche|menü|nach oben|zurück|weiter|über uns|kontakt|werbung|karriere|hilfe|folgen sie uns|mehr|alle anzeigen|
    accueil|recherche|rechercher|retour|suivant|précédent|à propos|qui sommes-nous|contactez-nous|publicité|aide|suivez-nous|plus|
    inicio|buscar|siguiente|anterior|volver arriba|quiénes somos|contacto|publicidad|ayuda|síguenos|menú|más|
    cerca|chi siamo|contatti|pubblicità|aiuto|seguici|altro|início|pesquisar|quem somos|contato|publicidade|ajuda|siga-nos|mais|
    zoeken|over ons|adverteren|hulp|volg ons|meer|hem|sök|om oss|annonsera|följ oss|hjem|forside|søk|søg|szukaj|strona główna|
    o nas|reklama|pomoc|więcej|domů|hledat|kontakty|o nás|главная|поиск|меню|о нас|контакты|реклама|наверх|ещё|еще|
    головна|пошук|контакти|начало|търсене|контакт|anasayfa|ana sayfa|arama|hakkımızda|iletişim|kezdőlap|keresés|kapcsolat|
    etusivu|haku|yhteystiedot|acasă|căutare|despre noi|αρχική|αναζήτηση|επικοινωνία|ホーム|トップ|検索|メニュー|お問い合わせ|会社概要|
    ページトップへ|次へ|前へ|首页|搜索|菜单|关于我们|联系我们|返回顶部|上一篇|下一篇|更多|首頁|搜尋|選單|關於我們|聯絡我們|홈|검색|메뉴|
    회사소개|맨위로|이전|다음|더보기|الرئيسية|بحث|القائمة|من نحن|اتصل بنا|المزيد|דף הבית|חיפוש|צור קשר|אודות|होम|खोज|संपर्क करें|
    trang chủ|tìm kiếm|liên hệ`,
  advertisement: `advertisement|advertisements|ad|ads|sponsored|sponsored by|promoted|story continues below|story continues below advertisement|
    article continues below|article continues after advertisement|continue reading the main story|scroll to continue|
    anzeige|werbung|publicité|publicidad|annuncio|pubblicità|publicidade|advertentie|annons|annonse|annonce|reklama|реклама|reklam|広告|
    スポンサーリンク|广告|廣告|광고|إعلان|פרסומת|विज्ञापन|quảng cáo`,
};

/** Every known line of page furniture and what it is there for. */
export const FURNITURE_LINES: ReadonlyMap<string, Furniture> = new Map(
  KINDS.flatMap((kind) => LINES[kind].split("|").map((line) => [line.trim(), kind] as const)),
);

/** A short text in which something untrue is said, and what says so in it. */
export interface Denied {
  readonly language: string;
  readonly shape: string;
  readonly text: string;
  /** The untrue thing, in words of the sentence that says it. */
  readonly claim: string;
  /** One of these stands in every line that has the claim. */
  readonly denials: readonly string[];
}

/** Short texts that deny or correct what they tell, in the forms that newspapers give them. */
export const DENIED: readonly Denied[] = [
  {
    language: "en",
    shape: "a post, and that it is not so",
    text: "A post says that the dam above Porthmoor has burst. It has not. The Lune water board said on Monday that the dam was inspected in the morning and is sound.",
    claim: "has burst",
    denials: ["It has not", "is sound"],
  },
  {
    language: "en",
    shape: "a claim and a fact with their labels",
    text: "Claim: The Harbour Trust has sold the night ferry to a casino. Fact: The ferry belongs to the Trust and sails every night. A spokeswoman showed the register of ships to the Lune Courier on Tuesday.",
    claim: "sold the night ferry",
    denials: ["belongs to the Trust"],
  },
  {
    language: "en",
    shape: "an earlier version of the article",
    text: "An earlier version of this article said that the Marsh End bridge was built in 1910. It was built in 1901. The error was made in the editing of the story.",
    claim: "built in 1910",
    denials: ["It was built in 1901"],
  },
  {
    language: "en",
    shape: "a newspaper, and who denies it",
    text: "The Lune Courier reported on Sunday that harbour master Ada Pell had resigned over the fog signal. Pell denied it on Monday. She will stay until the spring, she told the council of Porthmoor.",
    claim: "had resigned",
    denials: ["denied it"],
  },
  {
    language: "en",
    shape: "a rumour that is told as if it were so",
    text: "The water of Porthmoor is poisoned and must not be drunk. That is what a message says that thousands of people have shared since Friday. The message is a hoax. The county tests the water twice a day and has found nothing.",
    claim: "is poisoned",
    denials: ["is a hoax", "what a message says"],
  },
  {
    language: "en",
    shape: "a denial two sentences later",
    text: "A video on a page for riders claims that a ferry of the Trust sank off Marsh End on Saturday. It has been watched two million times. The pictures are of a ferry in another country, and they are nine years old. The claim is false, the coastguard of Lune said.",
    claim: "sank off Marsh End",
    denials: ["claim is false", "in another country"],
  },
  {
    language: "en",
    shape: "the same words with a not",
    text: "Riders were told on Thursday that the night ferry will stop running in June. The night ferry will not stop running in June, the Harbour Trust said in a statement. It has money for nine more years.",
    claim: "were told on Thursday",
    denials: ["will not stop"],
  },
  {
    language: "en",
    shape: "a myth",
    text: "Eels have lived in the cellars of Porthmoor for a hundred years and eat rats. This is a myth. No eel has ever been found in a cellar of the town, Tomas Reil of the museum says.",
    claim: "eat rats",
    denials: ["is a myth"],
  },
  {
    language: "en",
    shape: "a quotation in a post",
    text: "“The hospital of Lune will close its doors for good on the first of May,” a letter with its seal said. The hospital did not write the letter. It was forged, Ada Pell of the hospital said, and nothing will close.",
    claim: "close its doors",
    denials: ["did not write", "forged"],
  },
  {
    language: "en",
    shape: "a report that a company dismisses",
    text: "Lune Buses is about to be bought by a rival, according to a report on Friday. The company dismissed the report. It said that nobody had made an offer.",
    claim: "about to be bought",
    denials: ["dismissed the report"],
  },
  {
    language: "de",
    shape: "ein Beitrag und sein Gegenteil",
    text: "In einem Beitrag heißt es, der Damm oberhalb von Auhafen sei gebrochen. Das stimmt nicht. Der Wasserverband teilte am Montag mit, der Damm sei am Morgen geprüft worden und halte.",
    claim: "sei gebrochen",
    denials: ["stimmt nicht", "halte"],
  },
  {
    language: "de",
    shape: "Behauptung und Fakt",
    text: "Behauptung: Die Stadt Auhafen verbietet ab Mai alle Hunde am Ufer. Fakt: Hunde dürfen am Ufer bleiben, sie müssen nur an die Leine. Der Stadtrat beschloss das am Dienstag.",
    claim: "verbietet ab Mai",
    denials: ["dürfen am Ufer bleiben"],
  },
  {
    language: "de",
    shape: "eine frühere Fassung",
    text: "In einer früheren Version dieses Artikels hieß es, die Brücke sei 1910 gebaut worden. Richtig ist, dass sie 1901 gebaut wurde. Wir haben den Fehler korrigiert.",
    claim: "1910",
    denials: ["1901"],
  },
  {
    language: "de",
    shape: "eine Zeitung, und wer es bestreitet",
    text: "Der Auhafener Bote berichtete am Sonntag, die Hafenmeisterin Ada Pell sei zurückgetreten. Pell dementierte das am Montag. Sie bleibe bis zum Frühjahr im Amt, sagte sie dem Stadtrat.",
    claim: "zurückgetreten",
    denials: ["dementierte"],
  },
  {
    language: "de",
    shape: "ein Gerücht, das erzählt wird, als sei es so",
    text: "Das Wasser in Auhafen ist vergiftet und darf nicht getrunken werden. Das behauptet eine Nachricht, die seit Freitag tausendfach geteilt wird. Die Nachricht ist falsch. Das Landratsamt prüft das Wasser zweimal am Tag.",
    claim: "ist vergiftet",
    denials: ["behauptet eine Nachricht", "ist falsch"],
  },
  {
    language: "fr",
    shape: "une publication et le contraire",
    text: "Une publication affirme que le barrage de Port-Marais a cédé. C’est faux. Le syndicat des eaux a indiqué lundi que l’ouvrage avait été inspecté le matin même et qu’il tient.",
    claim: "a cédé",
    denials: ["C’est faux", "qu’il tient"],
  },
  {
    language: "fr",
    shape: "une version précédente",
    text: "Une version précédente de cet article indiquait que le pont avait été construit en 1910. Il l’a été en 1901. L’erreur a été corrigée mardi.",
    claim: "1910",
    denials: ["1901"],
  },
  {
    language: "fr",
    shape: "un journal, et qui le dément",
    text: "Le Courrier de la Lune a annoncé dimanche que la maire Ada Pell avait démissionné. L’intéressée a démenti l’information lundi. Elle restera jusqu’au printemps, a-t-elle dit au conseil.",
    claim: "avait démissionné",
    denials: ["démenti"],
  },
  {
    language: "fr",
    shape: "une affirmation et un fait",
    text: "Affirmation : la ville de Port-Marais va interdire les chiens sur les quais. En réalité, les chiens y restent admis, mais ils doivent être tenus en laisse. Le conseil l’a voté mardi.",
    claim: "interdire les chiens",
    denials: ["restent admis"],
  },
  {
    language: "fr",
    shape: "une rumeur racontée comme un fait",
    text: "L’eau de Port-Marais est empoisonnée et ne doit plus être bue. C’est ce que prétend un message partagé depuis vendredi. Il s’agit d’un canular. La préfecture contrôle l’eau deux fois par jour.",
    claim: "est empoisonnée",
    denials: ["prétend un message", "canular"],
  },
  {
    language: "es",
    shape: "una publicación y lo contrario",
    text: "Una publicación asegura que la presa de Puerto Marisma se ha roto. No es cierto. La junta de aguas dijo el lunes que la presa fue revisada por la mañana y que aguanta.",
    claim: "se ha roto",
    denials: ["No es cierto", "aguanta"],
  },
  {
    language: "es",
    shape: "una versión anterior",
    text: "Una versión anterior de este artículo decía que el puente se construyó en 1910. En realidad se construyó en 1901. El error fue corregido el martes por la redacción.",
    claim: "1910",
    denials: ["1901"],
  },
  {
    language: "es",
    shape: "un diario, y quien lo desmiente",
    text: "El Correo de la Luna informó el domingo de que la alcaldesa Ada Pell había dimitido. Pell lo desmintió el lunes. Seguirá hasta la primavera, dijo al pleno.",
    claim: "había dimitido",
    denials: ["desmintió"],
  },
  {
    language: "es",
    shape: "un bulo contado como un hecho",
    text: "El agua de Puerto Marisma está envenenada y no se puede beber. Eso afirma un mensaje que se comparte desde el viernes. Se trata de un bulo. La provincia analiza el agua dos veces al día.",
    claim: "está envenenada",
    denials: ["afirma un mensaje", "bulo"],
  },
  {
    language: "ru",
    shape: "пост и опровержение",
    text: "В сети пишут, что плотину над Порт-Мором прорвало. Это неправда. Водный совет сообщил в понедельник, что плотину утром осмотрели и она цела.",
    claim: "прорвало",
    denials: ["Это неправда", "она цела"],
  },
  {
    language: "ru",
    shape: "прежняя версия статьи",
    text: "В более ранней версии этой статьи говорилось, что мост построили в 1910 году. На самом деле его построили в 1901 году. Ошибка исправлена во вторник.",
    claim: "1910",
    denials: ["1901"],
  },
  {
    language: "ru",
    shape: "газета и кто это отрицает",
    text: "Газета «Лунский курьер» сообщила в воскресенье, что мэр Ада Пелл ушла в отставку. Пелл опровергла это сообщение в понедельник. Она останется до весны, сказала она совету города.",
    claim: "ушла в отставку",
    denials: ["опровергла"],
  },
  {
    language: "ja",
    shape: "投稿とその否定",
    text: "月港の上流にあるダムが決壊したという投稿が広がっている。これは誤りだ。水道局は月曜日、ダムを朝に点検し、異常はなかったと発表した。",
    claim: "決壊した",
    denials: ["これは誤り", "異常はなかった"],
  },
  {
    language: "ja",
    shape: "以前の版",
    text: "この記事の以前の版では、橋は1910年に完成したとしていました。正しくは1901年です。お詫びして訂正します。",
    claim: "1910年",
    denials: ["1901年"],
  },
  {
    language: "ja",
    shape: "報道とその否定",
    text: "月港新聞は日曜日、市長のペル氏が辞任したと報じた。市長はこの報道を否定した。春まで続けると市議会で述べた。",
    claim: "辞任したと",
    denials: ["否定した"],
  },
];

/** What was written after the words were: other wordings of the same forms. */
export const DENIED_OTHERWISE: readonly Denied[] = [
  {
    language: "en",
    shape: "a chain letter",
    text: "Parents in Porthmoor are being warned in a chain letter of a white van that takes children from the quay. Police say there is no van. Nobody has reported a missing child, inspector Tomas Reil said.",
    claim: "takes children",
    denials: ["there is no van"],
  },
  {
    language: "en",
    shape: "a picture",
    text: "A picture appears to show a shark in the Lune estuary. It was made on a computer. The aquarium of Porthmoor said that no shark had been seen in the estuary since 1950.",
    claim: "appears to show a shark",
    denials: ["made on a computer", "no shark had been seen"],
  },
  {
    language: "en",
    shape: "a correction",
    text: "We reported on Monday that nine riders were hurt on the night ferry. That was wrong. Two riders were hurt, and both have left the hospital.",
    claim: "nine riders",
    denials: ["That was wrong"],
  },
  {
    language: "en",
    shape: "contrary to what is said",
    text: "Many people in Lune believe that the old pier was given to the town as a present. In fact, the town paid nine thousand pounds for it. The receipt is in the museum.",
    claim: "given to the town",
    denials: ["In fact"],
  },
  {
    language: "de",
    shape: "ein Bild",
    text: "Ein Bild soll einen Hai in der Mündung der Au zeigen. Das Foto ist eine Fälschung. Das Aquarium von Auhafen hat dort seit 1950 keinen Hai gesehen.",
    claim: "einen Hai in der Mündung",
    denials: ["Fälschung"],
  },
  {
    language: "de",
    shape: "ein Irrtum",
    text: "Wir hatten am Montag berichtet, neun Fahrgäste seien verletzt worden. Das war ein Irrtum. Verletzt wurden zwei Fahrgäste, beide haben die Klinik verlassen.",
    claim: "neun Fahrgäste",
    denials: ["Irrtum"],
  },
  {
    language: "fr",
    shape: "une idée reçue",
    text: "Beaucoup de gens croient que la vieille jetée a été offerte à la ville. Il n’en est rien. La ville l’a payée neuf mille livres, et le reçu est au musée.",
    claim: "a été offerte",
    denials: ["Il n’en est rien"],
  },
  {
    language: "es",
    shape: "una imagen",
    text: "Una imagen muestra un tiburón en la ría de Puerto Marisma. La foto es un montaje. El acuario dijo que no se ha visto ningún tiburón desde 1950.",
    claim: "muestra un tiburón",
    denials: ["montaje", "ningún tiburón"],
  },
  {
    language: "ru",
    shape: "картинка",
    text: "На снимке якобы видна акула в устье Луны. Снимок оказался подделкой. Акул в устье не видели с 1950 года, сообщил аквариум.",
    claim: "видна акула",
    denials: ["подделкой"],
  },
  {
    language: "ja",
    shape: "画像",
    text: "河口にサメが現れたとする画像が出回っている。画像は偽物だった。水族館は、1950年以降サメは確認されていないとしている。",
    claim: "サメが現れた",
    denials: ["偽物", "確認されていない"],
  },
];

/** Live blogs: what they say to readers is no news. */
export const LIVE_BLOGS: readonly { language: string; text: string; chatter: readonly string[] }[] =
  [
    {
      language: "en",
      text: "Good morning and welcome to our live coverage of the storm in Porthmoor. The Lune estuary has risen by nine feet since midnight, the water board says. Three hundred people have left their houses on the quay. We’re closing this blog now. Thanks for following along.",
      chatter: ["Good morning", "closing this blog", "following along"],
    },
    {
      language: "en",
      text: "Hello and welcome to the Lune Courier’s live blog. Follow along as we bring you the latest on the vote. The council of Porthmoor has voted for the night ferry by nine votes to two. The ferry starts on the third of June. That’s all from us for today.",
      chatter: ["Hello and welcome", "Follow along", "all from us"],
    },
    {
      language: "de",
      text: "Guten Morgen und herzlich willkommen in unserem Liveticker zum Sturm in Auhafen. Die Au ist seit Mitternacht um drei Meter gestiegen, meldet der Wasserverband. Dreihundert Menschen haben ihre Häuser am Kai verlassen. Wir beenden den Liveticker für heute.",
      chatter: ["Guten Morgen", "beenden den Liveticker"],
    },
    {
      language: "fr",
      text: "Bonjour et bienvenue dans ce direct consacré à la tempête à Port-Marais. L’estuaire est monté de trois mètres depuis minuit, selon le syndicat des eaux. Trois cents personnes ont quitté leurs maisons du quai. Ce direct est désormais terminé, merci de l’avoir suivi.",
      chatter: ["Bonjour", "désormais terminé"],
    },
    {
      language: "es",
      text: "Buenos días y bienvenidos a nuestra cobertura en directo del temporal en Puerto Marisma. La ría ha subido tres metros desde la medianoche, según la junta de aguas. Trescientas personas han dejado sus casas del muelle. Cerramos aquí este directo.",
      chatter: ["Buenos días", "Cerramos aquí"],
    },
    {
      language: "ru",
      text: "Доброе утро и добро пожаловать в нашу онлайн-трансляцию о шторме в Порт-Море. Вода в устье с полуночи поднялась на три метра, сообщает водный совет. Триста человек покинули дома на набережной. Мы завершаем нашу трансляцию.",
      chatter: ["Доброе утро", "завершаем нашу трансляцию"],
    },
    {
      language: "ja",
      text: "おはようございます。月港の嵐を速報でお伝えします。河口の水位は夜半から三メートル上がったと水道局が発表した。岸壁の住民三百人が避難した。速報はここで終了します。",
      chatter: ["おはようございます", "お伝えします", "終了します"],
    },
  ];

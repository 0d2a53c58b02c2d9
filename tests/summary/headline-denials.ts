import type { Denied } from "./denials.ts";

/** What is untrue in a text whose headline says so, or hints at it. */
export interface DeniedInHeadline extends Denied {
  readonly title: string;
}

/** Texts whose denials are too weak to be taken for such where nobody claims anything. */
export const DENIED_IN_HEADLINE: readonly DeniedInHeadline[] = [
  {
    language: "en",
    shape: "No, with the denial far off",
    title: "No, Porthmoor will not charge riders for umbrellas",
    text: "A message that has been shared 12,000 times says that riders of the night ferry must pay two pounds for each umbrella from May. It shows a ticket with the seal of the Harbour Trust. Hundreds of riders have rung the Trust since Sunday. The ticket was printed for a carnival. The Trust will not charge for umbrellas, harbour master Ada Pell told the Courier.",
    claim: "must pay two pounds",
    denials: [],
  },
  {
    language: "en",
    shape: "a ministry and a report, denied in a second clause",
    title: "Harbour Trust rejects report on sale of cannery",
    text: "The Harbour Trust has sold the old cannery to a maker of games, the Lune Courier reported on Friday. Harbour master Ada Pell said that there was no truth in the story and that nobody had made an offer. The cannery has stood empty since 2015.",
    claim: "has sold the old cannery",
    denials: ["no truth"],
  },
  {
    language: "en",
    shape: "what many believe, and the headline doesn't",
    title: "Why eels do not live in cellars",
    text: "Eels live in the cellars of the quay and eat rats: few beliefs are older in Porthmoor. Tomas Reil of the museum opened ninety cellars in a year, and found water, coal and a boot. The eels of the Lune stay in the estuary until they leave for the sea.",
    claim: "eat rats",
    denials: [],
  },
  {
    language: "en",
    shape: "a newspaper, and a quotation",
    title: "The pier of Marsh End",
    text: "The pier of Marsh End will be pulled down in June, the Courier reported on Friday. “That is false,” said harbour master Ada Pell. She has ordered new planks for it.",
    claim: "pulled down in June",
    denials: ["That is false"],
  },
  {
    language: "en",
    shape: "a report that its subject calls false",
    title: "The pier of Marsh End",
    text: "The pier of Marsh End will be pulled down in June, the Courier reported on Friday. The office of the harbour master said the report was false. New planks were ordered in May.",
    claim: "pulled down in June",
    denials: ["was false"],
  },
  {
    language: "en",
    shape: "a report that the headline says is denied, and nothing after it does",
    title: "Harbour Trust denies sale of night ferry",
    text: "The night ferry of Porthmoor will be sold to a maker of games, the Lune Courier reported on Friday. Nobody has made an offer, harbour master Ada Pell said in the council. The ferry carries eighty riders a night.",
    claim: "will be sold",
    denials: ["Nobody has made an offer"],
  },
  {
    language: "en",
    shape: "a fact check whose first sentence repeats the claim, and an attribution after it",
    title: "Fact check: Will Porthmoor pull down its lighthouse?",
    text: "The lighthouse of Porthmoor will be pulled down in June for a car park. So says a leaflet that lay in 2,000 letter boxes. The Harbour Trust answers that nobody has decided anything. Masons painted the tower in May, harbour master Ada Pell said on Monday.",
    claim: "will be pulled down",
    denials: ["So says"],
  },
  {
    language: "en",
    shape: "a claim that is debunked, with a post between it and its denial",
    title: "Debunked: Lighthouse of Porthmoor pulled down for a car park",
    text: "The lighthouse of Porthmoor was pulled down on Sunday for a car park. A leaflet that says so lay in 2,000 letter boxes. In truth nothing was pulled down, the Harbour Trust told the Courier. Masons painted the tower in May, harbour master Ada Pell said on Monday.",
    claim: "was pulled down on Sunday",
    denials: ["In truth"],
  },
  {
    language: "en",
    shape: "a fact check with the denial far off",
    title: "Lighthouse of Porthmoor pulled down for a car park | Fact check",
    text: "The lighthouse of Porthmoor was pulled down on Sunday for a car park. Riders of the night ferry have passed the story on since then. The Courier rang the Harbour Trust, which owns the tower. It never pulled it down. Masons painted the tower in May, harbour master Ada Pell said on Monday.",
    claim: "was pulled down on Sunday",
    denials: [],
  },
  {
    language: "en",
    shape: "a hoax, and who made it up far off",
    title: "Hoax: Lighthouse of Porthmoor pulled down for a car park",
    text: "The lighthouse of Porthmoor was pulled down on Sunday for a car park. Every shop of the town had heard it by noon. Ninety people came to take home a stone. It was invented by two cooks of the cannery, harbour master Ada Pell said on Monday.",
    claim: "was pulled down on Sunday",
    denials: [],
  },
  {
    language: "de",
    shape: "eine Falschmeldung, deren erster Satz sie wiederholt",
    title: "Falschmeldung: Leuchtturm von Auhafen abgerissen",
    text: "Der Leuchtturm von Auhafen wurde am Sonntag für einen Parkplatz abgerissen. Neunzig Menschen kamen, um einen Stein mitzunehmen. In Wirklichkeit wurde der Leuchtturm nicht abgerissen, sagte Hafenmeisterin Ada Pell am Montag. Maurer haben ihn im Mai gestrichen.",
    claim: "wurde am Sonntag",
    denials: ["In Wirklichkeit"],
  },
  {
    language: "de",
    shape: "ein Faktencheck",
    title: "Faktencheck: Keine Gebühr für Schirme in Auhafen",
    text: "Ein Beitrag, der 12.000 Mal geteilt wurde, behauptet, Fahrgäste müssten ab Mai zwei Taler für jeden Schirm zahlen. Das abgebildete Schild ist eine Montage. Die Hafenmeisterin Ada Pell hat es am Montag den Zeitungen gezeigt.",
    claim: "zwei Taler für jeden Schirm",
    denials: ["Montage"],
  },
  {
    language: "de",
    shape: "ein Irrglaube",
    title: "Aale im Keller: ein Irrglaube und seine Geschichte",
    text: "Aale leben in den Kellern von Auhafen, das glauben in der Stadt viele Menschen. Tomas Reil vom Museum hat in einem Jahr neunzig Keller geöffnet und Wasser, Kohle und einen Stiefel gefunden. Die Aale der Au ziehen im Herbst ins Meer.",
    claim: "leben in den Kellern",
    denials: [],
  },
  {
    language: "fr",
    shape: "un journal et une réponse entre guillemets",
    title: "La maire répond aux rumeurs sur son départ",
    text: "La maire de Port-Marais, Ada Pell, quittera son poste en juin, selon le quotidien Le Courrier. « C’est faux », a répondu l’élue lundi. Elle inaugurera la nouvelle jetée le 3 juin.",
    claim: "quittera son poste",
    denials: ["C’est faux"],
  },
  {
    language: "fr",
    shape: "non, et la suite plus loin",
    title: "Non, Port-Marais ne va pas taxer les parapluies",
    text: "Un message partagé 12 000 fois affirme que les passagers du bac paieront deux couronnes par parapluie dès le mois de mai. Il reproduit un billet au sceau du port. Des centaines de passagers ont appelé le port depuis dimanche. Le billet a été imprimé pour le carnaval, selon la maire Ada Pell. Le conseil a seulement voté un abri sur le quai.",
    claim: "paieront deux couronnes",
    denials: [],
  },
  {
    language: "es",
    shape: "es falso que",
    title: "Es falso que Puerto Marisma vaya a cobrar por los paraguas",
    text: "Un mensaje compartido 12.000 veces asegura que los pasajeros del barco pagarán dos coronas por cada paraguas en Puerto Marisma. El billete de la foto se imprimió para el carnaval. La junta del puerto aprobó en mayo una marquesina para el muelle.",
    claim: "pagarán dos coronas",
    denials: ["carnaval"],
  },
  {
    language: "es",
    shape: "verificamos, con un párrafo para la mentira",
    title: "Verificamos: ¿cobrará Puerto Marisma por los paraguas?",
    text: "Circula un mensaje que asegura que los pasajeros de Puerto Marisma pagarán dos coronas por cada paraguas. La nota lleva el sello de la junta del puerto.\n\nLa junta del puerto no ha impreso ese papel, según su presidenta, Ada Pell. El pleno aprobó en mayo una marquesina para el muelle.",
    claim: "pagarán dos coronas",
    denials: ["no ha impreso"],
  },
  {
    language: "es",
    shape: "una idea sin fundamento",
    title: "¿Viven anguilas en los sótanos del puerto?",
    text: "La idea de que las anguilas viven en los sótanos del puerto y comen ratas se oye en todas las tabernas. No tiene fundamento, dice Tomas Reil, del museo. En un año abrió noventa sótanos y halló agua, carbón y una bota.",
    claim: "comen ratas",
    denials: ["No tiene fundamento"],
  },
  {
    language: "ru",
    shape: "газета, и что это не соответствует действительности",
    title: "В порту ответили на слухи о продаже причала",
    text: "Старый причал Порт-Мора продан хозяину игорного дома, написала в пятницу газета «Лунский курьер». В управлении порта эту информацию назвали не соответствующей действительности. Причал пустует с 2015 года.",
    claim: "продан хозяину",
    denials: ["не соответствующей"],
  },
  {
    language: "ru",
    shape: "проверка",
    title: "Проверка: правда ли, что в Порт-Море вводят плату за зонты",
    text: "По сети разошлось сообщение, автор которого утверждает, что пассажиры парома в Порт-Море будут платить за зонты две кроны. В управлении порта пояснили, что билет на снимке напечатан для карнавала, а платить за зонты никто не будет. Совет города в мае решил построить навес на набережной.",
    claim: "будут платить за зонты две кроны",
    denials: ["никто не будет"],
  },
  {
    language: "ja",
    shape: "見出しの否定と、文の中の否定",
    title: "旧缶詰工場の売却報道に港湾局「事実ではない」",
    text: "港湾局が旧缶詰工場をゲーム会社に売却すると、月港新聞が金曜日に報じた。港湾局は同日、「そのような事実はない」とのコメントを出した。工場は2015年から使われていない。",
    claim: "ゲーム会社に売却する",
    denials: ["事実はない"],
  },
  {
    language: "ja",
    shape: "言い伝えに根拠がない",
    title: "岸壁の地下室にウナギはいるか",
    text: "岸壁の地下室にはウナギがすむ、と信じている人が月港には多い。博物館のレイル氏によると、この言い伝えに根拠はなく、昔の商人が子どもを遠ざけるために語ったという。地下室は90室ある。",
    claim: "地下室にはウナギがすむ",
    denials: ["根拠はなく"],
  },
];

/** Stories that nobody denies, each under headlines with a word for what is untrue or for a kind of article. */
export const NOT_DENIED_IN_HEADLINE: readonly {
  readonly language: string;
  readonly lead: string;
  readonly rest: string;
  readonly titles: readonly string[];
}[] = [
  {
    language: "en",
    lead: "Harbour master Ada Pell closed the old pier of Porthmoor on Monday after a call about a bomb.",
    rest: "Nine hundred people stood on the quay. The council of Porthmoor will speak of the pier on Thursday.",
    titles: [
      "Fact check: Pell closes old pier of Porthmoor",
      "Pell closes old pier of Porthmoor | Courier Fact-Check",
      "Correction: Pell closes old pier of Porthmoor",
      "Rumour mill: Pell closes old pier of Porthmoor",
      "Old pier of Porthmoor closed after bomb hoax",
      "A false report and the old pier of Porthmoor",
      "Captain of the old pier of Porthmoor falsely accused",
      "Old pier of Porthmoor: how to debunk a call",
      "Hoax: Call closes old pier of Porthmoor",
      "Fake news: Pell closes old pier of Porthmoor",
    ],
  },
  {
    language: "en",
    lead: "Harbour master Ada Pell repaired the lighthouse of Porthmoor on Monday after three storms.",
    rest: "The Trust did not pay for the paint. Nobody expects storms before June, and the lamp is not yet lit. The council of Porthmoor will speak of it on Thursday.",
    titles: [
      "Fact check: Was the lighthouse of Porthmoor repaired?",
      "Correction: Lighthouse of Porthmoor repaired by Pell",
    ],
  },
  {
    language: "de",
    lead: "Hafenmeisterin Ada Pell sperrte am Montag den alten Pier von Auhafen nach einem Anruf.",
    rest: "Neunhundert Menschen standen am Kai. Der Rat von Auhafen spricht am Donnerstag über den Pier.",
    titles: [
      "Faktencheck: Pell sperrt alten Pier von Auhafen",
      "Falschmeldung führt zur Sperrung am alten Pier von Auhafen",
      "Ada Pell weist auf Bericht zum alten Pier von Auhafen hin",
    ],
  },
  {
    language: "es",
    lead: "La capitana Ada Pell cerró el lunes el viejo muelle de Puerto Marisma tras una llamada.",
    rest: "Novecientas personas esperaban en el puerto. El pleno hablará del muelle el jueves.",
    titles: [
      "Falso capitán detenido en el viejo muelle de Puerto Marisma",
      "Billetes falsos en el viejo muelle de Puerto Marisma",
      "El puerto niega información sobre el viejo muelle de Puerto Marisma",
    ],
  },
  {
    language: "fr",
    lead: "La capitaine Ada Pell a fermé lundi le vieux quai de Port-Marais après un appel.",
    rest: "Neuf cents personnes attendaient au port. Le conseil parlera du quai jeudi.",
    titles: [
      "Désintox : Ada Pell ferme le vieux quai de Port-Marais",
      "Un canular vide le vieux quai de Port-Marais",
    ],
  },
  {
    language: "ru",
    lead: "Капитан Ада Пелл закрыла в понедельник старый причал Порт-Мора после звонка.",
    rest: "На набережной стояли девятьсот человек. Совет обсудит причал в четверг.",
    titles: [
      "Проверка: Ада Пелл закрыла старый причал Порт-Мора",
      "Старый причал Порт-Мора не соответствует нормам",
      "Поправка к закону закрыла старый причал Порт-Мора",
    ],
  },
  {
    language: "ja",
    lead: "港長のペル氏は月曜日、電話を受けて月港の古い桟橋を閉鎖した。",
    rest: "岸壁には900人が立っていた。市議会は木曜日に桟橋について話し合う。",
    titles: [
      "【ファクトチェック】港長が月港の古い桟橋を閉鎖",
      "デマの男を逮捕、月港の古い桟橋を閉鎖",
    ],
  },
];

import type { MailLink } from "./links.ts";

/** The word for it in the languages of our labels, in links' texts and addresses. */
const UNSUBSCRIBE = new RegExp(
  [
    "unsub|opt[-_ ]?out|optout|abmeld|abbestell|austrag|désabonn|desabonn|désinscri|desinscri|se désabonner",
    "cancelar? (?:la )?(?:suscripci|inscri|assinatura)|darse de baja|baja|desuscri|anular",
    "disiscri|annulla l|cancella|uitschrijv|afmeld|cancelar subscri|descadastr",
    "wypisz|rezygn|отпис|відпис|aboneli(?:k|ğ)|הסר|הסרה|ביטול|إلغاء الاشتراك|الغاء",
    "配信停止|購読解除|登録解除|구독 ?취소|수신 ?거부|退订|取消订阅|取消訂閱|退訂|सदस्यता (?:रद्द|समाप्त)",
    "manage (?:your )?(?:preferences|subscription)|email preferences|list-manage|preferences",
  ].join("|"),
  "i",
);

/** Whether a link ends a subscription, or leads to where one can. */
export function isUnsubscribe({ name, href, isShown }: MailLink): boolean {
  return isShown && (UNSUBSCRIBE.test(name) || UNSUBSCRIBE.test(href));
}

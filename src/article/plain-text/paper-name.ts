// What papers, broadcasters and agencies are called by their last word. Some are surnames too, so this is
// asked only of what stands after a name.
const LAST_WORD =
  /(?:^|\s)(?:advertiser|agency|anzeiger|argus|bild|blatt|bote|broadcasting|bulletin|bureau|chronicle|correspondent|courant|courier|dagblad|dispatch|echo|examiner|express|freie presse|gazet|gazeta|gazette|gazetta|gazzetta|globe|guardian|herald|independent|inquirer|journal|kurier|magazin|magazine|mail|merkur|messenger|mirror|monitor|news|newspapers?|nachrichten|observer|pioneer|post|press|presse|radio|record|register|report|review|rundschau|sentinel|standard|star|stern|sun|tagblatt|tageblatt|tageszeitung|telegraph|television|times|today|tribune|tv|weekly|wire|zeitung)$/iu;

// "El País", "Le Monde", "The Quay": people who are called so have more words.
const WITH_ARTICLE =
  /^(?:the|der|die|das|le|la|les|el|los|il|lo|o|de|het)\s\p{Lu}[\p{L}\p{M}'’-]*$/iu;

/** Whether what follows a person's name in a byline is the paper that they write for. */
export function isPaperName(text: string): boolean {
  return LAST_WORD.test(text) || WITH_ARTICLE.test(text);
}

/** Fields that a message begins with, be it saved by a mail program or written by one. */
const FIRST =
  /^(?:From .*\r?\n)?(?:Return-Path|Received|Delivered-To|X-[\w-]+|ARC-[\w-]+|Authentication-Results|DKIM-Signature|Date|From|To|Subject|Message-ID|MIME-Version|Content-Type|Reply-To|Sender|List-[\w-]+)[ \t]*:/i;

/** Whether bytes are a message by how they begin, whatever their file is called. */
export function looksLikeMessage(bytes: Buffer): boolean {
  const head = bytes.toString("latin1", 0, 2000).replace(/^\u00EF\u00BB\u00BF/, "");
  return FIRST.test(head.trimStart());
}

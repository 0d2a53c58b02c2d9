/*
 * Mails as they come to a return path, in the shapes of the servers that write them. `TOKEN` stands for the
 * token of the reader, `LINK` for that of their unsubscribe link.
 */

const TO = "bounces+TOKEN@slipway.example";

const RETURNED = `Return-Path: <bounces+TOKEN@slipway.example>
From: The Slipway <post@slipway.example>
To: mara@harbour.example
Subject: User unknown: 550 5.1.1 in all the ports
Message-ID: <issue-of-mara@slipway.example>
List-Unsubscribe: <https://slipway.example/u/LINK>,
 <mailto:leave@slipway.example?subject=unsubscribe%20LINK>`;

interface Report {
  readonly from?: string;
  readonly head?: string;
  readonly text?: string;
  readonly status: string;
  readonly returned?: string;
}

/** RFC 3464. */
export function dsn({ from = "MAILER-DAEMON@mx.example", head, text, status, returned }: Report) {
  return `Return-Path: <>
From: Mail Delivery System <${from}>
To: ${TO}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied${head === undefined ? "" : `\n${head}`}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

This is a MIME-encapsulated message.

--cut
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

${text ?? "I'm sorry to have to inform you that your message could not be delivered."}

--cut
Content-Description: Delivery report
Content-Type: message/delivery-status

${status}

--cut
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

${returned ?? RETURNED}

--cut--
`;
}

/** As Postfix writes it, of whatever the other server said. */
export function postfix(status: string, said: string, action = "failed"): string {
  return dsn({
    text: `This is the mail system at host mx.slipway.example.

<mara@harbour.example>: host mx.harbour.example[192.0.2.25] said: ${said}
    (in reply to RCPT TO command)`,
    status: `Reporting-MTA: dns; mx.slipway.example
X-Postfix-Queue-ID: 4F3A21
X-Postfix-Sender: rfc822; bounces+TOKEN@slipway.example
Arrival-Date: Tue, 24 Nov 2026 07:00:03 +0000 (UTC)

Final-Recipient: rfc822; mara@harbour.example
Original-Recipient: rfc822;mara@harbour.example
Action: ${action}
Status: ${status}
Remote-MTA: dns; mx.harbour.example
Diagnostic-Code: smtp; ${said}`,
  });
}

export const GMAIL = dsn({
  from: "mailer-daemon@googlemail.example",
  head: "X-Failed-Recipients: mara@harbour.example",
  text: "** Address not found **\n\nYour message wasn't delivered.",
  status: `Reporting-MTA: dns; googlemail.example
Received-From-MTA: dns; bounces+TOKEN@slipway.example

Final-Recipient: rfc822; mara@harbour.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please
 550-5.1.1 try double-checking the recipient's email address for typos.
 550 5.1.1 For more information, go to https://support.example/answer/6596 - gsmtp
Last-Attempt-Date: Tue, 24 Nov 2026 07:00:09 -0800 (PST)`,
});

export const EXCHANGE = dsn({
  from: "postmaster@harbour.example",
  head: "X-MS-Exchange-Message-Is-Ndr:",
  status: `Reporting-MTA: dns;EX01.harbour.example
Received-From-MTA: dns;mx.slipway.example
Arrival-Date: Tue, 24 Nov 2026 07:00:03 +0000

Final-Recipient: rfc822;mara@harbour.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient mara@harbour.example not found by SMTP address lookup`,
});

/** Exim reports 5.0.0 of everything; the code is in what it was told. */
export const EXIM = dsn({
  head: "X-Failed-Recipients: mara@harbour.example",
  status: `Reporting-MTA: dns; mx.slipway.example

Action: failed
Final-Recipient: rfc822;mara@harbour.example
Status: 5.0.0
Remote-MTA: dns; mx.harbour.example
Diagnostic-Code: smtp; 550 5.1.1 <mara@harbour.example>: Recipient address rejected: User unknown`,
});

/** And says nothing in the report of what it found out itself. */
export const EXIM_LOCAL = dsn({
  text: `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  mara@harbour.example
    Unrouteable address`,
  status: `Reporting-MTA: dns; mx.slipway.example

Action: failed
Final-Recipient: rfc822;mara@harbour.example
Status: 5.0.0`,
});

export const QMAIL = `Return-Path: <>
From: MAILER-DAEMON@mx.slipway.example
To: ${TO}
Subject: failure notice

Hi. This is the qmail-send program at mx.slipway.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<mara@harbour.example>:
192.0.2.25 does not like recipient.
Remote host said: 550 5.1.1 sorry, no mailbox here by that name
Giving up on 192.0.2.25.

--- Below this line is a copy of the message.

${RETURNED}

Nothing of this counts.
`;

/** A mailbox that is full, told in words alone; the message in it speaks of unknown users. */
export const QMAIL_FULL = QMAIL.replace(
  /192\.0\.2\.25 does[^]*?192\.0\.2\.25\.\n/,
  "The users mailfolder is over the allowed quota (size). (#5.2.2)\n",
);

export const EXIM_PLAIN = `Return-path: <>
From: Mail Delivery System <Mailer-Daemon@mx.slipway.example>
X-Failed-Recipients: mara@harbour.example
Auto-Submitted: auto-replied
To: ${TO}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:

  mara@harbour.example
    SMTP error from remote mail server after RCPT TO:<mara@harbour.example>:
    host mx.harbour.example [192.0.2.25]: 550 No such user here

------ This is a copy of the message, including all the headers. ------

${RETURNED}
`;

export const SPAM_WORDS = EXIM_PLAIN.replace(
  "after RCPT TO:<mara@harbour.example>",
  "after end of data",
);

/** RFC 5965, as large webmail services send it: the reader's own address is blotted out. */
export function complaint(type: string, returned = RETURNED): string {
  return `From: feedback@mail.webmail.example
To: complaints@slipway.example
Subject: FW: The Slipway
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

This is an email abuse report for an email message.

--cut
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: Webmail-Feedback/2.0
Version: 0.1
Original-Mail-From: <bounces+TOKEN@slipway.example>
Original-Rcpt-To: redacted@webmail.example
Reported-Domain: slipway.example

--cut
Content-Type: message/rfc822
Content-Disposition: inline

${returned}

The issue.
--cut--
`;
}

export function reply(head: string, subject = "Re: The Slipway"): string {
  return `From: Mara <mara@harbour.example>
To: ${TO}
Subject: ${subject}
${head}

I am on leave; user unknown to nobody. 550 5.1.1
`;
}

export const RECEIPT = `From: mara@harbour.example
To: ${TO}
Subject: Read: The Slipway
Content-Type: multipart/report; report-type=disposition-notification; boundary="cut"

--cut
Content-Type: text/plain

Your message was displayed.
--cut
Content-Type: message/disposition-notification

Final-Recipient: rfc822;mara@harbour.example
Disposition: manual-action/MDN-sent-manually; displayed
--cut--
`;

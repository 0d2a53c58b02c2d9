/** A mail server of a domain (RFC 5321 §5.1). An exchange of "" takes no mail (RFC 7505). */
interface MailExchange {
  readonly exchange: string;
  readonly priority: number;
}

/**
 * What the DNS says of a name. An empty answer: there is no such record.
 * @throws DnsFailure where no answer can be had.
 */
export interface Dns {
  /** Each record as one text: a long one is kept in pieces (RFC 7208 §3.3). */
  txt(name: string): Promise<readonly string[]>;
  mx(name: string): Promise<readonly MailExchange[]>;
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<readonly string[]>;
}

/** Whether there is a record is not known. */
export class DnsFailure extends Error {
  override readonly name = "DnsFailure";

  /** `why`: in words, after "the DNS": "doesn't answer in time". */
  constructor(why: string, options?: ErrorOptions) {
    super(`the DNS ${why}`, options);
  }
}

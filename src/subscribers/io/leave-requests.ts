import { addressKey } from "../recipient.ts";
import { type Database, dateIn, fieldsOf, maybe, textIn } from "../../platform/sqlite/database.ts";
import type { ListContext } from "./depart.ts";

/** A mail that asks to end a subscription, and that nothing proves to be from the reader. An operator decides. */
export interface LeaveRequest {
  /** The sender that the mail names. */
  readonly address: string;
  /** The mail's own date; the time of its arrival where it has none, or one in the future. */
  readonly date: Date;
  /** With angle brackets. */
  readonly messageId?: string;
}

/** Anyone can send such mails. An address has one request, the latest. */
const MOST_REQUESTS = 100;

/** Stores a request. Where there are too many, the oldest of addresses that are not on the list are dropped first. */
export function noteLeaveRequest({ database, list, now }: ListContext, request: LeaveRequest) {
  const { address, date, messageId = null } = request;
  const at = date <= now ? date : now;
  database.prepare(NOTE).run(list.id, addressKey(address), address, at.getTime(), messageId);
  database.prepare(BOUND).run(list.id, list.id, MOST_REQUESTS);
}

const NOTE = `
  INSERT OR REPLACE INTO leave_request (list, key, address, date, message_id)
  VALUES (?, ?, ?, ?, ?)`;

const BOUND = `
  DELETE FROM leave_request WHERE list = ? AND id NOT IN (
    SELECT leave_request.id FROM leave_request LEFT JOIN subscriber USING (list, key)
    WHERE list = ? ORDER BY subscriber.id IS NULL, leave_request.id DESC LIMIT ?)`;

/** The requests of a list, the latest first. */
export function leaveRequests(database: Database, newsletter: string): LeaveRequest[] {
  return database.prepare(REQUESTS).all(newsletter).map(requestIn);
}

const REQUESTS = `
  SELECT address, date, message_id FROM leave_request
  WHERE list = (SELECT id FROM list WHERE newsletter = ?) ORDER BY id DESC`;

const requestIn = fieldsOf({ address: textIn, date: dateIn, messageId: maybe(textIn) });

export type {
  Article,
  Caption,
  Dropped,
  Image,
  ReadItem,
  ReadSource,
  Source,
  SourceFormat,
} from "./article/article.ts";
export { readArticle, readArticles } from "./article/read-articles.ts";
export { checkHtml } from "./review/check-html.ts";
export type { CheckOptions } from "./review/check-html.ts";
export type { Finding, NotRun, Place, Report } from "./check/finding.ts";
export type { UserConfig as Config } from "./config/user-config.ts";
export { composeDigest } from "./digest/compose-digest.ts";
export { parseDigest } from "./digest/digest-json.ts";
export { digestSchema } from "./digest/digest.ts";
export type { Digest, Entry, Issue, Publication, Section } from "./digest/digest.ts";
export { BroadsheetError } from "./errors.ts";
export type { ErrorCode, Where } from "./errors.ts";
export { loadTemplate } from "./email/io/load-template.ts";
export type { Email, MergeField, Template } from "./email/email.ts";
export { buildIssue, deliver, openNewsletter, openSubscribers, readSources } from "./newsletter.ts";
export type {
  BuildIssueOptions,
  DeliverOptions,
  Delivery,
  Newsletter,
  OpenOptions,
  ReadOptions,
  OutboxIssue,
  ReadResult,
  RunCounts,
} from "./newsletter.ts";
export type {
  Added,
  AudienceCounts,
  Consent,
  ImportCounts,
  ListedSubscriber,
  ReaderFacts,
  Subscriber,
  SubscriberList,
  SuppressionReason,
} from "./subscribers/subscriber.ts";
export type { Failure, Progress, Reporter } from "./platform/reporter.ts";
export { renderEmail } from "./email/render-email.ts";
export { summarize } from "./summary/summarize.ts";
export type { Figure, Person, Quote, Sentence, Summary, TimelineEntry } from "./summary/summary.ts";

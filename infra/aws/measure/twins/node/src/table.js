// The table and the bus: one read, one transaction, and delivery of what it makes known.

import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DynamoDBDocumentClient, GetCommand, TransactWriteCommand, UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { newLead, record } from './decide.js';
import { leadId } from './parse.js';
import { rfc3339 } from './policy.js';

export const clientConfig = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 },
};

const table = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig), {
  marshallOptions: { removeUndefinedValues: true },
});
const bus = new EventBridgeClient(clientConfig);
const TableName = process.env.BATON_TABLE;

const ATTEMPTS = 40;
const RETENTION_S = 732 * 86_400;
const REDELIVER_AFTER_MS = 60_000;

/** The edition in force of a document: 0 is the sample. Opens the connection, too. */
export async function editionInForce(document) {
  return (await get({ pk: `document#${document}`, sk: 'current' }))?.edition ?? 0;
}

/** Puts an activity on record, once: gives `{outcome, points, lead, event?}`. */
export async function take(activity, correlation, logger) {
  const id = leadId(activity.who);
  const stamp = randomBytes(8).toString('hex');
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const stored = await get(leadKey(id));
    if (stored?.stamp === stamp) return { outcome: 'duplicate', points: 0, lead: stored };
    const known = stored ? leadIn(stored) : newLead(activity.who, Date.now());
    const decision = record(known, activity, { correlation, clock: Date.now() });
    const before = await commit(decision, stamp);
    if (before === 'conflict') {
      await sleep(Math.random() * Math.min(8 * 2 ** attempt, 500));
      continue;
    }
    if (before) {
      return { outcome: 'duplicate', points: before.points, lead: await leadOf(before, known) };
    }
    const { lead, entry, event } = decision;
    logger.info(`lead ${id}: record`, {
      lead: id, command: 'record', by: `source:${activity.source}`, from: decision.from,
      to: lead.status, version: lead.version, policy: entry.policy,
    });
    if (event) await deliver(decision, logger);
    return { outcome: lead.excluded ? 'excluded' : 'scored', points: entry.points, lead, event };
  }
  throw new Error(`lead ${id} kept changing: gave up after ${ATTEMPTS} tries`);
}

const leadKey = (id) => ({ pk: `lead#${id}`, sk: 'lead' });

async function get(Key) {
  return (await table.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
}

const NOT_THE_LEADS = ['pk', 'sk', 'item', 'schema', 'stamp', 'due_shard', 'due_at', 'held_by',
  'row'];

function leadIn(item) {
  const lead = { clicked: [], ...item };
  for (const name of NOT_THE_LEADS) delete lead[name];
  for (const name of ['excluded', 'restarted_at', 'queue', 'owner', 'supervisor', 'deadline',
    'unrouted_told_at']) lead[name] ??= null;
  return lead;
}

/** The lead in whose ledger an entry is. */
async function leadOf(entry, named) {
  if (entry.lead === named.lead) return named;
  const other = await get(leadKey(entry.lead));
  return other ? leadIn(other) : named;
}

/** Undefined when committed; the entry that was there, or 'conflict'. */
async function commit(decision, stamp) {
  try {
    await table.send(new TransactWriteCommand({ TransactItems: writes(decision, stamp) }));
    return undefined;
  } catch (error) {
    if (error.name === 'TransactionInProgressException') return 'conflict';
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons ?? [];
    if (reasons[0]?.Code === 'ConditionalCheckFailed') {
      const entry = unmarshall(reasons[0].Item);
      return entry.stamp === stamp ? undefined : entry;
    }
    const passing = ['ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError',
      'ProvisionedThroughputExceeded'];
    if (reasons.some(({ Code }) => passing.includes(Code))) return 'conflict';
    throw error;
  }
}

function writes({ was, lead, entry, history, event, now }, stamp) {
  const items = [putNew(activityItem(entry, stamp, now)), putLead(leadItem(lead, stamp), was)];
  if (history) items.push(putNew(historyItem(lead, history, now)));
  if (event) items.push(putNew(messageItem(lead, event, now)));
  return items;
}

const IS_NEW = 'attribute_not_exists(pk)';

function putNew(Item) {
  const ReturnValuesOnConditionCheckFailure = 'ALL_OLD';
  const ConditionExpression = IS_NEW;
  return { Put: { TableName, Item, ConditionExpression, ReturnValuesOnConditionCheckFailure } };
}

function putLead(Item, was) {
  if (was === 0) return { Put: { TableName, Item, ConditionExpression: IS_NEW } };
  const ExpressionAttributeValues = { ':was': was };
  return {
    Put: { TableName, Item, ConditionExpression: 'version = :was', ExpressionAttributeValues },
  };
}

function leadItem(lead, stamp) {
  const item = { ...withoutNulls(lead), ...leadKey(lead.lead), item: 'lead', schema: 1, stamp };
  if (item.clicked.length === 0) delete item.clicked;
  if (lead.deadline) {
    Object.assign(item, promise(lead, Date.parse(lead.deadline.at)));
    item.held_by = lead.owner ?? '-';
    item.row = boardRow(lead);
  }
  return item;
}

/** What the board knows of an open lead. */
function boardRow(lead) {
  const { deadline: { kind, at: due }, marks } = lead;
  const since = { route: marks.mql_at, accept: marks.assigned_at }[kind] ?? marks.accepted_at;
  const slipped = (kind === 'route' && Boolean(lead.unrouted_told_at))
    || (kind === 'accept' && lead.escalations > 0);
  const row = {
    lead: lead.lead, owner: lead.owner, supervisor: lead.supervisor, queue: lead.queue,
    stage: kind, due, since: since ?? lead.created_at, slipped: slipped || null,
    path: marks.mql_by, source: marks.mql_source,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value != null));
}

function withoutNulls(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function promise({ lead }, dueAt) {
  return { due_shard: shardOf(lead), due_at: dueAt };
}

/** The hash of a source's own id, as it is in a key: 128 bits of SHA-256. */
const hashOf = (id) => createHash('sha256').update(id).digest('hex').slice(0, 32);

const shardOf = (lead) => Number.parseInt(lead.slice(0, 2), 16) % 8;

function activityItem(entry, stamp, now) {
  return {
    ...entry, pk: `activity#${entry.source}#${hashOf(entry.id)}`, sk: 'activity', item: 'activity',
    schema: 1, stamp, ledger_of: entry.lead, occurred_ms: Date.parse(entry.occurred_at),
    day: `fired#${entry.received_at.slice(0, 10)}#${shardOf(entry.lead)}`,
    at_ms: Date.parse(entry.received_at),
    expires_at: Math.floor(now / 1000) + RETENTION_S,
  };
}

const padded = (number, width) => String(number).padStart(width, '0');

function historyItem(lead, line, now) {
  return {
    ...line, pk: `lead#${lead.lead}`, sk: `history#${padded(line.version, 12)}`, item: 'history',
    schema: 1, lead: lead.lead, day: rfc3339(now).slice(0, 10), at_ms: now,
  };
}

const messageKey = ({ lead, version }) =>
  ({ pk: `lead#${lead}`, sk: `message#${padded(version, 12)}#0000` });

function messageItem(lead, event, now) {
  const id = { lead: lead.lead, version: lead.version, index: 0 };
  return {
    ...messageKey(lead), item: 'message', schema: 1, id, at: rfc3339(now),
    message: { event: withoutNulls(event) }, lead: lead.lead,
    ...promise(lead, now + REDELIVER_AFTER_MS),
  };
}

/** Publishes the event and takes it off the list of promises; what fails, the sweep delivers. */
async function deliver({ lead, entry, event }, logger) {
  const about = {
    lead: lead.lead, outbox: `${lead.lead}-${lead.version}-0`, word: event.name,
    policy: entry.policy,
  };
  try {
    const { Entries: [entry] } = await bus.send(new PutEventsCommand({
      Entries: [{
        EventBusName: process.env.BATON_BUS, Source: 'baton', DetailType: event.name,
        Resources: [event.lead], Detail: JSON.stringify(event),
      }],
    }));
    if (entry.ErrorCode) throw new Error(`the bus refused the event: ${entry.ErrorCode}`);
    await table.send(new UpdateCommand({
      TableName, Key: messageKey(lead),
      UpdateExpression: 'SET delivered_at = :at REMOVE due_shard, due_at',
      ConditionExpression: 'attribute_exists(due_at)',
      ExpressionAttributeValues: { ':at': rfc3339(Date.now()) },
    }));
    logger.info(`lead ${lead.lead}: ${event.name} delivered`, about);
  } catch (error) {
    logger.warn(`lead ${lead.lead}: ${event.name} not delivered; the sweep will`,
      { ...about, error });
  }
}

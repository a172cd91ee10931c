// POST /activities: one object or an array of them, each with its own outcome.

import { createHash, timingSafeEqual } from 'node:crypto';

import { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

import {
  Problem, fieldsProblem, json, noRoute, problem, unauthorised, unavailable, wrongMethod,
} from './answer.js';
import { leadId, parseActivity } from './parse.js';
import { scoreOf } from './policy.js';
import { clientConfig, editionInForce, take } from './table.js';

const BATCH = 500;
const BODY_BYTES = 1024 * 1024;
const LEADS_AT_ONCE = 16;
const LOOK_EVERY_MS = 30_000;

const logger = new Logger({ serviceName: 'score' });
const metrics = new Metrics({
  namespace: 'Baton', serviceName: 'score', defaultDimensions: { Table: process.env.BATON_TABLE },
});

// During init: the keys, and a first look at the table, which opens its connection.
let lookedAt = 0;
const [keys] = await Promise.all([keysBySource(), refresh()]);

export async function handler(event, context) {
  const correlation = correlationOf(event) ?? context.awsRequestId;
  logger.appendKeys({ correlation });
  await refresh();
  const answered = await answerOrProblem(event, correlation);
  metrics.publishStoredMetrics();
  answered.headers['x-correlation-id'] = correlation;
  return answered;
}

async function answerOrProblem(event, correlation) {
  try {
    return await answer(event, correlation);
  } catch (error) {
    if (error instanceof Problem) return problem(error);
    logger.error('activities not recorded', { error });
    return problem(unavailable());
  }
}

const TRACE = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace that the caller says a request belongs to, else the gateway's own id of it. */
function correlationOf({ headers, requestContext }) {
  return TRACE.exec(headers?.traceparent?.trim() ?? '')?.[1] ?? requestContext.requestId;
}

async function keysBySource() {
  const client = new SecretsManagerClient(clientConfig);
  const command = new GetSecretValueCommand({ SecretId: process.env.BATON_SECRET });
  const { SecretString } = await client.send(command);
  return Object.entries(JSON.parse(SecretString).sources).flatMap(([source, pair]) =>
    Object.values(pair).map((key) => ({ source, digest: digest(key) })));
}

/** The twin has the sample rules only: it looks whether others are published, and says so. */
async function refresh() {
  if (Date.now() - lookedAt < LOOK_EVERY_MS) return;
  lookedAt = Date.now();
  try {
    const numbers = await Promise.all(['policy', 'roster'].map(editionInForce));
    if (numbers.some((number) => number !== 0)) logger.error('published rules are not in force');
  } catch (error) {
    logger.error("published rules can't be looked at", { error });
  }
}

function digest(key) {
  return createHash('sha256').update(key).digest();
}

function sourceOf(headers) {
  const [scheme, ...rest] = (headers?.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'bearer' || rest.length === 0) throw unauthorised();
  const offered = digest(rest.join(' ').trim());
  // All are compared, so that the time tells nothing.
  const [found] = keys.filter((key) => timingSafeEqual(key.digest, offered));
  if (!found) throw unauthorised();
  return found.source;
}

async function answer(event, correlation) {
  const { method } = event.requestContext.http;
  const body = bodyOf(event);
  switch (event.rawPath) {
    case '/activities':
      if (method !== 'POST') throw wrongMethod('POST');
      return takeBody(body, sourceOf(event.headers), correlation);
    case '/health':
      if (method !== 'GET' && method !== 'HEAD') throw wrongMethod('GET');
      return json(200, { status: 'ok' });
    default:
      throw noRoute();
  }
}

function bodyOf({ body = '', isBase64Encoded }) {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length <= BODY_BYTES) return bytes.toString();
  throw new Problem(413, 'body_too_large',
    `the body is ${bytes.length} bytes long; at most ${BODY_BYTES} are taken: ` +
    'send fewer activities at once');
}

async function takeBody(body, source, correlation) {
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Problem(400, 'invalid_json', 'the body is not JSON');
  }
  if (Array.isArray(value)) {
    return json(200, { results: await takeAll(value, source, correlation) });
  }
  const parsed = parseActivity(value, source, Date.now());
  if (parsed.errors) throw fieldsProblem('invalid_activity', parsed.errors);
  return json(200, await takeOne(parsed.activity, correlation));
}

async function takeAll(values, source, correlation) {
  if (values.length > BATCH) {
    const expected = `at most ${BATCH} activities in one request`;
    const error = { field: '', problem: `has ${values.length} elements`, expected };
    throw fieldsProblem('too_many_activities', [error]);
  }
  const now = Date.now();
  const results = values.map((value) => parseActivity(value, source, now));
  const parsed = results.map(({ activity }, index) => ({ activity, index }));
  const ours = parsed.filter(({ activity }) => activity);
  const leads = [...Map.groupBy(ours, ({ activity }) => leadId(activity.who)).values()];
  const worker = async () => {
    for (let lead = leads.shift(); lead; lead = leads.shift()) {
      for (const { activity, index } of lead) {
        results[index] = await takeOne(activity, correlation);
      }
    }
  };
  await Promise.all(Array.from({ length: LEADS_AT_ONCE }, worker));
  return results.map((result) => (result.errors ? refused(result) : result));
}

function refused({ id, errors }) {
  return { id, outcome: 'invalid', error: fieldsProblem('invalid_activity', errors).body };
}

/** Under the table, and under the table and the path. */
function countMql(path) {
  metrics.addMetric('Mqls', MetricUnit.Count, 1);
  const byPath = metrics.singleMetric();
  byPath.addDimension('Path', path);
  byPath.addMetric('Mqls', MetricUnit.Count, 1);
}

async function takeOne(activity, correlation) {
  const { outcome, points, lead, event } = await take(activity, correlation, logger);
  const counted = outcome === 'duplicate' ? 'Duplicates' : 'Activities';
  metrics.addMetric(counted, MetricUnit.Count, 1);
  if (event) countMql(event.mql_by);
  const { status } = lead;
  const score = scoreOf(lead, Date.now());
  const line = { id: activity.id, lead: lead.lead, outcome, points, score, status };
  return outcome === 'excluded' ? { ...line, excluded_by: lead.excluded } : line;
}

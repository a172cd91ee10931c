// An activity arrives: the new lead, the ledger's entry, and what it makes known. Pure.

import { leadId } from './parse.js';
import * as rules from './policy.js';
import { policy, rfc3339 } from './policy.js';
import * as scan from './scan.js';

const RECENT_KEPT = 8;
const PROFILE_KEPT = 128;

export function newLead(who, now) {
  return {
    lead: leadId(who), who, status: 'nurturing', cycle: 0,
    behaviour: { value: 0, as_of: rfc3339(now) }, fit: 0, excluded: null, profile: {},
    recent: [], caps: [], clicked: [], restarted_at: null, era: 0, queue: null, owner: null,
    supervisor: null, deadline: null, extensions: 0, escalations: 0, unrouted_told_at: null,
    marks: { evidence: [] }, created_at: rfc3339(now), changed_at: rfc3339(now), version: 0,
  };
}

/** Gives `{was, lead, entry, history?, event?}`. */
export function record(known, activity, { correlation, clock }) {
  const lead = structuredClone(known);
  const now = Math.max(clock, Date.parse(lead.changed_at));
  const turn = { was: known.version, from: known.status, lead, now, correlation };
  lead.version += 1;
  lead.changed_at = rfc3339(now);
  if (lead.version === 1) lead.behaviour = { value: 0, as_of: rfc3339(activity.occurredAt) };
  learn(lead.profile, activity);
  const scanned = scan.look(lead, activity);
  const facts = rules.facts(lead);
  const fits = rules.fits(facts);
  lead.fit = fits.reduce((sum, rule) => sum + rule.points, 0);
  lead.excluded = rules.exclusion(facts);
  if (scanned !== undefined) {
    return { ...turn, entry: entryOf(turn, activity, [], scanned, 'scanner') };
  }
  const byRule = rules.earn(activity, lead.caps);
  const fastTrack = rules.fastTrack(activity.type);
  const points = byRule.reduce((sum, earned) => sum + earned.points, 0);
  const { counted, note } = count(lead, activity, points);
  scan.remember(lead, activity, byRule, counted);
  if (note !== 'before_restart') remember(lead, activity, points, byRule, fastTrack);
  const qualified = qualifyIfEnough(turn, activity, points, fastTrack);
  const entry = {
    ...entryOf(turn, activity, byRule, counted, note, fastTrack),
    fits: fits.length > 0 ? fits.map(({ name }) => name) : undefined,
    qualified: qualified.event ? true : undefined,
  };
  return { ...turn, entry, ...qualified };
}

/** The newest word wins; of two of the same moment, the greater. */
function learn(profile, { profile: said, occurredAt }) {
  for (const [key, value] of Object.entries(said)) {
    const known = profile[key];
    if (!known) {
      if (Object.keys(profile).length < PROFILE_KEPT) {
        profile[key] = { value, as_of: rfc3339(occurredAt) };
      }
      continue;
    }
    const age = occurredAt - Date.parse(known.as_of);
    if (age > 0 || (age === 0 && rank(value) > rank(known.value))) {
      profile[key] = { value, as_of: rfc3339(occurredAt) };
    }
  }
}

const rank = (value) => `${typeof value === 'string' ? 'Text' : 'Scalar'}${JSON.stringify(value)}`;

function count(lead, activity, points) {
  if (lead.restarted_at && activity.occurredAt < Date.parse(lead.restarted_at)) {
    return { counted: 0, note: 'before_restart' };
  }
  const counted = rules.addPoints(lead, points, activity.occurredAt);
  return { counted, note: counted === points ? undefined : 'floor' };
}

/** Keeps the activity among the lead's newest, if it speaks for the lead. */
function remember(lead, activity, points, byRule, fastTrack) {
  const rule = () =>
    policy.activities.get(activity.type)?.find((known) => known.name === byRule[0].rule);
  const label = fastTrack ? fastTrack.label : points > 0 ? rule()?.label : undefined;
  if (label === undefined) return;
  const evidence = { type: activity.type, label, at: rfc3339(activity.occurredAt), points };
  const place = lead.recent.findIndex((known) => Date.parse(known.at) <= activity.occurredAt);
  lead.recent.splice(place === -1 ? lead.recent.length : place, 0, evidence);
  lead.recent.length = Math.min(lead.recent.length, RECENT_KEPT);
}

function entryOf({ lead, now }, activity, byRule, counted, note, fastTrack) {
  const { source, id, type, profile, data } = activity;
  return {
    lead: lead.lead, source, id, type, occurred_at: rfc3339(activity.occurredAt),
    received_at: rfc3339(now), points: byRule.reduce((sum, earned) => sum + earned.points, 0),
    by_rule: byRule.length > 0 ? byRule : undefined, counted, era: lead.era, note,
    fast_track: fastTrack?.name, excluded: lead.excluded ?? undefined, policy: policy.version,
    profile: Object.keys(profile).length > 0 ? profile : undefined, data: data ?? undefined,
  };
}

function qualifyIfEnough(turn, activity, points, fastTrack) {
  const { lead, now } = turn;
  if (lead.excluded) return {};
  const returnedAt = lead.marks.returned_at && Date.parse(lead.marks.returned_at);
  const isNew = !returnedAt || activity.occurredAt >= returnedAt;
  const may = {
    nurturing: { score: points >= 0, fastTrack: true },
    returned: { score: isNew && points > 0, fastTrack: isNew },
  }[lead.status];
  if (!may) return {};
  if (fastTrack && may.fastTrack) return qualify(turn, activity, 'fast_track', fastTrack.name);
  const enough = rules.scoreOf(lead, now).total >= policy.threshold;
  return enough && may.score ? qualify(turn, activity, 'score') : {};
}

function qualify({ from, lead, now, correlation }, { source }, by, because) {
  const at = rfc3339(now);
  const first = lead.marks.first_mql_at ?? at;
  Object.assign(lead, {
    status: 'mql', cycle: lead.cycle + 1, extensions: 0, escalations: 0, unrouted_told_at: null,
    deadline: { kind: 'route', at: rfc3339(now + policy.routeWithinMs) },
    marks: {
      first_mql_at: first, mql_at: at, mql_by: by, mql_source: source, evidence: lead.recent,
      mql_because: because, score_at_mql: rules.scoreOf(lead, now),
    },
  });
  const event = {
    schema: 1, name: 'lead.qualified', lead: lead.lead, at, status: lead.status,
    cycle: lead.cycle, version: lead.version, queue: lead.queue, owner: lead.owner,
    supervisor: lead.supervisor, mql_by: by, deadline: lead.deadline, correlation,
  };
  const history = {
    at, from, to: lead.status, command: 'record', by: `source:${source}`, reason: because,
    owner: lead.owner ?? undefined, mql_at: at, path: by, cycle: lead.cycle,
    policy: policy.version, version: lead.version,
  };
  return { event, history };
}

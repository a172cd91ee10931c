// The rules: the sample policy, turned into JSON by the build, and what an activity is worth by it.

import sample from 'policy.json';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const span = (text) => Number(text.slice(0, -1)) * UNIT_MS[text.at(-1)];

export const policy = {
  version: sample.version,
  threshold: sample.score.threshold,
  floor: sample.score.floor,
  halfLifeMs: span(sample.score.half_life),
  routeWithinMs: span(sample.clocks.route_within),
  scanners: {
    types: new Set(sample.scanners.types),
    afterSendingMs: span(sample.scanners.after_sending),
  },
  activities: Map.groupBy(sample.activity.map(named), (rule) => rule.type),
  fastTracks: Map.groupBy(sample.fast_track.map(named), (rule) => rule.type),
  fit: sample.fit.map(conditioned),
  exclusions: sample.exclusion.map(conditioned),
};

function named(rule) {
  return { ...rule, name: rule.name ?? rule.type };
}

function conditioned(rule) {
  const tests = Object.entries(rule.when).map(([field, test]) => {
    const passes = compiled(test);
    return (facts) => passes(facts[field]);
  });
  return { ...rule, holds: (facts) => tests.every((passes) => passes(facts)) };
}

function compiled(test) {
  if (typeof test === 'string') return oneOf([test]);
  if (Array.isArray(test)) return oneOf(test);
  if ('matches' in test) {
    const pattern = new RegExp(test.matches.replace('(?i)', ''), 'iu');
    return (value) => typeof value === 'string' && pattern.test(value.trim());
  }
  return (value) => number(value) >= test.at_least;
}

function oneOf(values) {
  const known = new Set(values.map((value) => value.toLowerCase()));
  return (value) => typeof value === 'string' && known.has(value.trim().toLowerCase());
}

function number(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return NaN;
  return Number(value.trim().replaceAll(',', ''));
}

export function facts(lead) {
  const known = Object.entries(lead.profile).map(([key, { value }]) => [key, value]);
  const { email } = lead.who;
  return { ...Object.fromEntries(known), email_domain: email?.slice(email.indexOf('@') + 1) };
}

export function fits(known) {
  return policy.fit.filter((rule) => rule.holds(known));
}

export function exclusion(known) {
  return policy.exclusions.find((rule) => rule.holds(known))?.name ?? null;
}

export function fastTrack(type) {
  return policy.fastTracks.get(type)?.[0];
}

/** Points rule by rule; uses up the lead's daily caps. */
export function earn(activity, caps) {
  return (policy.activities.get(activity.type) ?? []).map((rule) => {
    const points =
      rule.at_most_per_day === undefined ? rule.points : useCap(caps, rule, activity.occurredAt);
    const earned = { rule: rule.name, points };
    return points === rule.points ? earned : { ...earned, capped: true };
  });
}

export const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

export function capOf(caps, day, rule) {
  return caps.find((cap) => cap.day === day && cap.rule === rule);
}

function useCap(caps, rule, occurredAt) {
  const day = dayOf(occurredAt);
  let cap = capOf(caps, day, rule.name);
  const left = Math.max(Math.abs(rule.at_most_per_day) - Math.abs(cap?.points ?? 0), 0);
  const points = Math.min(Math.max(rule.points, -left), left);
  if (!cap) {
    cap = { day, rule: rule.name, points: 0 };
    caps.push(cap);
    caps.sort((a, b) => (a.day + a.rule < b.day + b.rule ? -1 : 1));
  }
  cap.points += points;
  const refused = (cap.refused ?? 0) + rule.points - points;
  if (refused !== 0) cap.refused = refused;
  if (caps.length > 64) caps.shift();
  return points;
}

/** What a point is still worth after `ageMs`. */
export const decay = (ageMs) => 2 ** -Math.max(ageMs / policy.halfLifeMs, 0);

/** The score as people see it. */
export function scoreOf(lead, now) {
  const exact = lead.behaviour.value * decay(now - Date.parse(lead.behaviour.as_of));
  const behaviour = Math.sign(exact) * Math.round(Math.abs(exact)) + 0;
  return { behaviour, fit: lead.fit, total: behaviour + lead.fit };
}

/** Adds points dated `occurredAt`; gives those that really counted. */
export function addPoints(lead, points, occurredAt) {
  const was = Date.parse(lead.behaviour.as_of);
  const asOf = Math.max(was, occurredAt);
  const before = lead.behaviour.value * decay(asOf - was);
  const age = decay(asOf - occurredAt);
  const sum = before + points * age;
  const value = points < 0 ? Math.max(sum, Math.min(policy.floor, before)) : sum;
  lead.behaviour = { value, as_of: rfc3339(asOf) };
  return value === sum ? points : (value - before) / age;
}

export const rfc3339 = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');

// Mail scanners: several links in the same second. Their clicks leave the score as it was.

import { createHash } from 'node:crypto';

import { addPoints, capOf, dayOf, policy } from './policy.js';

const SECONDS_KEPT = 4;
const CAPS_KEPT = 8;

const secondOf = (ms) => Math.floor(ms / 1000);

const text = (data, key) => (typeof data?.[key] === 'string' && data[key].trim()) || undefined;

const linkIn = (data) => text(data, 'link') ?? text(data, 'url');

const isClick = (activity) => policy.scanners.types.has(activity.type);

/** What a scanner's click counts: nothing, less what is taken back. Undefined for anything else. */
export function look(lead, activity) {
  if (!isClick(activity)) return undefined;
  const tooSoon = isTooSoon(activity) ? 0 : undefined;
  const link = linkIn(activity.data);
  if (link === undefined) return tooSoon;
  const hash = createHash('sha256').update(link).digest().readBigUInt64BE();
  const clicked = secondClicked(lead, secondOf(activity.occurredAt), hash);
  // Stored numbers come back as a number where they fit one.
  if (clicked.link !== undefined && BigInt(clicked.link) === hash) return tooSoon;
  return takeBack(lead, clicked, activity.occurredAt);
}

/** Remembers what a click counted, so that it can be taken back. */
export function remember(lead, activity, byRule, counted) {
  if (!isClick(activity) || linkIn(activity.data) === undefined) return;
  const second = secondOf(activity.occurredAt);
  const clicked = lead.clicked.find((known) => known.second === second);
  if (!clicked) return;
  clicked.counted = (clicked.era === lead.era ? clicked.counted : 0) + counted;
  clicked.era = lead.era;
  for (const used of capsUsed(activity, byRule)) {
    clicked.caps ??= [];
    const known = capOf(clicked.caps, used.day, used.rule);
    if (known) {
      known.points += used.points;
      setRefused(known, (known.refused ?? 0) + used.refused);
    } else if (clicked.caps.length < CAPS_KEPT) {
      const { refused, ...cap } = used;
      setRefused(cap, refused);
      clicked.caps.push(cap);
    }
  }
}

function setRefused(cap, refused) {
  if (refused === 0) delete cap.refused;
  else cap.refused = refused;
}

function isTooSoon(activity) {
  const sentAt = Date.parse(text(activity.data, 'sent_at') ?? '');
  return Math.abs(activity.occurredAt - sentAt) < policy.scanners.afterSendingMs;
}

function secondClicked(lead, second, link) {
  const known = lead.clicked.find((clicked) => clicked.second === second);
  if (known) return known;
  if (lead.clicked.length >= SECONDS_KEPT) lead.clicked.shift();
  const clicked = { second, link, counted: 0, era: lead.era };
  lead.clicked.push(clicked);
  return clicked;
}

function takeBack(lead, clicked, at) {
  const { counted, caps = [], era } = clicked;
  clicked.counted = 0;
  delete clicked.caps;
  delete clicked.link;
  const passedOn = caps.reduce((sum, used) => sum + giveBack(lead.caps, used), 0);
  lead.recent = lead.recent.filter(
    (known) => secondOf(Date.parse(known.at)) !== clicked.second || !isClick(known),
  );
  const restarted = lead.restarted_at && at < Date.parse(lead.restarted_at);
  if (era !== lead.era || restarted) return 0;
  return addPoints(lead, 0 - (counted - passedOn), at);
}

/** Returns what was used of a cap; gives the points that pass to activities the cap refused. */
function giveBack(caps, used) {
  const cap = capOf(caps, used.day, used.rule);
  if (!cap) return 0;
  const asked = used.points + (used.refused ?? 0);
  const refused = cap.refused ?? 0;
  const noLonger = Math.min(Math.max(refused, Math.min(asked, 0)), Math.max(asked, 0));
  setRefused(cap, refused - noLonger);
  cap.points -= asked - noLonger;
  return used.points - (asked - noLonger);
}

function capsUsed(activity, byRule) {
  const capped = (policy.activities.get(activity.type) ?? []).filter((r) => r.at_most_per_day);
  return capped.map((rule) => {
    const { points } = byRule.find((earned) => earned.rule === rule.name);
    const refused = rule.points - points;
    return { day: dayOf(activity.occurredAt), rule: rule.name, points, refused };
  });
}

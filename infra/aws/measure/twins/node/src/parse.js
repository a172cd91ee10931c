// One activity, from JSON to a value the rest trusts. Every flaw is found, each with its place.

import { createHash } from 'node:crypto';

import { Flaw, bytes, kind, printable, prose, sortedEntries } from './text.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NAMES = 'one of id, type, occurred_at, email, person_id, profile, data';

/** Gives `{activity}`, or `{id, errors}` with everything that is wrong. */
export function parseActivity(value, source, now) {
  if (kind(value) !== 'an object') {
    const flaw = new Flaw('is not an object', 'an activity such as {"id":"…","type":"…"}');
    return { id: null, errors: [at('', flaw)] };
  }
  const fields = new Fields(value);
  const id = fields.required('id', sourceId);
  const type = fields.required('type', activityType);
  const email = fields.text('email', emailAddress);
  const person = fields.text('person_id', sourceId);
  const occurredAt = fields.text('occurred_at', (text) => time(text, now));
  const profile = fields.profile();
  const data = fields.data();
  fields.nothingElse();
  if (fields.errors.length > 0) return { id: id ?? null, errors: fields.errors };
  const who = email ? { email } : { source: { source, id: person ?? id } };
  return {
    activity: { source, id, type, occurredAt: occurredAt ?? now, who, profile, data },
  };
}

/** The lead's id: the first 96 bits of the SHA-256 of who it is. */
export function leadId(who) {
  const name = who.email ? `email\0${who.email}` : `source\0${who.source.source}\0${who.source.id}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 24);
}

function at(field, { problem, expected }) {
  return { field, problem, expected };
}

/** A flaw under a key that somebody else chose: shown as far as an answer can bear it. */
function under(parent, key, flaw) {
  const plain = [...key].filter((c) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(c));
  const short = plain.slice(0, 40).join('').replaceAll('~', '~0').replaceAll('/', '~1');
  return at(`${parent}/${short}`, flaw);
}

class Fields {
  constructor(value) {
    this.left = { ...value };
    this.errors = [];
  }

  take(name) {
    const value = this.left[name];
    delete this.left[name];
    return value;
  }

  required(name, parse) {
    if (this.left[name] === undefined || this.left[name] === null) {
      delete this.left[name];
      this.errors.push(at(`/${name}`, new Flaw('is missing', 'a text')));
      return undefined;
    }
    return this.text(name, parse);
  }

  text(name, parse) {
    const value = this.take(name);
    if (value === undefined || value === null) return undefined;
    if (name === 'email' && typeof value === 'string' && value.trim() === '') return undefined;
    return this.noting(`/${name}`, () => {
      if (typeof value === 'string') return parse(value);
      const numbered = name === 'id' || name === 'person_id';
      if (typeof value === 'number' && numbered) return parse(String(value));
      throw new Flaw(`is ${kind(value)}`, 'a text');
    });
  }

  profile() {
    const map = this.take('profile');
    if (map === undefined || map === null) return {};
    const said = {};
    this.noting('/profile', () => {
      if (kind(map) !== 'an object') {
        throw new Flaw(`is ${kind(map)}`, 'an object of plain values');
      }
      const entries = sortedEntries(map);
      if (entries.length > 64) throw new Flaw(`has ${entries.length} keys`, 'at most 64');
      for (const [key, value] of entries) {
        try {
          profileField(key, value);
          if (value !== null) said[key] = value;
        } catch (flaw) {
          if (!(flaw instanceof Flaw)) throw flaw;
          this.errors.push(under('/profile', key, flaw));
        }
      }
    });
    return said;
  }

  data() {
    const data = this.take('data') ?? null;
    return this.noting('/data', () => {
      if (data !== null && kind(data) !== 'an object') {
        throw new Flaw(`is ${kind(data)}`, 'an object');
      }
      storable(data);
      return data;
    });
  }

  nothingElse() {
    for (const [name] of sortedEntries(this.left).slice(0, 64)) {
      this.errors.push(under('', name, new Flaw('is not a field of an activity', NAMES)));
    }
  }

  noting(field, parse) {
    try {
      return parse();
    } catch (flaw) {
      if (!(flaw instanceof Flaw)) throw flaw;
      this.errors.push(at(field, flaw));
      return undefined;
    }
  }
}

function sourceId(text) {
  const expected = '1 to 256 bytes of printable text, the same every time it is sent';
  const id = text.trim();
  if (id === '') throw new Flaw('is empty', expected);
  if (bytes(id) > 256) throw new Flaw(`is ${bytes(id)} bytes long`, expected);
  printable(id, expected);
  return id;
}

function activityType(text) {
  const expected =
    "at most 64 lower-case letters, digits, '_', '-' and '.', " +
    'beginning and ending with a letter or digit';
  if (text === '') throw new Flaw('is empty', expected);
  if (bytes(text) > 64) throw new Flaw(`is ${bytes(text)} bytes long`, expected);
  if (!/^[a-z0-9]([a-z0-9_.-]*[a-z0-9])?$/.test(text)) {
    throw new Flaw("has a character that names can't have", expected);
  }
  return text;
}

function emailAddress(typed) {
  const expected = 'an address such as kim@acme.example';
  const text = typed.trim().replace(/^(mailto:)+/, '').toLowerCase();
  if (text === '') throw new Flaw('is empty', expected);
  if (bytes(text) > 254) throw new Flaw(`is ${bytes(text)} bytes long`, expected);
  printable(text, expected);
  if (/[\s"(),:;<>[\\\]]/u.test(text)) {
    throw new Flaw("has a character an address can't have", expected);
  }
  const [local, ...rest] = text.split('@');
  const labels = rest.join('@').split('.');
  const label = /^(?!-)[\p{Alphabetic}\p{N}-]+(?<!-)$/u;
  if (!local || labels.length < 2 || !labels.every((l) => label.test(l))) {
    throw new Flaw('is not an e-mail address', expected);
  }
  return text;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970; a clock a little ahead of ours means now. */
function time(text, now) {
  const claimed = RFC_3339.test(text) && isDate(text.slice(0, 10)) ? Date.parse(text) : NaN;
  if (Number.isNaN(claimed)) {
    const expected = 'an RFC 3339 time with its offset, such as 2026-03-01T09:00:00Z';
    throw new Flaw('is not a time', expected);
  }
  const expected = 'a time within the last two years';
  if (claimed - now > 10 * MINUTE_MS) throw new Flaw('is in the future', expected);
  if (now - claimed > 731 * DAY_MS) throw new Flaw('is more than two years ago', expected);
  return Math.min(claimed, now);
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDate(text) {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

function profileField(key, value) {
  const aKey = 'a key of 1 to 64 bytes of printable text';
  const aValue = 'a text of at most 1024 bytes, a number, true or false';
  if (key === '' || bytes(key) > 64) throw new Flaw(`has a key of ${bytes(key)} bytes`, aKey);
  printable(key, aKey);
  if (typeof value === 'number') storableNumber(value);
  if (typeof value === 'object' && value !== null) throw new Flaw(`is ${kind(value)}`, aValue);
  if (typeof value !== 'string') return;
  if (bytes(value) > 1024) throw new Flaw(`is ${bytes(value)} bytes long`, aValue);
  prose(value, aValue);
}

function storable(data) {
  fits(data, 16);
  const size = bytes(JSON.stringify(data));
  if (size > 16_384) throw new Flaw(`is ${size} bytes of JSON`, 'at most 16384 bytes of JSON');
}

function fits(value, depthLeft) {
  if (depthLeft === 0) throw new Flaw('is nested too deeply', 'at most 16 levels');
  if (typeof value === 'number') return storableNumber(value);
  if (typeof value === 'string') return prose(value, 'printable text');
  if (Array.isArray(value)) return value.forEach((item) => fits(item, depthLeft - 1));
  if (value === null || typeof value !== 'object') return;
  for (const [key, item] of sortedEntries(value)) {
    if (key === '') throw new Flaw('has an empty key', 'keys with something in them');
    printable(key, 'printable text');
    fits(item, depthLeft - 1);
  }
}

function storableNumber(number) {
  const size = Math.abs(number);
  if (size === 0 || (size >= 1e-120 && size < 1e120)) return;
  throw new Flaw('is a number beyond what we keep', 'a number between 1e-120 and 1e120');
}

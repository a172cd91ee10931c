// What is wrong with a piece of text, in the words of the contract.

const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const CONTROL_BUT_BREAKS = /(?![\n\r\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

export class Flaw extends Error {
  constructor(problem, expected) {
    super(`${problem}; expected ${expected}`);
    this.problem = problem;
    this.expected = expected;
  }
}

export const bytes = (text) => Buffer.byteLength(text);

export const printable = (text, expected) => refuse(CONTROL, text, expected);

export const prose = (text, expected) => refuse(CONTROL_BUT_BREAKS, text, expected);

function refuse(pattern, text, expected) {
  const found = pattern.exec(text);
  if (!found) return;
  const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw new Flaw(`contains the invisible character U+${code}`, expected);
}

export function kind(value) {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'string') return 'a text';
  return Array.isArray(value) ? 'a list' : 'an object';
}

const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export const sortedEntries = (object) =>
  Object.entries(object).sort(([a], [b]) => byCodePoint(a, b));

// What goes back: JSON, or a problem of RFC 9457 with a stable code.

import { STATUS_CODES } from 'node:http';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export class Problem extends Error {
  constructor(status, code, detail, { headers, ...more } = {}) {
    super(detail);
    const title = STATUS_CODES[status];
    this.body = { status, title, code, detail, ...more };
    this.headers = headers;
  }
}

export function json(statusCode, value, headers) {
  const type = statusCode < 400 ? 'application/json' : 'application/problem+json';
  return {
    statusCode, headers: { 'content-type': type, ...HEADERS, ...headers },
    body: JSON.stringify(value), isBase64Encoded: false, cookies: [],
  };
}

export const problem = ({ body, headers }) => json(body.status, body, headers);

export function fieldsProblem(code, errors) {
  const [{ field, problem: is, expected }] = errors;
  const one = `${field || 'the body'} ${is}; expected ${expected}`;
  const many = `${errors.length} fields are not as expected; see errors`;
  return new Problem(422, code, errors.length === 1 ? one : many, { errors });
}

export const unauthorised = () =>
  new Problem(401, 'unauthorised', "send the source's key as 'Authorization: Bearer KEY'", {
    headers: { 'www-authenticate': 'Bearer' },
  });

export const wrongMethod = (allow) =>
  new Problem(405, 'method_not_allowed', `this route takes ${allow}`, { headers: { allow } });

export const noRoute = () =>
  new Problem(404, 'no_such_route', 'there is nothing here; /openapi.yaml lists what there is');

export const unavailable = () =>
  new Problem(503, 'unavailable',
    'we could not do this just now; nothing was lost: please send it again',
    { retry_after: 5, headers: { 'retry-after': '5' } });

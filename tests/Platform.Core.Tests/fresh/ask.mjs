import fresh from 'fresh';
import { readFileSync } from 'node:fs';

const present = headers => Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
const cases = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(cases.map(c => fresh(
  present({ 'if-none-match': c.NoneMatch, 'if-modified-since': c.Since }),
  present({ etag: c.ETag, 'last-modified': c.Modified })))));

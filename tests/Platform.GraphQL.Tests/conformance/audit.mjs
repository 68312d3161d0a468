// node audit.mjs <url> [token]: one JSON line with every audit of graphql-http that did not pass without remark.
import { serverAudits } from 'graphql-http';

const [url, token] = process.argv.slice(2);
const fetchFn = (input, init = {}) =>
  fetch(input, token ? { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } } : init);

const results = await Promise.all(serverAudits({ url, fetchFn }).map((audit) => audit.fn()));
const failed = results
  .filter((result) => result.status !== 'ok')
  .map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify({ total: results.length, failed }));

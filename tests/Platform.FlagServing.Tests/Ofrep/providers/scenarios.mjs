// Asks a running host through OpenFeature's own providers, unmodified. Prints {"passed":[names],"failed":[{name,error}]}.
// Arguments: base address, API key, bearer token, token without the scope, address of a host that allows two requests.
import assert from 'node:assert/strict';
import { OpenFeature as Server, ErrorCode } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature as Web, ProviderEvents } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { EventSource } from 'eventsource';

const [base, key, bearer, powerless, narrow] = process.argv.slice(2).map((argument) => argument.replace(/\/$/, ''));
const withKey = [['X-API-Key', key]];

const flags = [
  { name: 'on', everyone: true },
  { name: 'off' },
  { name: 'killed', everyone: true, killed: true },
  { name: 'user', users: ['ann'] },
  { name: 'group', groups: ['beta'] },
  { name: 'role', roles: ['admin'] },
  { name: 'staff', staff: true },
  { name: 'excluded', authenticated: true, users: ['ann', 'bob'], exclusion: { users: ['ann'] } },
  { name: 'country', rules: [{ constraints: [{ field: 'country', operator: 'IN', values: ['no', 'se'] }] }] },
  { name: 'version', rules: [{ constraints: [{ field: 'app', operator: 'SEMVER_GTE', value: '2.1.0' }] }] },
  { name: 'address', rules: [{ constraints: [{ field: 'remoteAddress', operator: 'IN_CIDR', values: ['10.0.0.0/8'] }] }] },
  { name: 'pattern', rules: [{ constraints: [{ field: 'email', operator: 'REGEX', value: '@example\\.com$' }] }] },
  { name: 'age', rules: [{ constraints: [{ field: 'age', operator: 'NUM_GTE', value: '18' }] }] },
  { name: 'segment', rules: [{ segments: ['nordics'] }] },
  { name: 'needs', percent: 100, prerequisites: [{ flag: 'user' }] },
  { name: 'half', percent: 50 },
  { name: 'quarter', percent: 25 },
  { name: 'night', everyone: null, percent: 100, windows: [{ start: '2001-01-01T00:00:00Z', end: '2001-01-02T00:00:00Z' }] },
  { name: 'text', everyone: true, variants: [{ name: 'red', weight: 100, value: '#f00' }] },
  { name: 'integer', everyone: true, variants: [{ name: 'twenty', weight: 100, value: 20 }] },
  { name: 'fraction', everyone: true, variants: [{ name: 'pi', weight: 100, value: 3.25 }] },
  { name: 'object', everyone: true, variants: [{ name: 'big', weight: 100, value: { size: 7, tags: ['a', 'b'] } }] },
  { name: 'named', everyone: true, variants: [{ name: 'red', weight: 50, users: ['ann'], value: 'r' }, { name: 'blue', weight: 50, users: ['bob'], value: 'b' }] },
  { name: 'silent', variants: [{ name: 'red', weight: 100, value: '#f00' }] },
  { name: 'offvalue', offVariant: 'none', variants: [{ name: 'none', value: 'nothing' }] },
  { name: 'a/b c', everyone: true },
  { name: 'ümlaut+&=', everyone: true },
  { name: 'waffle', origin: 'waffle', everyone: true },
  { name: 'broken', origin: 'microsoft', definition: { id: 'other', enabled: 'perhaps' } },
  { name: 'microsoft', origin: 'microsoft', definition: { id: 'microsoft', enabled: true, conditions: { client_filters: [{ name: 'Microsoft.Targeting', parameters: { Audience: { Users: ['ann'], DefaultRolloutPercentage: 0 } } }] }, variants: [{ name: 'Big', configuration_value: { size: 500 } }], allocation: { default_when_enabled: 'Big' } } },
  { name: 'unleash', origin: 'unleash', definition: { name: 'unleash', enabled: true, strategies: [{ name: 'userWithId', parameters: { userIds: 'ann' } }], variants: [{ name: 'n', weight: 1000, payload: { type: 'number', value: '42' } }] } },
];
const segments = [{ name: 'nordics', constraints: [{ field: 'country', operator: 'IN', values: ['no', 'se', 'dk'] }] }];

const publish = async (changes = {}) => {
  const list = flags.map((flag) => ({ ...flag, ...(changes[flag.name] ?? {}) })).filter((flag) => changes[flag.name] !== null);
  const added = (changes.added ?? []).map((flag) => flag);
  const response = await fetch(`${base}/control/flags`, { method: 'POST', body: JSON.stringify({ flags: [...list, ...added], segments }) });
  assert.equal(response.status, 200, await response.text());
};

const passed = [];
const failed = [];
const scenario = async (name, act) => {
  try {
    await act();
    passed.push(name);
  } catch (error) {
    failed.push({ name, error: String(error.stack ?? error).slice(0, 600) });
  }
};
const until = async (what, isTrue) => {
  const end = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`${what}: not within 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

// ---- server provider -------------------------------------------------------------------------------------------
await publish();
let domain = 0;
const serverClient = async (options) => {
  const name = `server-${++domain}`;
  await Server.setProviderAndWait(name, new OFREPProvider(options));
  return Server.getClient(name);
};
const server = await serverClient({ baseUrl: base, headers: withKey });
const ann = { targetingKey: 'ann' };
const bob = { targetingKey: 'bob' };
const isOn = (flag, context) => server.getBooleanValue(flag, false, context);
const details = (flag, context) => server.getBooleanDetails(flag, false, context);

await scenario('server: on for everyone is static', async () => {
  const answer = await details('on', ann);
  assert.deepEqual([answer.value, answer.reason], [true, 'STATIC']);
});
await scenario('server: off beats the default of the code', async () => assert.equal(await server.getBooleanValue('off', true, ann), false));
await scenario('server: kill switch is disabled', async () => {
  const answer = await server.getBooleanDetails('killed', true, ann);
  assert.deepEqual([answer.value, answer.reason], [false, 'DISABLED']);
});
await scenario('server: user is a targeting match', async () => {
  const answer = await details('user', ann);
  assert.deepEqual([answer.value, answer.reason], [true, 'TARGETING_MATCH']);
  assert.equal(await isOn('user', bob), false);
});
await scenario('server: group', async () => {
  assert.equal(await isOn('group', { ...bob, groups: ['beta'] }), true);
  assert.equal(await isOn('group', { ...bob, groups: ['gamma'] }), false);
});
await scenario('server: role', async () => assert.equal(await isOn('role', { ...bob, roles: ['x', 'admin'] }), true));
await scenario('server: staff', async () => {
  assert.equal(await isOn('staff', { ...bob, staff: true }), true);
  assert.equal(await isOn('staff', bob), false);
});
await scenario('server: exclusion', async () => {
  assert.equal(await isOn('excluded', ann), false);
  assert.equal(await isOn('excluded', bob), true);
});
await scenario('server: constraint on a field', async () => {
  assert.equal(await isOn('country', { country: 'no' }), true);
  assert.equal(await isOn('country', { country: 'de' }), false);
});
await scenario('server: semantic version', async () => {
  assert.equal(await isOn('version', { app: '2.10.0' }), true);
  assert.equal(await isOn('version', { app: '2.0.9' }), false);
});
await scenario('server: range of addresses', async () => {
  assert.equal(await isOn('address', { remoteAddress: '10.1.2.3' }), true);
  assert.equal(await isOn('address', { remoteAddress: '11.1.2.3' }), false);
});
await scenario('server: regular expression', async () => assert.equal(await isOn('pattern', { email: 'ann@example.com' }), true));
await scenario('server: number as a number', async () => {
  assert.equal(await isOn('age', { age: 18 }), true);
  assert.equal(await isOn('age', { age: 17.5 }), false);
});
await scenario('server: segment', async () => assert.equal(await isOn('segment', { country: 'dk' }), true));
await scenario('server: prerequisite', async () => {
  assert.equal(await isOn('needs', ann), true);
  assert.equal(await isOn('needs', bob), false);
});
await scenario('server: time window is closed now', async () => assert.equal(await isOn('night', ann), false));
await scenario('server: time window of the context', async () =>
  assert.equal(await isOn('night', { ...ann, currentTime: '2001-01-01T12:00:00Z' }), true));
await scenario('server: date of the context as a Date', async () =>
  assert.equal(await isOn('night', { ...ann, currentTime: new Date('2001-01-01T12:00:00Z') }), true));
await scenario('server: percentage is sticky, split and about its share', async () => {
  const users = [...Array(200).keys()].map((n) => ({ targetingKey: `user-${n}` }));
  const first = await Promise.all(users.map((user) => details('half', user)));
  const again = await Promise.all(users.map((user) => isOn('half', user)));
  assert.deepEqual(first.map((answer) => answer.value), again);
  assert.ok(first.every((answer) => answer.reason === 'SPLIT'));
  const share = again.filter(Boolean).length;
  assert.ok(share > 70 && share < 130, `${share} of 200`);
});
await scenario('server: smaller percentage of another flag is not a part of it', async () => {
  const users = [...Array(200).keys()].map((n) => ({ targetingKey: `user-${n}` }));
  const both = await Promise.all(users.map(async (user) => [await isOn('half', user), await isOn('quarter', user)]));
  assert.ok(both.some(([half, quarter]) => quarter && !half));
});
await scenario('server: text', async () => {
  const answer = await server.getStringDetails('text', 'x', ann);
  assert.deepEqual([answer.value, answer.variant], ['#f00', 'red']);
});
await scenario('server: integer', async () => assert.equal(await server.getNumberValue('integer', 1, ann), 20));
await scenario('server: fraction', async () => assert.equal(await server.getNumberValue('fraction', 1, ann), 3.25));
await scenario('server: object', async () => assert.deepEqual(await server.getObjectValue('object', {}, ann), { size: 7, tags: ['a', 'b'] }));
await scenario('server: variant of named users', async () => {
  assert.equal((await server.getStringDetails('named', '', ann)).variant, 'red');
  assert.equal((await server.getStringDetails('named', '', bob)).variant, 'blue');
});
await scenario('server: weights are a split', async () => assert.equal((await server.getStringDetails('named', '', { targetingKey: 'eve' })).reason, 'SPLIT'));
await scenario('server: off variant has its value', async () => assert.equal(await server.getStringValue('offvalue', 'x', ann), 'nothing'));
await scenario('server: off without a variant is false', async () => assert.equal(await server.getBooleanValue('silent', true, ann), false));
await scenario('server: another type is a mismatch', async () => {
  const answer = await server.getNumberDetails('text', 5, ann);
  assert.deepEqual([answer.value, answer.errorCode], [5, ErrorCode.TYPE_MISMATCH]);
});
await scenario('server: unknown flag', async () => {
  const answer = await server.getBooleanDetails('nobody-made-this', true, ann);
  assert.deepEqual([answer.value, answer.errorCode], [true, ErrorCode.FLAG_NOT_FOUND]);
});
await scenario('server: share of callers needs a targeting key', async () => {
  const answer = await server.getBooleanDetails('half', true, {});
  assert.deepEqual([answer.value, answer.errorCode], [true, ErrorCode.TARGETING_KEY_MISSING]);
});
await scenario('server: no context at all where none is needed', async () => assert.equal(await server.getBooleanValue('on', false), true));
await scenario('server: flag that cannot be read', async () => {
  const answer = await server.getBooleanDetails('broken', true, ann);
  assert.deepEqual([answer.value, answer.errorCode], [true, ErrorCode.PARSE_ERROR]);
});
await scenario('server: targeting key of another type', async () => {
  const answer = await server.getBooleanDetails('on', false, { targetingKey: 5 });
  assert.deepEqual([answer.value, answer.errorCode], [false, ErrorCode.INVALID_CONTEXT]);
});
await scenario('server: context over the limit', async () => {
  const answer = await server.getBooleanDetails('on', false, { ...ann, blob: 'x'.repeat(70_000) });
  assert.deepEqual([answer.value, answer.errorCode], [false, ErrorCode.INVALID_CONTEXT]);
});
await scenario('server: name with a slash and a space', async () => assert.equal(await isOn('a/b c', ann), true));
await scenario('server: name with what an address has to escape', async () => assert.equal(await isOn('ümlaut+&=', ann), true));
await scenario('server: waffle flag', async () => assert.equal(await isOn('waffle', ann), true));
await scenario('server: microsoft flag with a variant', async () => {
  assert.deepEqual(await server.getObjectValue('microsoft', {}, ann), { size: 500 });
});
await scenario('server: unleash flag with a number', async () => assert.equal(await server.getNumberValue('unleash', 0, ann), 42));
await scenario('server: bearer token', async () => {
  const client = await serverClient({ baseUrl: base, headers: [['Authorization', `Bearer ${bearer}`]] });
  assert.equal(await client.getBooleanValue('on', false, ann), true);
});
await scenario('server: token without the scope is refused', async () => {
  const client = await serverClient({ baseUrl: base, headers: [['Authorization', `Bearer ${powerless}`]] });
  const answer = await client.getBooleanDetails('on', false, ann);
  assert.deepEqual([answer.value, answer.errorCode], [false, ErrorCode.GENERAL]);
});
await scenario('server: wrong key is refused', async () => {
  const client = await serverClient({ baseUrl: base, headers: [['X-API-Key', 'wrong']] });
  const answer = await client.getBooleanDetails('on', false, ann);
  assert.deepEqual([answer.value, answer.errorCode], [false, ErrorCode.GENERAL]);
});
await scenario('server: change is there with the next question', async () => {
  await publish({ off: { everyone: true } });
  assert.equal(await isOn('off', ann), true);
  await publish();
  assert.equal(await isOn('off', ann), false);
});
await scenario('server: too many questions, then silence until Retry-After', async () => {
  const client = await serverClient({ baseUrl: narrow, headers: withKey });
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await client.getBooleanDetails('on', false, ann));
  assert.ok(answers.some((answer) => answer.errorCode === ErrorCode.GENERAL), JSON.stringify(answers.map((answer) => answer.errorCode)));
});

// ---- web provider ----------------------------------------------------------------------------------------------
let webDomain = 0;
const webClient = async (context, options = {}) => {
  const name = `web-${++webDomain}`;
  const provider = new OFREPWebProvider({ baseUrl: base, headers: withKey, cacheMode: 'disabled', ...options });
  await Web.setContext(name, context);
  await Web.setProviderAndWait(name, provider);
  const client = Web.getClient(name);
  const changes = [];
  const stale = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (event) => changes.push(event.flagsChanged ?? []));
  client.addHandler(ProviderEvents.Stale, () => stale.push(1));
  return { name, client, changes, stale };
};

await scenario('web: all types from one answer', async () => {
  const { client } = await webClient(ann);
  assert.equal(client.getBooleanValue('on', false), true);
  assert.equal(client.getBooleanValue('off', true), false);
  assert.equal(client.getStringValue('text', ''), '#f00');
  assert.equal(client.getNumberValue('integer', 0), 20);
  assert.deepEqual(client.getObjectValue('object', {}), { size: 7, tags: ['a', 'b'] });
});
await scenario('web: variant and reason', async () => {
  const { client } = await webClient(ann);
  const answer = client.getStringDetails('named', '');
  assert.deepEqual([answer.value, answer.variant], ['r', 'red']);
  assert.equal(client.getBooleanDetails('user', false).reason, 'TARGETING_MATCH');
});
await scenario('web: another context gets other answers', async () => {
  const { name, client } = await webClient(ann);
  assert.equal(client.getBooleanValue('user', false), true);
  await Web.setContext(name, bob);
  assert.equal(client.getBooleanValue('user', true), false);
  assert.equal(client.getBooleanValue('excluded', false), true);
});
await scenario('web: the default of the code where a valued flag has no value', async () => {
  const { client } = await webClient(ann);
  const answer = client.getStringDetails('silent', 'mine');
  assert.deepEqual([answer.value, answer.errorCode], ['mine', undefined]);
});
await scenario('web: unknown flag', async () => {
  const { client } = await webClient(ann);
  assert.equal(client.getBooleanDetails('nobody-made-this', true).errorCode, ErrorCode.FLAG_NOT_FOUND);
});
await scenario('web: flags that need a key fail alone', async () => {
  const { client } = await webClient({});
  assert.equal(client.getBooleanDetails('half', false).errorCode, ErrorCode.TARGETING_KEY_MISSING);
  assert.equal(client.getBooleanValue('on', false), true);
});
await scenario('web: flag that cannot be read fails alone', async () => {
  const { client } = await webClient(ann);
  assert.equal(client.getBooleanDetails('broken', false).errorCode, ErrorCode.PARSE_ERROR);
});
await scenario('web: another type is a mismatch', async () => {
  const { client } = await webClient(ann);
  assert.equal(client.getNumberDetails('text', 7).errorCode, ErrorCode.TYPE_MISMATCH);
});
await scenario('web: names with slashes', async () => {
  const { client } = await webClient(ann);
  assert.equal(client.getBooleanValue('a/b c', false), true);
});
await scenario('web: a poll that finds nothing new is silent', async () => {
  await publish({ night: null });
  let answered = 0;
  const counting = globalThis.fetch;
  globalThis.fetch = async (...request) => {
    const response = await counting(...request);
    if (response.status === 304) answered++;
    return response;
  };
  try {
    const { client, changes } = await webClient(ann, { pollInterval: 50, changeDetection: 'polling' });
    await until('three polls', () => answered >= 3);
    assert.deepEqual(changes, []);
    assert.equal(client.getBooleanValue('on', false), true);
  } finally {
    globalThis.fetch = counting;
    await publish();
  }
});
await scenario('web: a poll finds a change and names the flags', async () => {
  const { client, changes } = await webClient(ann, { pollInterval: 50, changeDetection: 'polling' });
  await publish({ off: { everyone: true } });
  await until('a change', () => changes.length > 0);
  assert.deepEqual(changes[0], ['off']);
  assert.equal(client.getBooleanValue('off', false), true);
  await publish();
});
await scenario('web: a change of the rules that changes nothing for this caller changes no flag', async () => {
  const { changes } = await webClient(ann, { pollInterval: 50, changeDetection: 'polling' });
  await publish({ user: { users: ['ann', 'eve'] } });
  await until('an answer', () => changes.length > 0);
  assert.deepEqual(changes[0], []);
  await publish();
});
await scenario('web: a removed flag and a new one are named', async () => {
  const { changes } = await webClient(ann, { pollInterval: 50, changeDetection: 'polling' });
  await publish({ role: null, added: [{ name: 'brand-new', everyone: true }] });
  await until('a change', () => changes.length > 0);
  assert.deepEqual(changes[0].sort(), ['brand-new', 'role']);
  await publish();
});
await scenario('web: wrong key is fatal at the start', async () => {
  await assert.rejects(webClient(ann, { headers: [['X-API-Key', 'wrong']] }));
});
await scenario('web: token without the scope is fatal at the start', async () => {
  await assert.rejects(webClient(ann, { headers: [['Authorization', `Bearer ${powerless}`]] }));
});
await scenario('web: bearer token from a factory', async () => {
  const { client } = await webClient(ann, { headers: [], headersFactory: async () => [['Authorization', `Bearer ${bearer}`]] });
  assert.equal(client.getBooleanValue('on', false), true);
});
await scenario('web: too many polls are stale, and the answers stay', async () => {
  let first;
  for (const end = Date.now() + 10_000; !first && Date.now() < end; ) {
    first = await fetch(`${narrow}/ofrep/v1/evaluate/flags`, { method: 'POST', headers: withKey }).then((r) => r.ok || new Promise((go) => setTimeout(go, 300)));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const { client, stale } = await webClient(ann, { baseUrl: narrow, pollInterval: 50, changeDetection: 'polling' });
  await until('stale', () => stale.length > 0);
  assert.equal(client.getBooleanValue('on', false), true);
});

globalThis.EventSource = EventSource;
const queries = [];
const plain = globalThis.fetch;
globalThis.fetch = (request, options) => {
  if (request.url?.includes('flagConfigEtag')) queries.push(request.url);
  return plain(request, options);
};
await scenario('web: a change is pushed', async () => {
  const { client, changes } = await webClient(ann);
  await publish({ off: { everyone: true } });
  await until('a change', () => client.getBooleanValue('off', false));
  assert.ok(changes.flat().includes('off'));
  assert.ok(queries.length > 0);
  await publish();
  await until('the way back', () => !client.getBooleanValue('off', true));
});
await scenario('web: several changes in a row end at the last one', async () => {
  const { client } = await webClient(ann);
  for (const value of [1, 2, 3, 4, 5, 6, 7, 8]) {
    await publish({ integer: { variants: [{ name: `v${value}`, weight: 100, value }] } });
  }
  await until('the last one', () => client.getNumberValue('integer', 0) === 8);
  await publish();
});
await scenario('web: pushes reach every client', async () => {
  const clients = await Promise.all([...Array(10).keys()].map((n) => webClient({ targetingKey: `user-${n}` })));
  await publish({ off: { users: ['user-3'] } });
  await until('user-3', () => clients[3].client.getBooleanValue('off', false));
  assert.ok(clients.every(({ client }, n) => client.getBooleanValue('off', false) === (n === 3)));
  await publish();
});

await Server.close();
await Web.close();
process.stdout.write(JSON.stringify({ passed, failed }));
process.exit(0);

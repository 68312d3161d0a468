// node clients.mjs <url> <token> <tokenWithoutOrders>: each client does what it is for, as it comes from npm. Prints what each got, or its error.
import { createHash } from 'node:crypto';
import WebSocket from 'ws';
import { EventSource } from 'eventsource';
import { createClient as createWsClient } from 'graphql-ws';
import { createClient as createSseClient } from 'graphql-sse';
import { ClientError, GraphQLClient, gql as text } from 'graphql-request';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from '@urql/core';
import relay from 'relay-runtime';
import * as apollo3 from '@apollo/client/core/index.js';
import { GraphQLWsLink as GraphQLWsLink3 } from '@apollo/client/link/subscriptions/index.js';
import { BatchHttpLink as BatchHttpLink3 } from '@apollo/client/link/batch-http/index.js';
import * as apollo4 from 'apollo-client-4';
import { GraphQLWsLink as GraphQLWsLink4 } from 'apollo-client-4/link/subscriptions';
import { PersistedQueryLink as PersistedQueryLink4 } from 'apollo-client-4/link/persisted-queries';
import { BatchHttpLink as BatchHttpLink4 } from 'apollo-client-4/link/batch-http';

const [url, token, withoutOrders] = process.argv.slice(2);
const ws = url.replace(/^http/, 'ws');
const authorization = `Bearer ${token}`;
const headers = { authorization };
const sha256 = (value) => createHash('sha256').update(value).digest('hex');

const PRODUCTS = 'query Products($n: Int!) { products(first: $n) { edges { node { id name } } } }';
const PLACED = 'subscription Placed { orderPlaced { kind orderId order { id status } } }';
const REGISTER = 'mutation Register($input: RegisterCustomerInput!) { registerCustomer(input: $input) { customer { name } userErrors { pointer code } } }';
const WRONG = '{ nothingOfTheKind }';
const customer = () => ({ input: { name: 'Client', email: `${crypto.randomUUID()}@example.com` } });

async function post(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()).data;
}

const seen = await post('{ customers(first: 1, sort: CREATED_AT_ASC) { edges { node { id } } } products(first: 1, filter: { active: true }) { edges { node { id } } } }');
const input = {
  customerId: seen.customers.edges[0].node.id,
  lines: [{ productId: seen.products.edges[0].node.id, quantity: 1 }],
};
const place = () => post('mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }', { input });

// Places orders until the subscription tells of one.
async function firstEvent(subscribe) {
  let stop = () => {};
  const event = new Promise((resolve, reject) => {
    stop = subscribe(resolve, reject);
  });
  const placing = setInterval(place, 250);
  const limit = new Promise((_, reject) => setTimeout(() => reject(new Error('no event within 15 s')), 15_000).unref());
  try {
    const data = await Promise.race([event, limit]);
    return data.orderPlaced.kind + ' ' + (data.orderPlaced.order.id === data.orderPlaced.orderId);
  } finally {
    clearInterval(placing);
    await stop();
  }
}

function apollo(core, WsLink, persisted, BatchHttpLink) {
  return async () => {
    const { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } = core;
    const socket = createWsClient({ url: ws, webSocketImpl: WebSocket, connectionParams: { authorization } });
    const http = new HttpLink({ uri: url, headers });
    const link = core.split(
      ({ operationType, query }) => (operationType ?? core.getMainDefinition?.(query)?.operation ?? query.definitions[0].operation) === 'subscription',
      new WsLink(socket), http);
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const query = (await client.query({ query: gql(PRODUCTS), variables: { n: 2 } })).data.products.edges.length;
    const mutation = (await client.mutate({ mutation: gql(REGISTER), variables: customer() })).data.registerCustomer.customer.name;
    const wrong = await client.query({ query: gql(WRONG) }).then(() => 'no error', (error) => error.message);
    const event = await firstEvent((resolve, reject) => {
      const subscription = client.subscribe({ query: gql(PLACED) }).subscribe({ next: ({ data }) => resolve(data), error: reject });
      return () => subscription.unsubscribe();
    });
    await socket.dispose();

    const byHash = new ApolloClient({
      link: ApolloLink.from([persisted({ sha256, useGETForHashedQueries: true }), new HttpLink({ uri: url, headers })]), cache: new InMemoryCache(),
    });
    const hashed = (await byHash.query({ query: gql(PRODUCTS), variables: { n: 3 } })).data.products.edges.length;
    const batching = new ApolloClient({ link: new BatchHttpLink({ uri: url, headers, batchInterval: 20 }), cache: new InMemoryCache() });
    const batched = await Promise.all([1, 2].map((n) => batching.query({ query: gql(PRODUCTS), variables: { n }, fetchPolicy: 'no-cache' })));
    return { query, mutation, wrong, event, hashed, batched: batched.map(({ data }) => data.products.edges.length) };
  };
}

async function urql() {
  const options = { url, fetchOptions: { headers }, preferGetMethod: false };
  const client = new UrqlClient({ ...options, fetchSubscriptions: true, exchanges: [fetchExchange] });
  const query = (await client.query(PRODUCTS, { n: 2 }).toPromise()).data.products.edges.length;
  const got = (await new UrqlClient({ ...options, preferGetMethod: 'force', exchanges: [fetchExchange] }).query(PRODUCTS, { n: 3 }).toPromise()).data.products.edges.length;
  const mutation = (await client.mutation(REGISTER, customer()).toPromise()).data.registerCustomer.customer.name;
  const wrong = (await client.query(WRONG, {}).toPromise()).error.message;
  const event = await firstEvent((resolve, reject) => client.subscription(PLACED, {}).subscribe(({ data, error }) => (error ? reject(error) : data && resolve(data))).unsubscribe);
  const socket = createWsClient({ url: ws, webSocketImpl: WebSocket, connectionParams: { authorization } });
  const overSocket = new UrqlClient({
    ...options,
    exchanges: [subscriptionExchange({
      forwardSubscription: (request) => ({ subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink) }) }),
    })],
  });
  const socketEvent = await firstEvent((resolve, reject) =>
    overSocket.subscription(PLACED, {}).subscribe(({ data, error }) => (error ? reject(error) : data && resolve(data))).unsubscribe);
  await socket.dispose();
  return { query, got, mutation, wrong, event, socketEvent };
}

async function graphqlRequest() {
  const client = new GraphQLClient(url, { headers });
  const query = (await client.request(text`${PRODUCTS}`, { n: 2 })).products.edges.length;
  const mutation = (await client.request(REGISTER, customer())).registerCustomer.customer.name;
  const wrong = await client.request(WRONG).then(() => 'no error', (error) => `${error instanceof ClientError} ${error.response.errors[0].extensions.code}`);
  const batched = await client.batchRequests([{ document: PRODUCTS, variables: { n: 1 } }, { document: PRODUCTS, variables: { n: 2 } }]);
  return { query, mutation, wrong, batched: batched.map(({ data }) => data.products.edges.length) };
}

async function graphqlWs() {
  const connect = (authorizationOf, on) => createWsClient({ url: ws, webSocketImpl: WebSocket, connectionParams: authorizationOf, retryAttempts: 0, lazy: true, on });
  const one = (client, payload) => new Promise((resolve, reject) => {
    let result;
    client.subscribe(payload, { next: (value) => (result = value), error: reject, complete: () => resolve(result) });
  });
  const client = connect({ authorization });
  const query = (await one(client, { query: PRODUCTS, variables: { n: 2 } })).data.products.edges.length;
  const mutation = (await one(client, { query: REGISTER, variables: customer() })).data.registerCustomer.customer.name;
  const wrong = await one(client, { query: WRONG }).catch((errors) => errors[0].extensions.code);
  const event = await firstEvent((resolve, reject) => client.subscribe({ query: PLACED }, { next: ({ data }) => resolve(data), error: reject, complete() {} }));
  await client.dispose();
  const nobody = await one(connect({}), { query: PRODUCTS, variables: { n: 1 } }).catch((close) => close.code);
  const forged = await one(connect({ headers: { Authorization: `Bearer ${token.slice(0, -4)}AAAA` } }), { query: PRODUCTS, variables: { n: 1 } }).catch((close) => close.code);
  const limited = connect({ authorization: withoutOrders });
  const forbidden = await one(limited, { query: PLACED }).catch((errors) => errors[0].extensions.code);
  await limited.dispose();
  return { query, mutation, wrong, event, nobody, forged, forbidden };
}

function graphqlSse(singleConnection) {
  return async () => {
    const client = createSseClient({ url, headers: () => ({ ...headers }), singleConnection, retryAttempts: 0 });
    const one = (payload) => new Promise((resolve, reject) => {
      let result;
      client.subscribe(payload, { next: (value) => (result = value), error: reject, complete: () => resolve(result) });
    });
    const query = (await one({ query: PRODUCTS, variables: { n: 2 } })).data.products.edges.length;
    const wrong = await one({ query: WRONG }).then((result) => result.errors[0].extensions.code, (error) => error.response.status);
    const event = await firstEvent((resolve, reject) => client.subscribe({ query: PLACED }, { next: ({ data }) => resolve(data), error: reject, complete() {} }));
    client.dispose();
    return { query, wrong, event };
  };
}

async function eventSource() {
  const at = `${url}?query=${encodeURIComponent(PLACED)}`;
  const fetchWith = (address, init) => fetch(address, { ...init, headers: { ...init.headers, authorization } });
  let source;
  let lastEventId;
  const event = await firstEvent((resolve) => {
    source = new EventSource(at, { fetch: fetchWith });
    source.addEventListener('next', (message) => {
      lastEventId = message.lastEventId;
      resolve(JSON.parse(message.data).data);
    });
    return () => source.close();
  });
  return { event, id: /^[0-9]+$/.test(lastEventId) };
}

async function relayRuntime() {
  const { Network, Observable } = relay;
  const socket = createWsClient({ url: ws, webSocketImpl: WebSocket, connectionParams: { authorization } });
  const fetchFn = async (params, variables) => {
    const response = await fetch(url, {
      method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ query: params.text, variables }),
    });
    return response.json();
  };
  const subscribeFn = (params, variables) => Observable.create((sink) => socket.subscribe({ operationName: params.name, query: params.text, variables }, sink));
  const network = Network.create(fetchFn, subscribeFn);
  const execute = (operationKind, name, query, variables) =>
    network.execute({ id: null, cacheID: name, name, text: query, operationKind, metadata: {} }, variables, { force: true });
  const query = (await execute('query', 'Products', PRODUCTS, { n: 2 }).toPromise()).data.products.edges.length;
  const mutation = (await execute('mutation', 'Register', REGISTER, customer()).toPromise()).data.registerCustomer.customer.name;
  const event = await firstEvent((resolve, reject) => {
    const subscription = execute('subscription', 'Placed', PLACED, {}).subscribe({ next: ({ data }) => resolve(data), error: reject });
    return () => subscription.unsubscribe();
  });
  const pages = [];
  let after = null;
  do {
    const page = await execute('query', 'Page', 'query Page($after: String) { products(first: 7, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }', { after }).toPromise();
    pages.push(page.data.products.edges.length);
    after = page.data.products.pageInfo.hasNextPage ? page.data.products.pageInfo.endCursor : null;
  } while (after);
  const node = (await execute('query', 'Refetch', 'query Refetch($id: ID!) { node(id: $id) { __typename id ... on Product { sku } } }', { id: input.lines[0].productId }).toPromise()).data.node.__typename;
  await socket.dispose();
  return { query, mutation, event, pages: pages.length > 1, node };
}

const { createPersistedQueryLink } = await import('@apollo/client/link/persisted-queries/index.js');
const clients = {
  'apollo 3': apollo(apollo3, GraphQLWsLink3, createPersistedQueryLink, BatchHttpLink3),
  'apollo 4': apollo(apollo4, GraphQLWsLink4, (options) => new PersistedQueryLink4(options), BatchHttpLink4),
  urql,
  'graphql-request': graphqlRequest,
  'graphql-ws': graphqlWs,
  'graphql-sse distinct': graphqlSse(false),
  'graphql-sse single': graphqlSse(true),
  EventSource: eventSource,
  relay: relayRuntime,
};
const results = {};
for (const [name, run] of Object.entries(clients)) {
  results[name] = await run().catch((error) => ({ error: String(error?.stack ?? JSON.stringify(error)) }));
}

console.log(JSON.stringify(results));
process.exit(0);

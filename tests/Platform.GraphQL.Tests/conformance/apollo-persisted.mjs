// Apollo Client with its own link for persisted queries, unmodified: what it sends and what it gets.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client/core/index.js';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries/index.js';

const [url, token] = process.argv.slice(2);
const sent = [];
const http = new HttpLink({
  uri: url,
  headers: { authorization: `Bearer ${token}` },
  fetch: (address, options) => {
    const body = JSON.parse(options.body);
    sent.push([body.extensions?.persistedQuery ? 'hash' : null, body.query ? 'query' : null].filter(Boolean).join('+'));
    return fetch(address, options);
  },
});
const persisted = createPersistedQueryLink({ sha256: (text) => createHash('sha256').update(text).digest('hex') });
const client = new ApolloClient({ link: ApolloLink.from([persisted, http]), cache: new InMemoryCache() });

const query = gql`query ApolloPersisted($n: Int!) { products(first: $n) { edges { node { id name } } } }`;
const received = [];
for (const n of [2, 3, 4]) {
  const { data } = await client.query({ query, variables: { n }, fetchPolicy: 'no-cache' });
  received.push(data.products.edges.length);
}
console.log(JSON.stringify({ sent, received }));

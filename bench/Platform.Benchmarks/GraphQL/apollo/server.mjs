// Apollo Server over the schema of Platform.GraphQL, written as its documentation and DataLoader's advise: one loader for each relation and request, one
// statement for each batch, prepared statements, a pool. Arguments: the schema's file and the connection, in the form of pg.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { GraphQLScalarType } from 'graphql';
import pg from 'pg';

const [schemaFile, connection] = process.argv.slice(2);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);
const pool = new pg.Pool({ ...JSON.parse(connection), max: 10 });
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const CUSTOMER = 'SELECT id, name, email, created_at, updated_at FROM commerce.customers';
const PRODUCT = 'SELECT id, sku, name, price_amount, price_currency, active, created_at, updated_at FROM commerce.products';
const ORDER = 'SELECT id, customer_id, status, reference, total_amount, total_currency, placed_at, updated_at FROM commerce.orders';
const LINE = 'SELECT order_id, line_number, product_id, product_name, quantity, unit_price_amount, unit_price_currency FROM commerce.order_lines';

const byId = (name, text) => new DataLoader(async (ids) => {
  const found = new Map((await rows(name, `${text} WHERE id = ANY($1)`, [ids])).map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
});

const linesOfOrder = () => new DataLoader(async (ids) => {
  const lines = new Map(ids.map((id) => [id, []]));
  for (const line of await rows('lines', `${LINE} WHERE order_id = ANY($1) ORDER BY order_id, line_number`, [ids])) {
    lines.get(line.order_id).push(line);
  }

  return ids.map((id) => lines.get(id));
});

const cursorOf = (id) => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
const money = (amount, currency) => (row) => ({ amount: row[amount], currency: row[currency] });
const dateTime = new GraphQLScalarType({ name: 'DateTime', serialize: (value) => value.toISOString().replace('.000Z', 'Z') });
const decimal = new GraphQLScalarType({ name: 'Decimal', serialize: (value) => value });

async function page(name, text, first) {
  const found = await rows(name, `${text} ORDER BY id DESC LIMIT $1`, [first + 1]);
  const items = found.slice(0, first);
  const edges = items.map((node) => ({ node, cursor: cursorOf(node.id) }));
  return {
    edges,
    nodes: items,
    pageInfo: { hasNextPage: found.length > first, hasPreviousPage: false, startCursor: edges[0]?.cursor, endCursor: edges.at(-1)?.cursor },
  };
}

const server = new ApolloServer({
  typeDefs: readFileSync(schemaFile, 'utf8'),
  resolvers: {
    DateTime: dateTime,
    Decimal: decimal,
    Query: {
      product: (_, { id }, { products }) => products.load(id),
      customer: (_, { id }, { customers }) => customers.load(id),
      orders: (_, { first }) => page('orders', ORDER, first),
      products: (_, { first }) => page('products', PRODUCT, first),
    },
    Order: {
      status: (order) => order.status.toUpperCase(),
      total: money('total_amount', 'total_currency'),
      placedAt: (order) => order.placed_at,
      updatedAt: (order) => order.updated_at,
      customer: (order, _, { customers }) => customers.load(order.customer_id),
      lines: (order, _, { lines }) => lines.load(order.id),
    },
    OrderLine: {
      lineNumber: (line) => line.line_number,
      productName: (line) => line.product_name,
      unitPrice: money('unit_price_amount', 'unit_price_currency'),
      product: (line, _, { products }) => products.load(line.product_id),
    },
    Product: {
      price: money('price_amount', 'price_currency'),
      createdAt: (product) => product.created_at,
      updatedAt: (product) => product.updated_at,
    },
    Customer: {
      createdAt: (customer) => customer.created_at,
      updatedAt: (customer) => customer.updated_at,
    },
  },
  csrfPrevention: false,
});

const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({ customers: byId('customers', CUSTOMER), products: byId('products-by-id', PRODUCT), lines: linesOfOrder() }),
});
console.log(`listening on ${url}`);

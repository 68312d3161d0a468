// node schema-changes.mjs '{"before": "...", "cases": ["..."]}': how many breaking and dangerous changes graphql-js finds in each case.
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

const { before, cases } = JSON.parse(process.argv[2]);
const old = buildSchema(before);
console.log(JSON.stringify(cases.map((text) => {
  const changed = buildSchema(text);
  return [findBreakingChanges(old, changed).length, findDangerousChanges(old, changed).length];
})));

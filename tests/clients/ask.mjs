// Ask a SPARQL endpoint with Comunica and print the rows as JSON: node ask.mjs ENDPOINT QUERY [sparql]
import { QueryEngine } from '@comunica/query-sparql';

const [endpoint, query, type] = process.argv.slice(2);
const stream = await new QueryEngine().queryBindings(query, { sources: [type ? { type, value: endpoint } : endpoint] });
const rows = await stream.toArray();
console.log(JSON.stringify(rows.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])))));

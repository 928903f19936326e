// Kibana's query library turns KQL into Elasticsearch's query DSL; what that means for a document
// is small enough to stand here, by Elasticsearch's reference of each clause.
//
// Arguments: the folder of the Node modules. Questions and verdicts are JSON lines.

const fs = require('fs');
const path = require('path');
const { fromKueryExpression, toElasticsearchQuery } =
  require(path.resolve(process.argv[2], '@cybernetex/kbn-es-query'));

// The indexed values of a field: scalars as texts. `null` and empty lists are not indexed.
function values(document, field) {
  const found = [];
  const add = (value) => {
    if (Array.isArray(value)) value.forEach(add);
    else if (value !== null && value !== undefined && typeof value !== 'object') found.push(value);
  };
  add(document[field]);
  return found;
}

function address(text) {
  const parts = String(text).split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || part > 255)) return null;
  return parts.reduce((all, part) => all * 256 + Number(part), 0);
}

// Networks of IPv4; `null` for what the harness cannot judge.
function inNetwork(value, text) {
  const [start, bits] = text.split('/');
  const [own, net] = [address(value), address(start)];
  if (text.includes(':') || String(value).includes(':')) throw new Error('IPv6');
  if (own === null) return false;
  if (net === null) throw new Error('no network');
  const size = 2 ** (32 - Number(bits === undefined ? 32 : bits));
  return Math.floor(own / size) === Math.floor(net / size);
}

// The words of an analysed text.
const words = (text) => String(text).toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);

// What `match` (any of the words) and `match_phrase` (one after another) find in analysed text.
function analysed(name, value, wanted) {
  const [own, asked] = [words(value), words(wanted)];
  if (name === 'match') return asked.some((word) => own.includes(word));
  return asked.length > 0 && own.some((_, at) => asked.every((word, n) => own[at + n] === word));
}

function equals(value, wanted, kind) {
  if (kind === 'ip') return inNetwork(value, String(wanted));
  if (kind === 'number') return numeric(value) === numeric(wanted);
  return String(value) === String(wanted);
}

function numeric(value) {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return Number(value);
  return NaN;
}

// The wildcard syntax of `query_string`, as far as Kibana writes it: a backslash takes the next
// sign as it is.
function wildcard(query) {
  let source = '';
  for (let at = 0; at < query.length; at += 1) {
    let letter = query[at];
    if (letter === '*') source += '.*';
    else {
      if (letter === '\\') { at += 1; letter = query[at]; }
      source += letter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  return new RegExp(`^${source}$`, 's');
}

const one = (object) => Object.entries(object)[0];
const list = (clauses) => (clauses === undefined ? [] : [].concat(clauses));

function compile(query, kinds) {
  const [name, body] = one(query);
  const each = (clauses) => list(clauses).map((clause) => compile(clause, kinds));
  switch (name) {
    case 'match_all': return () => true;
    case 'exists': return (document) => values(document, body.field).length > 0;
    case 'match':
    case 'match_phrase': {
      const [field, wanted] = one(body);
      const kind = kinds[field];
      const test = kind === 'analysed'
        ? (value) => analysed(name, value, wanted)
        : (value) => equals(value, wanted, kind);
      return (document) => values(document, field).some(test);
    }
    case 'range': {
      const [field, bounds] = one(body);
      return (document) => values(document, field).some((value) => Object.entries(bounds).every(([order, bound]) => {
        const [own, limit] = [numeric(value), numeric(bound)];
        return { gt: own > limit, gte: own >= limit, lt: own < limit, lte: own <= limit }[order];
      }));
    }
    case 'query_string': {
      const pattern = wildcard(body.query);
      const fields = body.fields;
      return (document) => (fields || Object.keys(document)).some((field) =>
        values(document, field).some((value) => pattern.test(String(value))));
    }
    case 'multi_match': return (document) => Object.keys(document).some((field) =>
      values(document, field).some((value) => equals(value, body.query)));
    case 'bool': {
      const all = each(body.must).concat(each(body.filter));
      const none = each(body.must_not);
      const some = each(body.should);
      const least = body.minimum_should_match === undefined ? Number(some.length > 0 && !all.length) : body.minimum_should_match;
      return (document) => all.every((clause) => clause(document))
        && !none.some((clause) => clause(document))
        && some.filter((clause) => clause(document)).length >= least;
    }
    default: throw new Error(`the harness does not know \`${name}\``);
  }
}

for (const line of fs.readFileSync(0, 'utf8').split('\n')) {
  if (!line) continue;
  const { id, query, fields, events } = JSON.parse(line);
  try {
    const matches = compile(toElasticsearchQuery(fromKueryExpression(query)), fields);
    const verdict = (event) => {
      try { return matches(event) ? '1' : '0'; } catch (error) { return 'e'; }
    };
    console.log(JSON.stringify({ id, verdicts: events.map(verdict).join('') }));
  } catch (error) {
    console.log(JSON.stringify({ id, error: error.message.slice(0, 300) }));
  }
}

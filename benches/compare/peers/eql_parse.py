"""The EQL library: every EQL query of Elastic's rules to a tree."""

import eql
from eql.parser import (
    allow_negation,
    allow_runs,
    allow_sample,
    elasticsearch_syntax,
    ignore_missing_functions,
    parse_query,
)
from worker import inputs, measure, succeeded

queries = inputs("eql.json")

# The dialect of Elasticsearch, in which the rules are written.
with elasticsearch_syntax, ignore_missing_functions, allow_sample, allow_negation, allow_runs:
    measure(queries, lambda: succeeded(parse_query, queries, eql.EqlError))

"""Elastic's EQL library for Python (package `eql`): runs queries over single events."""

import eql
from eql.parser import (
    allow_negation,
    allow_runs,
    allow_sample,
    elasticsearch_syntax,
    ignore_missing_functions,
    parse_query,
)
from judge import answer, each


def ask(question):
    # The dialect of Elasticsearch.
    with elasticsearch_syntax, ignore_missing_functions, allow_sample, allow_negation, allow_runs:
        query = parse_query(question["query"])
    match = eql.PythonEngine().convert(query.first)

    def matches(event):
        category = event.get("event")
        category = category.get("category") if isinstance(category, dict) else None
        return match(eql.Event(category or "any", 0, event))

    return each(matches, question["events"])


answer(ask)

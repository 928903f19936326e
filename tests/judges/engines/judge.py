"""What the judges in Python share: questions come in and verdicts go out as JSON lines.

A question is a query with events; its answer has one letter for each event: `1` for a match, `0` for
none, `e` where the engine fails on the event; or `error`, where it cannot take the query at all.
"""

import json
import sys


def answer(ask):
    """Answers all questions. `ask` gives the verdicts on the events of one."""
    for line in sys.stdin:
        question = json.loads(line)
        try:
            row = {"verdicts": ask(question)}
        except Exception as error:  # an engine may fail in any way; the tests count and explain it
            row = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps({"id": question["id"], **row}))


def each(match, events):
    """The verdicts of a function on single events."""

    def one(event):
        try:
            return "1" if match(event) else "0"
        except Exception:  # see above
            return "e"

    return "".join(map(one, events))

"""pySigma with its SQLite backend: a rule becomes SQL, which SQLite runs over a table of events."""

import re
import sqlite3
from functools import lru_cache

from judge import answer
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

RULE = "title: t\nstatus: test\nlogsource: {product: p}\nlevel: low\ndetection:\n"

# The column that searches over all fields use.
WHOLE = "all values"


@lru_cache(maxsize=1000)
def compiled(pattern):
    return re.compile(pattern)


def regexp(pattern, value):
    return value is not None and compiled(pattern).search(str(value)) is not None


@lru_cache(maxsize=4000)
def like_pattern(pattern, escape):
    out, escaped = [], False
    for letter in pattern:
        if escaped:
            out.append(re.escape(letter))
            escaped = False
        elif letter == escape:
            escaped = True
        else:
            out.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return re.compile("".join(out), re.DOTALL | re.IGNORECASE)


def like(pattern, value, escape=None):
    """SQLite's own knows the letters of ASCII only."""
    return value is not None and like_pattern(pattern, escape).fullmatch(str(value)) is not None


def no_case(one, other):
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def text(value):
    """Truth values are the texts that rules ask for."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def ask(question):
    detection = "\n".join("  " + line for line in question["query"].splitlines())
    rules = SigmaCollection.from_yaml(RULE + detection)
    backend = sqliteBackend(fulltext_field=WHOLE)
    statements = backend.convert(rules)
    database = sqlite3.connect(":memory:")
    database.create_function("regexp", 2, regexp)
    database.create_function("like", 2, like)
    database.create_function("like", 3, like)
    database.create_collation("NOCASE", no_case)
    fields = {name: kind for name, kind in question["fields"].items()}
    names = [*fields, WHOLE]
    kinds = ["NUMERIC" if kind == "number" else "TEXT" for kind in fields.values()] + ["TEXT"]
    columns = ", ".join(f"{quoted(name)} {kind} COLLATE NOCASE" for name, kind in zip(names, kinds))
    database.execute(f"CREATE TABLE logs ({columns})")
    rows = []
    for event in question["events"]:
        values = [text(event.get(name)) for name in fields]
        rows.append([*values, "\n".join(str(text(v)) for v in event.values() if v is not None)])
    marks = ", ".join("?" * len(names))
    database.executemany(f"INSERT INTO logs VALUES ({marks})", rows)
    found = set()
    for statement in statements:
        where = statement.split(" WHERE ", 1)[1]
        found.update(row[0] for row in database.execute(f"SELECT rowid FROM logs WHERE {where}"))
    database.close()
    return "".join("1" if number in found else "0" for number in range(1, len(rows) + 1))


answer(ask)

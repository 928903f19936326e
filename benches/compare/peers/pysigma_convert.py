"""pySigma: every file of Sigma rules to a query of the language that the job names."""

import sys

from sigma.backends.elasticsearch import EqlBackend, ESQLBackend, LuceneBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from worker import inputs, measure, succeeded

BACKENDS = {
    "sigma-to-eql": EqlBackend,
    "sigma-to-esql": ESQLBackend,
    "sigma-to-lucene": LuceneBackend,
}

files = inputs("sigma.json")
backend = BACKENDS[sys.argv[1]]()


def convert(file):
    """One file, whose documents may refer to one another."""
    _, text = file
    return backend.convert(SigmaCollection.from_yaml(text))


measure(files, lambda: succeeded(convert, files, (SigmaError, NotImplementedError)))

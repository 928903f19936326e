"""Loads OSCAL documents with compliance-trestle and checks JUnit reports against an XML schema.

Each argument is a file: `*.json` is an OSCAL document, `*.xml` a report. What is refused is printed.
"""

import json
import sys

from lxml import etree
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.component import ComponentDefinition
from trestle.oscal.mapping import MappingCollection

MODELS = {
    "component-definition": ComponentDefinition,
    "assessment-results": AssessmentResults,
    "mapping-collection": MappingCollection,
}


def load_oscal(path):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    (key,) = document
    loaded = MODELS[key](**document[key])
    # What a model drops would be lost in every tool that is built on it.
    again = json.loads(loaded.json(exclude_none=True, by_alias=True))
    missing = sorted(set(document[key]) - set(again))
    if missing:
        raise ValueError(f"lost {missing}")


def load_junit(path, schema):
    document = etree.parse(path)
    schema.assertValid(document)


schema_path, *paths = sys.argv[1:]
junit = etree.XMLSchema(etree.parse(schema_path))
failed = False
for path in paths:
    try:
        load_junit(path, junit) if path.endswith(".xml") else load_oscal(path)
    except Exception as error:  # noqa: BLE001 - whatever it is, the file did not load
        failed = True
        print(f"{path}: {type(error).__name__}: {error}")
sys.exit(failed)

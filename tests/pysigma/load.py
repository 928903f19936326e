"""Loads every Sigma file named on the command line with pySigma and prints what it refuses."""

import sys

from sigma.collection import SigmaCollection

failed = False
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        collection = SigmaCollection.from_yaml(text)
        errors = [str(error) for error in collection.errors]
        for rule in collection.rules:
            # Conditions are parsed when they are asked for.
            for condition in getattr(getattr(rule, "detection", None), "parsed_condition", []):
                condition.parsed
    except Exception as error:  # noqa: BLE001 - whatever it is, the file did not load
        errors = [f"{type(error).__name__}: {error}"]
    for error in errors:
        failed = True
        print(f"{path}: {error}")
sys.exit(failed)

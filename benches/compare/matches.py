"""Says on which events two evaluators differ, rule by rule: what each of them wrote to the folder."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
ours, theirs = (
    {rule: set(events) for rule, events in json.loads((folder / name).read_text()).items()}
    for name in ("matches-crosswalk.json", "matches-rsigma.json")
)
same = differing = 0
for rule in sorted(ours.keys() | theirs.keys()):
    own, other = ours.get(rule, set()), theirs.get(rule, set())
    same += len(own & other)
    if own != other:
        differing += 1
        only = f"{len(own - other)} only by Crosswalk, {len(other - own)} only by rsigma"
        print(f"{rule}: {only}, such as event {min(own ^ other)}")
print(f"matches of both: {same}; rules that differ: {differing}")

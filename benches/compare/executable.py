"""The path of the bench that `cargo bench --message-format=json` has built, from its messages."""

import json
import sys

messages = (json.loads(line) for line in sys.stdin if line.startswith("{"))
built = [
    message["executable"]
    for message in messages
    if message.get("executable") and message["target"]["name"] == "compare"
]
print(built[-1])

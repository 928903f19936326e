"""What every Python peer shares: it does its work several times and prints one line of JSON."""

import json
import sys
import time
from pathlib import Path


def peak_kib():
    """The most memory that this process has held at once."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def inputs(name):
    """A prepared file of inputs; its folder is the second argument."""
    return json.loads((Path(sys.argv[2]) / name).read_text())


def measure(items, work):
    """Runs `work` as often as the third argument says. `work` gives how many items went well.

    Memory is that of the first round, as nobody does the work twice.
    """
    loaded, cpu, done, peak = peak_kib(), [], 0, 0
    for number in range(max(1, int(sys.argv[3]))):
        start = time.process_time()
        done = work()
        cpu.append(time.process_time() - start)
        peak = peak if number else peak_kib()
    row = {"job": sys.argv[1], "items": len(items), "done": done, "cpu_seconds": cpu}
    print(json.dumps(row | {"peak_kib": peak, "loaded_kib": loaded}))


def succeeded(call, items, errors):
    """How many items a call takes without one of the errors by which the peer refuses."""
    done = 0
    for item in items:
        try:
            call(item)
            done += 1
        except errors:
            pass
    return done

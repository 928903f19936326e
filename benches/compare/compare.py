"""Runs the same work through Crosswalk and a peer, one after the other on one core, and prints how
many times the CPU time and memory of Crosswalk the peer takes.

Each process does its work several times and says what every round took; the driver adds what the
operating system says of the whole process. `work` is the fastest round, `one go` is start-up and
one round. Of several processes the fastest counts.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Job:
    """Work that Crosswalk does, and a peer too, if it can."""

    name: str
    title: str
    # Program of the peer, or None where only the absolute time is asked for.
    peer: str | None = None
    # How often one process does the work: warm programs should be measured warm, slow ones rarely.
    rounds: int = 5
    peer_rounds: int = 1
    # Least CPU time of the peer in units of ours.
    goal: float | None = None
    # Most CPU seconds of ours.
    limit: float | None = None


JOBS = [
    Job("sigma-to-lucene", "Sigma to Lucene", "pySigma", goal=150),
    Job("sigma-to-esql", "Sigma to ES|QL", "pySigma"),
    Job("sigma-to-eql", "Sigma to EQL", "pySigma"),
    Job("parse-eql", "EQL to trees", "eql", rounds=20, goal=200),
    Job("parse-kql", "KQL to trees", "kbn-es-query", rounds=50, peer_rounds=10, goal=50),
    Job("read-sigma", "Sigma to rules", "rsigma-parser", peer_rounds=5, goal=1),
    Job("replay-all", "all rules over events", "rsigma-eval", rounds=3, goal=1),
    Job("replay", "rules of a log source", "rsigma-eval", rounds=3, goal=1),
    Job("sigma-to-all", "Sigma to all languages", limit=2.0),
]


@dataclass
class Measured:
    """The best that several processes of one program did."""

    items: int
    done: int
    work: float
    one_go: float
    kib: int


def command(job, options):
    """Crosswalk's command line for a job, and the peer's."""
    inputs = str(options.work / "inputs")
    python = str(options.work / "venv/bin/python")
    programs = {
        "pySigma": [python, str(HERE / "peers/pysigma_convert.py")],
        "eql": [python, str(HERE / "peers/eql_parse.py")],
        "kbn-es-query": ["node", str(HERE / "peers/kibana.js")],
        "rsigma-parser": [str(options.work / "rsigma/release/rsigma-peer")],
        "rsigma-eval": [str(options.work / "rsigma/release/rsigma-peer")],
    }
    ours = [str(options.ours), job.name, inputs, str(job.rounds)]
    if job.peer is None:
        return ours, None
    theirs = [*programs[job.peer], job.name, inputs, str(job.peer_rounds)]
    if job.peer == "kbn-es-query":
        theirs.append(str(options.work.resolve() / "node/node_modules"))
    return ours, theirs


def once(arguments, heard):
    """Runs a process: its last line of output, and the CPU time of all of it.

    What it says on the way is the same every time, so it is `heard` once.
    """
    stderr = subprocess.DEVNULL if heard else None
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=stderr, text=True)
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"error: {arguments[0]} ended with {process.returncode}")
    return json.loads(output.splitlines()[-1]), used.ru_utime + used.ru_stime


def better(best, row, whole):
    """The better of what is known and a new process."""
    rounds = row["cpu_seconds"]
    start_up = max(0.0, whole - sum(rounds))
    new = Measured(row["items"], row["done"], min(rounds), start_up + rounds[0], row["peak_kib"])
    if best is None:
        return new
    work, one_go = min(best.work, new.work), min(best.one_go, new.one_go)
    return Measured(new.items, new.done, work, one_go, min(best.kib, new.kib))


def measure(job, options):
    """Both programs in turn, so that a busy time of the machine hits both."""
    ours, theirs = command(job, options)
    best, peer = None, None
    for number in range(options.runs):
        row, whole = once(ours, heard=number)
        if "skipped" in row:
            return row["skipped"]
        best = better(best, row, whole)
        if theirs:
            peer = better(peer, *once(theirs, heard=number))
    return best, peer


def result(job, best, peer):
    """One row of the report, for people and machines alike."""
    row = {
        "job": job.name,
        "items": best.items,
        "crosswalk": vars(best),
        "peer": None,
        "met": None if job.limit is None else best.work <= job.limit,
        "goal": None if job.limit is None else f"at most {job.limit:g} s",
    }
    if peer:
        ratio = peer.work / best.work
        row |= {
            "peer": {"name": job.peer, **vars(peer)},
            "cpu_ratio": ratio,
            "one_go_ratio": peer.one_go / best.one_go,
            "memory_ratio": peer.kib / best.kib,
            "met": None if job.goal is None else ratio >= job.goal,
            "goal": None if job.goal is None else f"at least {job.goal:g}",
        }
    return row


HEAD = (
    f"{'work':<23} {'peer':<14} {'items':>6} {'done by both':>13} {'CPU s by both':>17}"
    f" {'ratio':>7} {'one go':>7} {'MiB by both':>12} {'ratio':>6}  goal"
)


def line(job, row):
    """The row for people."""
    ours, peer = row["crosswalk"], row["peer"]
    verdict = {None: "", True: ": met", False: ": MISSED"}[row["met"]]
    goal = f"{row['goal'] or ''}{verdict}"
    start = f"{job.title:<23} {job.peer or '-':<14} {row['items']:>6}"
    mib = ours["kib"] / 1024
    if peer is None:
        return f"{start} {ours['done']:>13} {ours['work']:>17.3f} {'':>15} {mib:>12.0f} {'':>6}  {goal}"
    done = f"{ours['done']}/{peer['done']}"
    cpu = f"{ours['work']:.4f}/{peer['work']:.3f}"
    memory = f"{mib:.0f}/{peer['kib'] / 1024:.0f}"
    return (
        f"{start} {done:>13} {cpu:>17} {row['cpu_ratio']:>7.1f} {row['one_go_ratio']:>7.1f}"
        f" {memory:>12} {row['memory_ratio']:>6.1f}  {goal}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3, help="processes of each program")
    parser.add_argument("--job", action="append", choices=[job.name for job in JOBS])
    options = parser.parse_args()
    # Children stay on the core too.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    rows, missed = [], []
    print(HEAD, flush=True)
    for job in JOBS:
        if options.job and job.name not in options.job:
            continue
        measured = measure(job, options)
        if isinstance(measured, str):
            print(f"{job.title:<23} skipped: {measured}", flush=True)
            rows.append({"job": job.name, "skipped": measured})
            continue
        rows.append(result(job, *measured))
        print(line(job, rows[-1]), flush=True)
        if rows[-1]["met"] is False:
            missed.append(job.name)
    report = options.work / "results.json"
    report.write_text(json.dumps(rows, indent=2) + "\n")
    print(f"written to {report}")
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()

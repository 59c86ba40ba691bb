"""Runs the comparisons and prints the ratios. Started by scripts/bench, which builds what is needed.

CPU is user + system time and memory the peak resident set of the whole process, both as the kernel
reports them for an ended child (what /usr/bin/time prints). Each figure is the least of several runs: on a
busy machine the least is what repeats.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LINKS = "published/gias-links/2024-05-24/links_edubasealldata20240524.csv"
GROUPS = "published/gias-grouplinks/2019-05-01/grouplinks_edubaseallacademiesandfree20190501.csv"
REGISTER = "reshaped/gias/2024-06-17/edubasealldata20240617.csv.gz"
missed = []


class Ran:
    def __init__(self, cpu, memory, code, out):
        self.cpu, self.memory, self.code, self.out = cpu, memory, code, out


def run(*command, env=None):
    """One run to its end."""
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
    out = child.stdout.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Ran(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, child.returncode, out)


def best(times, once):
    runs = [once() for _ in range(times)]
    for ran in runs:
        if ran.code != 0:
            sys.exit(f"a run ended with {ran.code}:\n{ran.out}")
    least = min(runs, key=lambda ran: ran.cpu)
    least.memory = max(ran.memory for ran in runs)
    return least


def told(name, figure, target, unit, note):
    reached = figure <= target
    if not reached:
        missed.append(name)
    print(f"  {name:<54} {figure:8.2f} {unit:<9} target {target:g}{'' if reached else '   NOT REACHED'}   ({note})")


def main():
    ask = argparse.ArgumentParser()
    for name in ["headwater", "floor", "poll", "ask", "work"]:
        ask.add_argument(f"--{name}", required=True, type=Path)
    ask.add_argument("--corpus", type=Path)
    ask.add_argument("--polars", help="a python with polars")
    ask.add_argument("--times", type=int, default=5)
    ask.add_argument("--seed", type=int, default=990)
    ask = ask.parse_args()
    work = ask.work
    work.mkdir(parents=True, exist_ok=True)
    data = work / "data"

    def ingest(folder, source, file, period, stage, published):
        return run(ask.headwater, "--data", folder, "ingest", "--source", source, "--file", file, "--period", period,
                   "--stage", stage, "--published", published)

    def into_new(*offer):
        shutil.rmtree(data, ignore_errors=True)
        return ingest(data, *offer)

    def account(ran):
        print("    " + ran.out.strip().replace("\n", "\n    "))

    print(f"least of {ask.times} runs each; seed {ask.seed}\n")

    # 1 and 2: the register
    archive = ask.corpus / REGISTER if ask.corpus else None
    if archive and archive.is_file():
        today, tomorrow = work / "edubasealldata20240617.csv", work / "edubasealldata20240618.csv"
        # piece by piece: a child's peak is never told as less than what this program once used
        with gzip.open(archive) as packed, open(today, "wb") as plain:
            shutil.copyfileobj(packed, plain)
        changed = subprocess.run([sys.executable, HERE / "next_day.py", str(ask.seed), today, tomorrow], check=True, capture_output=True, text=True)
        floor = best(ask.times, lambda: run(ask.floor, today))
        offer = ("gias-establishments", today, "2024-06-17", "as-at", "2024-06-17")
        first = best(ask.times, lambda: into_new(*offer))
        print(f"register extract, {floor.out.strip()}")
        account(first)
        told("first load, CPU against the floor", first.cpu / floor.cpu, 5, "times", f"{first.cpu:.2f} s against {floor.cpu:.2f} s")
        told("first load, peak memory", first.memory, 150, "MiB", f"floor {floor.memory:.0f} MiB")

        kept = work / "first"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(data, kept)

        def next_day():
            shutil.rmtree(data, ignore_errors=True)
            shutil.copytree(kept, data)
            return ingest(data, "gias-establishments", tomorrow, "2024-06-18", "as-at", "2024-06-18")

        floor = best(ask.times, lambda: run(ask.floor, tomorrow))
        second = best(ask.times, next_day)
        print(f"the next day's extract, {changed.stdout.strip()}")
        account(second)
        told("next day, CPU against the floor", second.cpu / floor.cpu, 2, "times", f"{second.cpu:.2f} s against {floor.cpu:.2f} s")
        told("next day, peak memory", second.memory, 150, "MiB", f"floor {floor.memory:.0f} MiB")
        # who is who, from the question to the JSON
        for source, file, day in [("gias-links", LINKS, "2024-05-24"), ("gias-group-links", GROUPS, "2019-05-01")]:
            if (ask.corpus / file).is_file():
                account(ingest(data, source, ask.corpus / file, day, "as-at", day))
        asked = run(ask.ask, data)
        print("who is who, over the whole register")
        account(asked)
        for line in asked.out.splitlines():
            what, p95 = line.split(" p50 ")[0], float(line.split(" p95 ")[1].split(" ")[0])
            told(f"{what}, p95", p95, 20, "ms", "one connection, its cache warm")
    else:
        print("register extract: not run, the real file is not there (HEADWATER_CORPUS names the folder)")

    # 3: a performance file through rules and commit
    def performance(seed):
        path = work / f"performance_{seed}.csv"
        subprocess.run([sys.executable, HERE / "performance_file.py", str(seed), "25000", path], check=True)
        return path

    file = performance(ask.seed)
    offer = ("ks4-performance", file, "2017/18", "final", "2019-01-24")
    ours = best(ask.times, lambda: into_new(*offer))
    print("\nperformance file of 25,000 x 78, through rules and commit")
    account(ours)
    if ask.polars:
        env = {**os.environ, "POLARS_MAX_THREADS": "1"}
        theirs = best(ask.times, lambda: run(ask.polars, HERE / "flags.py", file, env=env))
        print("  polars, one thread, the same flags and nothing else:")
        account(theirs)
        told("performance file, CPU against polars", ours.cpu / theirs.cpu, 1, "times", f"{ours.cpu:.2f} s against {theirs.cpu:.2f} s")
        told("performance file, peak memory", ours.memory, 150, "MiB", f"polars {theirs.memory:.0f} MiB")
    else:
        print(f"  polars: not run, it could not be installed; ours took {ours.cpu:.2f} s and {ours.memory:.0f} MiB")

    # 4: a source that has not changed
    many = 2000
    none = best(ask.times, lambda: run(ask.poll, 0))
    polls = best(ask.times, lambda: run(ask.poll, many))
    wire = int(polls.out.rsplit(" bytes a poll", 1)[0].rsplit(" ", 1)[1])
    print("\nunchanged source polled, the publisher's own CPU in it")
    told("CPU of a poll", (polls.cpu - none.cpu) / many * 1000, 1, "ms", f"{many} polls")
    told("on the wire", wire, 1000, "bytes", "request and answer, without TCP and IP")

    # 5: memory against the number of periods held
    print("\nten years in one folder, one after the other")
    shutil.rmtree(data, ignore_errors=True)
    peaks = []
    for n in range(10):
        start = 2013 + n
        year = f"{start + 2}/{(start + 3) % 100:02}"
        ran = ingest(data, "ks4-performance", performance(ask.seed + n), year, "final", f"{start + 4}-01-24")
        peaks.append(ran.memory)
        if ran.code != 0:
            print(f"  {year} was not taken ({ran.code}): {ran.out.strip()}")
    print("  peaks in MiB: " + " ".join(f"{peak:.0f}" for peak in peaks))
    early, late = max(peaks[:5]), max(peaks[5:])
    told("peak of the last five years against the first five", late / early, 1.1, "times", f"{late:.0f} MiB against {early:.0f} MiB")
    told("highest peak", max(peaks), 150, "MiB", "any of the ten")

    print(f"\n{'every target reached' if not missed else 'not reached: ' + '; '.join(missed)}")


main()

#!/usr/bin/python3
"""Networks, support vector machines, k-means and linear models beside ONNX Runtime, in one process;
networks beside Eigen too.

    dense_table.py BUILD_FOLDER [--onnxruntime LIBRARY] [--rounds N] [--write]

Runs dense/* of BUILD_FOLDER/bench/model_bench in interleaved rounds, one thread, and prints a table: the
median of each time, and the median over rounds of ONNX Runtime's time divided by ours. LIBRARY is the
libonnxruntime.so of npm's onnxruntime-node (npm install --ignore-scripts onnxruntime-node); where it is
not given and not below ./node_modules, its columns are left out. --write replaces the table in
docs/benchmarks.md.
"""
import argparse
import collections
import glob
import json
import os
import re
import statistics
import subprocess
import sys

ROWS = (1, 16, 64, 4096)
SETS = {"0": "portable", "2": "avx2", "3": "avx512"}
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def find_library(given):
    if given:
        return given
    pattern = "node_modules/onnxruntime-node/bin/*/linux/x64/libonnxruntime.so*"
    return next(iter(sorted(glob.glob(pattern))), None)


def measure(folder, library, rounds):
    environment = dict(os.environ, **({"RINGMAKER_ONNXRUNTIME": os.path.abspath(library)} if library else {}))
    command = [os.path.join(folder, "bench/model_bench"), "--benchmark_filter=^dense/",
               f"--benchmark_repetitions={rounds}", "--benchmark_enable_random_interleaving=true",
               "--benchmark_min_time=0.01", "--benchmark_format=json"]
    output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout
    times = collections.defaultdict(dict)
    for run in json.loads(output)["benchmarks"]:
        if run["run_type"] != "iteration" or run.get("error_occurred"):
            continue
        found = re.match(r"dense/(\w+)/(\w+)/(\d+)/(\d+)", run["name"])
        subject, way, rows, isa = found.groups()
        key = (subject, f"model, {SETS[isa]}" if way == "model" else way, int(rows))
        times[key][run["repetition_index"]] = (run["cpu_time"], run["GFLOP/s"])
    return times


def spelled(nanoseconds):
    return f"{nanoseconds:.0f} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:.2f} us"


def cell(times, subject, way, rows):
    own = times.get((subject, way, rows))
    if not own:
        return ""
    median = statistics.median(time for time, _ in own.values())
    text = spelled(median / rows)
    if subject.startswith("mlp"):
        text += f", {statistics.median(flops for _, flops in own.values()):.0f} GFLOP/s"
    peer = times.get((subject, "onnxruntime", rows))
    if peer and way != "onnxruntime":
        ratios = [peer[i][0] / own[i][0] for i in own if i in peer]
        text += f" ({statistics.median(ratios):.2f})"
    return text


def place(row):
    """Subjects by name, ours before others, sets from the least to the best."""
    subject, way = row
    order = ["model, portable", "model, avx2", "model, avx512", "graph", "eigen", "onnxruntime"]
    return subject, order.index(way)


def table(times):
    lines = ["| Model | By | " + " | ".join(f"{rows} rows" if rows > 1 else "1 row" for rows in ROWS) + " |",
             "|---|---|" + "---|" * len(ROWS)]
    for subject, way in sorted({(subject, way) for subject, way, _ in times}, key=place):
        cells = " | ".join(cell(times, subject, way, rows) for rows in ROWS)
        lines.append(f"| {subject.replace('_', ' ')} | {way} | {cells} |")
    return "\n".join(lines)


def write(text):
    path = os.path.join(ROOT, "docs/benchmarks.md")
    with open(path, encoding="utf-8") as file:
        document = file.read()
    marks = re.compile(r"(<!-- begin dense -->\n).*?(<!-- end dense -->)", re.DOTALL)
    with open(path, "w", encoding="utf-8") as file:
        file.write(marks.sub(lambda found: found[1] + text + "\n" + found[2], document))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--onnxruntime")
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    library = find_library(options.onnxruntime)
    if not library:
        print("onnxruntime-node is not installed: its columns are left out", file=sys.stderr)
    text = table(measure(options.folder, library, options.rounds))
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()

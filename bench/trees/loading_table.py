#!/usr/bin/python3
"""What loading large models takes, beside XGBoost.

    loading_table.py BUILD_FOLDER [--rounds N] [--megabytes N] [--models FOLDER] [--write]

Makes model files of random trees with BUILD_FOLDER/bench/trees/make_trees, unless FOLDER has them, and
loads each with load_trees, and with load_xgboost where that is built and knows the format, in rounds and
each in a process of its own: from the page cache to a predictor that has scored one row. Prints medians
of CPU time, and memory above that of the process before: when the predictor stands, and at most.
--write replaces the table in docs/benchmarks.md.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEEP = ["--leaves", "5000", "--depth", "0", "--thresholds", "255"]
BUSHY = ["--leaves", "31", "--depth", "0", "--thresholds", "255"]
SHALLOW = ["--leaves", "64", "--depth", "6", "--thresholds", "255"]
# Name, format, file, shape, trees of 100 MB.
FILES = [
    ("our own, trees of 5000 leaves", "artifact", "deep.ringmaker", DEEP, 604),
    ("our own, trees of 31 leaves", "artifact", "bushy.ringmaker", BUSHY, 91000),
    ("XGBoost UBJSON, 5000 leaves", "xgboost_ubjson", "deep.ubj", DEEP, 294),
    ("XGBoost UBJSON, 31 leaves", "xgboost_ubjson", "bushy.ubj", BUSHY, 36500),
    ("XGBoost UBJSON, 64 leaves, depth 6", "xgboost_ubjson", "shallow.ubj", SHALLOW, 20000),
    ("XGBoost JSON, 5000 leaves", "xgboost_json", "deep.json", DEEP, 228),
    ("LightGBM text, 5000 leaves", "lightgbm_text", "deep.txt", DEEP, 299),
    ("ONNX, 5000 leaves", "onnx", "deep.onnx", DEEP, 297),
]


def load(folder, program, path):
    output = subprocess.run([os.path.join(folder, "bench/trees", program), path], check=True,
                            stdout=subprocess.PIPE).stdout
    return json.loads(output)


def summary(runs):
    median = {key: statistics.median(run[key] for run in runs)
              for key in ("file_bytes", "wall_s", "cpu_s", "stays_bytes", "peak_bytes")}
    size = median["file_bytes"]
    return (f"{median['wall_s'] * 1e3 * 1e8 / size:.0f} ms", f"{median['cpu_s'] * 1e3 * 1e8 / size:.0f} ms",
            f"{size / median['cpu_s'] / 1e6:.0f}", f"{median['stays_bytes'] / size:.2f} x",
            f"{median['peak_bytes'] / size:.2f} x")


def table(folder, models, rounds, megabytes):
    lines = ["| File | By | 100 MB, wall | CPU | MB/s of CPU | Stays | At most |", "|---|---|---|---|---|---|---|"]
    has_peer = os.path.exists(os.path.join(folder, "bench/trees/load_xgboost"))
    for name, form, file, shape, trees in FILES:
        path = os.path.join(models, file)
        if not os.path.exists(path):
            subprocess.run([os.path.join(folder, "bench/trees/make_trees"), *shape, "--trees",
                            str(max(1, trees * megabytes // 100)), "--format", form, path], check=True)
        programs = ["load_trees"]
        if has_peer and form.startswith("xgboost"):
            programs.append("load_xgboost")
        runs = {program: [] for program in programs}
        for _ in range(rounds):
            for program in programs:
                runs[program].append(load(folder, program, path))
        for program in programs:
            by = "Ringmaker" if program == "load_trees" else "XGBoost"
            lines.append(f"| {name} | {by} | " + " | ".join(summary(runs[program])) + " |")
    return "\n".join(lines)


def write(text):
    path = os.path.join(ROOT, "docs/benchmarks.md")
    with open(path, encoding="utf-8") as file:
        document = file.read()
    marks = re.compile(r"(<!-- begin loading -->\n).*?(<!-- end loading -->)", re.DOTALL)
    with open(path, "w", encoding="utf-8") as file:
        file.write(marks.sub(lambda found: found[1] + text + "\n" + found[2], document))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--megabytes", type=int, default=100)
    arguments.add_argument("--models")
    arguments.add_argument("--write", action="store_true")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as made:
        text = table(options.folder, options.models or made, options.rounds, options.megabytes)
    print(text)
    if options.write:
        write(text)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Time of `ringmaker train` beside scikit-learn's on the same rows, to the same loss, in turns.

    training_time.py RINGMAKER [ROUNDS]

The data is made here, so that anyone has it: 200,000 rows of 30 standard normal columns, labels drawn with
the logistic probability of a fixed linear score, seed 1. scikit-learn starts with the matrix in memory and is
timed for StandardScaler and LogisticRegression(C=1) alone; Ringmaker from exec to exit, the CSV read and the
model written. Prints the table of docs/quality.md; needs Debian's python3-sklearn, and a quiet machine.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

ROWS, COLUMNS = 200_000, 30


def make_data():
    random = numpy.random.default_rng(1)
    x = random.standard_normal((ROWS, COLUMNS)).astype(numpy.float32)
    score = x @ (random.standard_normal(COLUMNS) / 5)
    return x.astype(float), (random.random(ROWS) < 1 / (1 + numpy.exp(-score))).astype(int)


def timed(work):
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def scikit_learn(x, y):
    scaled = StandardScaler().fit_transform(x)
    return LogisticRegression(C=1.0, tol=1e-4).fit(scaled, y), scaled


def log_loss(probability, y):
    return float(-numpy.mean(numpy.log(numpy.where(y == 1, probability, 1 - probability))))


def main():
    binary, rounds = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7
    x, y = make_data()
    with tempfile.TemporaryDirectory() as directory:
        data = os.path.join(directory, "train.csv")
        numpy.savetxt(data, numpy.column_stack([y, x]), fmt="%.9g", delimiter=",")
        command = [binary, "train", "--data", data, "--label", "0", "--model-dir", directory,
                   "--hyperparameters", "predictor_type=binary_classifier"]
        ours, theirs, last_line = [], [], ""
        for turn in range(rounds + 1):  # the first warms up
            seconds, done = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.PIPE,
                                                         stderr=subprocess.DEVNULL, text=True))
            peer_seconds, (model, scaled) = timed(lambda: scikit_learn(x, y))
            if turn > 0:
                ours.append(seconds)
                theirs.append(peer_seconds)
            last_line = done.stdout.strip().splitlines()[-1]
        megabytes = os.path.getsize(data) / 1e6
    ratios = [a / b for a, b in zip(ours, theirs)]
    print("| data | scikit-learn, s | `ringmaker train`, s | ratio, median of %d | lowest to highest |\n"
          "|---|---|---|---|---|" % rounds)
    print("| %d x %d, %.0f MB of CSV, %d cores | %.3f | %.3f | **%.2f** | %.2f to %.2f |" % (
        ROWS, COLUMNS, megabytes, len(os.sched_getaffinity(0)), statistics.median(theirs),
        statistics.median(ours), statistics.median(ratios), min(ratios), max(ratios)))
    print("\nLoss of scikit-learn %.6f; Ringmaker's last round: `%s`" % (
        log_loss(model.predict_proba(scaled)[:, 1], y), last_line.replace("\t", " ")))


main()

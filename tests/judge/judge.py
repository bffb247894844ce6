#!/usr/bin/python3
"""Trains the same models with Ringmaker and with scikit-learn on the same rows, and compares.

    judge.py RINGMAKER DATA_DIRECTORY

Prints one Markdown row a data set. Exit code 1 when the training loss differs by more than 1e-4
relatively or the test accuracy by more than one row; 77 when scikit-learn or the data is absent.
Row i is a test row if i % 5 == 4. Penalty: C = 1 on standardised columns, alpha = 1 for ridge.
"""
import io
import os
import subprocess
import sys
import tempfile

from judge_support import csv_of, table_of

try:
    import numpy
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.preprocessing import StandardScaler
except ImportError as error:
    print("SKIP:", error)
    sys.exit(77)

SETS = [  # name, file, separator, label column, columns left out, regression
    ("iris", "iris.csv", ",", -1, [], False),
    ("breast cancer", "breast-cancer.csv", ",", -1, [], False),
    ("wine quality (white)", "wine-white.csv", ";", 0, [], False),
    ("california housing", "california-housing.csv.gz", ",", 8, [9], True),
]


def ringmaker(binary, x, y, x_test, regression):
    with tempfile.TemporaryDirectory() as directory:
        with open(directory + "/train.csv", "w") as file:
            file.write(csv_of(numpy.column_stack([y, x])))
        kind = "regressor" if regression else (
            "binary_classifier" if len(set(y)) == 2 else "multiclass_classifier")
        subprocess.run([binary, "train", "--data", directory + "/train.csv", "--label", "0",
                        "--model-dir", directory, "--hyperparameters",
                        "predictor_type=" + kind],
                       check=True, stdout=subprocess.DEVNULL)
        answers = []
        for rows in (x, x_test):
            done = subprocess.run([binary, "predict", "--model", directory, "-"], check=True,
                                  input=csv_of(rows), stdout=subprocess.PIPE, text=True)
            answers.append(numpy.loadtxt(io.StringIO(done.stdout), delimiter=",", ndmin=2))
    return [numpy.column_stack([1 - a, a]) if not regression and a.shape[1] == 1 else a
            for a in answers]


def sklearn(x, y, x_test, regression):
    mean = numpy.nanmean(x, axis=0)
    filled, filled_test = (numpy.where(numpy.isnan(m), mean, m) for m in (x, x_test))
    scaler = StandardScaler().fit(filled)
    model = Ridge(alpha=1.0, tol=1e-10) if regression else LogisticRegression(
        C=1.0, tol=1e-8, max_iter=20000)
    model.fit(scaler.transform(filled), y)
    answer = model.predict if regression else model.predict_proba
    return [answer(scaler.transform(m)).reshape(len(m), -1) for m in (filled, filled_test)]


def measure(answers, x, y, y_test, regression):
    if regression:
        rmse = [float(numpy.sqrt(numpy.mean((a[:, 0] - t) ** 2)))
                for a, t in zip(answers, (y, y_test))]
        return rmse[0], rmse[1]
    classes = numpy.array(sorted(set(y)))
    place = numpy.searchsorted(classes, y)
    loss = float(-numpy.mean(numpy.log(answers[0][numpy.arange(len(y)), place])))
    return loss, int(numpy.sum(classes[numpy.argmax(answers[1], axis=1)] == y_test))


def main():
    binary, data = sys.argv[1:3]
    if not os.path.isdir(data):
        print("SKIP: no data at", data)
        sys.exit(77)
    good = True
    print("| data | training loss, scikit-learn | Ringmaker | relative difference "
          "| test, scikit-learn | Ringmaker |\n|---|---|---|---|---|---|")
    for name, file, separator, label, left_out, regression in SETS:
        x, y = table_of(os.path.join(data, file), separator, label, left_out)
        test = numpy.arange(len(y)) % 5 == 4
        arguments = (x[~test], y[~test], x[test], regression)
        theirs, ours = sklearn(*arguments), ringmaker(binary, *arguments)
        (loss, at_test), (our_loss, our_test) = (
            measure(a, x[~test], y[~test], y[test], regression) for a in (theirs, ours))
        difference = abs(our_loss - loss) / loss
        same = abs(our_test - at_test) <= (1e-4 * at_test if regression else 1)
        good = good and difference <= 1e-4 and same
        shown = ((lambda v: "rmse %.2f" % v) if regression
                 else (lambda v: "%d of %d rows" % (v, test.sum())))
        print("| %s | %s%.8g | %.8g | %.1e | %s | %s |" % (
            name, "rmse " if regression else "", loss, our_loss, difference, shown(at_test),
            shown(our_test)))
    sys.exit(0 if good else 1)


main()

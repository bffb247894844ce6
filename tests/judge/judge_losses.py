#!/usr/bin/python3
"""Trains every loss beside squared and logistic with Ringmaker and with scikit-learn, and compares.

    judge_losses.py RINGMAKER DATA_DIRECTORY

Prints one Markdown row a problem. Both models are put into the same objective, computed here in
double: ours may exceed theirs by 1e-4 of it, no more (it may be lower: some of theirs stop early).
Columns and labels are standardised beforehand and penalties chosen to be the same:

    HuberRegressor     the scale it finds is given to both: delta = epsilon * scale
    QuantileRegressor  an exact linear program; its penalty is L1
    LinearSVC, SVR     wd = 1 / (C rows); liblinear penalises the bias too: bias_wd_mult = 1
    SVC                the same without a penalty on the bias; exact where the penalty is small

Exit code 1 when one differs by more; 77 when scikit-learn or the data is absent.
"""
import os
import subprocess
import sys
import tempfile
import warnings

from judge_support import csv_of, table_of

try:
    import numpy
    from sklearn.linear_model import HuberRegressor, QuantileRegressor
    from sklearn.svm import SVC, LinearSVC, LinearSVR
except ImportError as error:
    print("SKIP:", error)
    sys.exit(77)

warnings.filterwarnings("ignore")


def standardised(matrix):
    matrix = numpy.where(numpy.isnan(matrix), numpy.nanmean(matrix, axis=0), matrix)
    return (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)


def ringmaker(binary, x, y, classes, settings):
    """Weights and bias of the trained model, read off its answers to unit rows."""
    with tempfile.TemporaryDirectory() as directory:
        with open(directory + "/train.csv", "w") as file:
            file.write(csv_of(numpy.column_stack([y, x])))
        settings = dict(settings, predictor_type="binary_classifier" if classes else "regressor")
        subprocess.run([binary, "train", "--data", directory + "/train.csv", "--label", "0",
                        "--model-dir", directory, "--hyperparameters",
                        " ".join("%s=%.17g" % item if isinstance(item[1], float) else
                                 "%s=%s" % item for item in settings.items())],
                       check=True, stdout=subprocess.DEVNULL)
        units = numpy.vstack([numpy.zeros(x.shape[1]), numpy.eye(x.shape[1])])
        done = subprocess.run([binary, "predict", "--model", directory, "-"], check=True,
                              input=csv_of(units), stdout=subprocess.PIPE, text=True)
        answers = numpy.array([float(line) for line in done.stdout.split()])
        return answers[1:] - answers[0], answers[0]


def hinge(labels):
    side = 2 * labels - 1
    return lambda f: numpy.maximum(0, 1 - side * f)


def small_penalties(x, y, _):
    """As problems(); classes that can almost be told apart, which takes many passes."""
    labels = (y > 0).astype(float)
    for wd in (1e-3, 1e-4):
        machine = SVC(kernel="linear", C=1 / (wd * len(y)), tol=1e-8).fit(x, labels)
        yield "hinge_loss, wd %g" % wd, labels, machine, dict(wd=wd), hinge(labels)


def problems(x, y, labels):
    """Name, rows' labels, fitted scikit-learn model, our settings, loss of raw scores."""
    rows = len(y)
    huber = HuberRegressor(epsilon=1.35, alpha=0.01, max_iter=10000, tol=1e-8).fit(x, y)
    delta = 1.35 * float(huber.scale_)
    far = lambda r: numpy.maximum(0, numpy.abs(r) - delta)
    yield ("huber_loss", y, huber,
           dict(huber_delta=delta, wd=0.01 * float(huber.scale_) / rows),
           lambda f: numpy.minimum(numpy.abs(y - f), delta) ** 2 / 2 + delta * far(y - f))
    for quantile, penalty in ((0.5, 0.0), (0.9, 0.0), (0.25, 0.01)):
        exact = QuantileRegressor(quantile=quantile, alpha=penalty, solver="highs").fit(x, y)
        pinball = lambda f, q=quantile: numpy.maximum(q * (y - f), (q - 1) * (y - f))
        yield ("quantile_loss %g%s" % (quantile, ", l1" if penalty else ""), y, exact,
               dict(loss="quantile_loss", quantile=quantile, l1=penalty, wd=0.0), pinball)
        if quantile == 0.5:
            yield ("absolute_loss", y, exact, dict(wd=0.0), lambda f: numpy.abs(y - f))
    outside = lambda f: numpy.maximum(0, numpy.abs(y - f) - 0.1)
    for name, loss, wd, of in (
            ("eps_insensitive_absolute_loss", "epsilon_insensitive", 1, outside),
            ("eps_insensitive_squared_loss", "squared_epsilon_insensitive", 0.5,
             lambda f: outside(f) ** 2 / 2)):
        machine = LinearSVR(epsilon=0.1, C=1.0, loss=loss, tol=1e-7, max_iter=200000,
                            random_state=0).fit(x, y)
        yield (name, y, machine, dict(loss_insensitivity=0.1, wd=wd / rows, bias_wd_mult=1), of)
    machine = LinearSVC(C=1.0, loss="hinge", tol=1e-7, max_iter=200000, random_state=0)
    yield ("hinge_loss", labels, machine.fit(x, labels), dict(wd=1.0 / rows, bias_wd_mult=1),
           hinge(labels))


def objective(of, settings, x, weights, bias):
    wd = settings.get("wd", 0.0)
    return float(numpy.mean(of(x @ weights + bias)) + wd / 2 * weights @ weights
                 + wd * settings.get("bias_wd_mult", 0) / 2 * bias ** 2
                 + settings.get("l1", 0.0) * numpy.abs(weights).sum())


def main():
    binary, data = sys.argv[1:3]
    if not os.path.isdir(data):
        print("SKIP: no data at", data)
        sys.exit(77)
    good = True
    print("| data | loss | objective, scikit-learn | Ringmaker | relative difference |\n"
          "|---|---|---|---|---|")
    for name, file, separator, label, left_out, rows_max, problems_of in (
            ("wine quality (white)", "wine-white.csv", ";", 0, [], 4000, problems),
            ("california housing", "california-housing.csv.gz", ",", 8, [9], 2000, problems),
            ("breast cancer", "breast-cancer.csv", ",", -1, [], 569, small_penalties)):
        x, y = table_of(os.path.join(data, file), separator, label, left_out)
        x, y = x[:rows_max], y[:rows_max]
        x, y, labels = standardised(x), standardised(y), (y > numpy.median(y)).astype(float)
        for loss, target, model, settings, of in problems_of(x, y, labels):
            kind = loss.split(",")[0]
            settings = dict({"loss": kind}, **settings)
            weights, bias = ringmaker(binary, x, target, kind == "hinge_loss", settings)
            theirs = objective(of, settings, x, numpy.ravel(model.coef_),
                               float(numpy.ravel(model.intercept_)[0]))
            ours = objective(of, settings, x, weights, bias)
            difference = (ours - theirs) / theirs
            good = good and difference <= 1e-4
            print("| %s | %s | %.8g | %.8g | %.1e |" % (name, loss, theirs, ours, difference),
                  flush=True)
    sys.exit(0 if good else 1)


main()

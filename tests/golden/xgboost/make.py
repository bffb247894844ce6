#!/usr/bin/env python3
"""Makes the models of this folder with libxgboost (Debian's libxgboost0, 1.7.4) through its C API.

Run it by hand, in this folder; the results are kept. Rows hold missing values and values that lie
exactly on thresholds of the model.
"""
import ctypes
import json
import math
import os
import random
import struct

xgb = ctypes.CDLL("libxgboost.so.0")
xgb.XGBGetLastError.restype = ctypes.c_char_p
ROWS, COLUMNS = 60, 4


def call(name, *arguments):
    if getattr(xgb, name)(*arguments) != 0:
        raise RuntimeError(f"{name}: {xgb.XGBGetLastError().decode()}")


def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def matrix(rows, labels):
    flat = (ctypes.c_float * (len(rows) * COLUMNS))(*[v for row in rows for v in row])
    handle = ctypes.c_void_p()
    call("XGDMatrixCreateFromMat", flat, ctypes.c_uint64(len(rows)), ctypes.c_uint64(COLUMNS),
         ctypes.c_float(math.nan), ctypes.byref(handle))
    call("XGDMatrixSetFloatInfo", handle, b"label", (ctypes.c_float * len(rows))(*labels),
         ctypes.c_uint64(len(rows)))
    return handle


def predict(booster, data, mask):
    length = ctypes.c_uint64()
    out = ctypes.POINTER(ctypes.c_float)()
    call("XGBoosterPredict", booster, data, mask, 0, 0, ctypes.byref(length), ctypes.byref(out))
    values = out[: length.value]
    width = length.value // ROWS
    return [values[i * width : (i + 1) * width] for i in range(ROWS)]


def write(path, names, rows):
    with open(path, "w", encoding="ascii") as file:
        file.write(",".join(names) + "\n")
        for row in rows:
            file.write(",".join("" if math.isnan(v) else f"{v:.9g}" for v in row) + "\n")


def names(name, count):
    return [name] if count == 1 else [f"{name}_{k}" for k in range(count)]


def make(folder, rounds, **parameters):
    rng = random.Random(7)
    rows = [[math.nan if rng.random() < 0.1 else single(round(rng.uniform(-3, 3), 1))
             for _ in range(COLUMNS)] for _ in range(ROWS)]
    value = [sum(0 if math.isnan(v) else v for v in row[:3]) for row in rows]
    classes = int(parameters.get("num_class", 2))
    if parameters["objective"].startswith(("binary", "multi")):
        labels = [min(classes - 1, max(0, int((v + 4) * classes / 8))) for v in value]
    else:
        labels = [abs(v) + 0.5 for v in value]
    data = matrix(rows, labels)
    booster = ctypes.c_void_p()
    call("XGBoosterCreate", (ctypes.c_void_p * 1)(data), ctypes.c_uint64(1), ctypes.byref(booster))
    for key, setting in {"max_depth": 3, "seed": 1, "nthread": 1, "updater": "",
                         **parameters}.items():
        if setting != "":
            call("XGBoosterSetParam", booster, key.encode(), str(setting).encode())
    for i in range(rounds):
        call("XGBoosterUpdateOneIter", booster, i, data)
    os.makedirs(folder, exist_ok=True)
    for extension in ("json", "ubj", "deprecated"):
        call("XGBoosterSaveModel", booster, f"{folder}/model.{extension}".encode())
    write(f"{folder}/input.csv", [f"x{j}" for j in range(COLUMNS)], rows)
    margins, scores = predict(booster, data, 1), predict(booster, data, 0)
    write(f"{folder}/expected.csv",
          names("margin", len(margins[0])) + names("pred", len(scores[0])),
          [m + s for m, s in zip(margins, scores)])
    if parameters.get("booster") != "gblinear":
        leaves = predict(booster, data, 2)
        write(f"{folder}/expected_leaf.csv", names("tree", len(leaves[0])), leaves)
    contributions = predict(booster, data, 4)
    each = COLUMNS + 1
    outputs = len(contributions[0]) // each
    write(f"{folder}/expected_contrib.csv",
          [f"contrib_{k}_{j}" for k in range(outputs) for j in (*range(COLUMNS), "bias")],
          contributions)
    with open(f"{folder}/meta.json", "w", encoding="ascii") as file:
        json.dump({"library": "xgboost 1.7.4", "rounds": rounds, **parameters}, file, indent=1)
        file.write("\n")


make("binary", 4, objective="binary:logistic", base_score=0.3)
make("softprob", 2, objective="multi:softprob", num_class=3, num_parallel_tree=2, subsample=0.8)
make("softmax", 2, objective="multi:softmax", num_class=3)
make("dart", 4, objective="count:poisson", booster="dart", rate_drop=0.5)
make("gblinear", 3, objective="reg:squarederror", booster="gblinear", updater="coord_descent")
make("one_leaf", 2, objective="reg:squarederror", gamma=1e9)

#!/usr/bin/env python3
"""Makes the models of this folder: scikit-learn trains and answers, python3-onnx writes the graphs
(Debian's 1.2.1 and 1.12.0).

Run it by hand with Debian's /usr/bin/python3, in this folder; the results are kept.
"""
import json
import os

import numpy
from onnx import TensorProto, checker, helper, numpy_helper
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

ROWS, COLUMNS = 60, 4


def data():
    rng = numpy.random.RandomState(7)
    rows = rng.uniform(-3, 3, (ROWS, COLUMNS)).round(1).astype(numpy.float32)
    return rows, rows[:, 0] * rows[:, 1] + rows[:, 2]


def write(path, names, rows):
    with open(path, "w", encoding="ascii") as file:
        file.write(",".join(names) + "\n")
        for row in rows:
            file.write(",".join(f"{value:.9g}" for value in row) + "\n")


def keep(folder, nodes, constants, outputs, answers):
    """`outputs`: name, element type and columns (0: one value a row) of each; `answers` in the same order."""
    os.makedirs(folder, exist_ok=True)
    graph = helper.make_graph(
        nodes, folder, [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, COLUMNS])],
        [helper.make_tensor_value_info(name, kind, [None, width] if width else [None])
         for name, kind, width in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()])
    model = helper.make_model(graph, producer_name="make.py", ir_version=8, opset_imports=[
        helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 2)])
    checker.check_model(model)
    with open(f"{folder}/model.onnx", "wb") as file:
        file.write(model.SerializeToString())
    rows, _ = data()
    write(f"{folder}/input.csv", [f"f{k}" for k in range(COLUMNS)], rows)
    names = [column for name, _, width in outputs
             for column in ([name] if width == 0 else [f"{name}_{k}" for k in range(width)])]
    write(f"{folder}/expected.csv", names, numpy.column_stack(answers))
    with open(f"{folder}/meta.json", "w", encoding="ascii") as file:
        json.dump({"name": folder, "format": "onnx", "files": {"onnx": "model.onnx"},
                   "tolerance": {"floats": {"rtol": 1e-5, "atol": 1e-6}}}, file, indent=1)
        file.write("\n")


def forest():
    rows, value = data()
    labels = numpy.digitize(value, [-1.5, 1.5])
    model = RandomForestClassifier(3, max_depth=3, random_state=7).fit(rows, labels)
    nodes = {key: [] for key in ("treeids", "nodeids", "featureids", "values", "modes", "hitrates",
                                 "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    leaves = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for number, estimator in enumerate(model.estimators_):
        tree = estimator.tree_
        for node in range(tree.node_count):
            is_leaf = tree.children_left[node] < 0
            # A double threshold divides floats as the largest float that is not above it.
            cut = numpy.float32(tree.threshold[node])
            if cut > tree.threshold[node]:
                cut = numpy.nextafter(cut, numpy.float32(-numpy.inf))
            for key, entry in (("treeids", number), ("nodeids", node),
                               ("featureids", 0 if is_leaf else int(tree.feature[node])),
                               ("values", 0.0 if is_leaf else float(cut)),
                               ("modes", "LEAF" if is_leaf else "BRANCH_LEQ"), ("hitrates", 1.0),
                               ("truenodeids", 0 if is_leaf else int(tree.children_left[node])),
                               ("falsenodeids", 0 if is_leaf else int(tree.children_right[node])),
                               ("missing_value_tracks_true", 0)):
                nodes[key].append(entry)
            if is_leaf:
                counts = tree.value[node][0]
                for label, weight in enumerate(counts / counts.sum() / len(model.estimators_)):
                    for key, entry in (("treeids", number), ("nodeids", node), ("ids", label),
                                       ("weights", float(weight))):
                        leaves[key].append(entry)
    node = helper.make_node(
        "TreeEnsembleClassifier", ["X"], ["label", "probabilities"], domain="ai.onnx.ml",
        classlabels_int64s=[int(c) for c in model.classes_], post_transform="NONE",
        **{f"nodes_{key}": entries for key, entries in nodes.items()},
        **{f"class_{key}": entries for key, entries in leaves.items()})
    keep("forest", [node], {},
         [("label", TensorProto.INT64, 0), ("probabilities", TensorProto.FLOAT, 3)],
         [model.predict(rows), model.predict_proba(rows)])


def network():
    rows, value = data()
    model = make_pipeline(StandardScaler(), MLPRegressor((8, 5), activation="tanh", max_iter=2000,
                                                         random_state=7)).fit(rows, value)
    scaler, layers = model[0], model[1]
    nodes = [helper.make_node("Scaler", ["X"], ["h0"], domain="ai.onnx.ml",
                              offset=scaler.mean_.tolist(), scale=(1 / scaler.scale_).tolist())]
    constants = {}
    count = len(layers.coefs_)
    for k, (weights, bias) in enumerate(zip(layers.coefs_, layers.intercepts_)):
        constants[f"w{k}"] = weights.astype(numpy.float32)
        constants[f"b{k}"] = bias.astype(numpy.float32)
        last = k + 1 == count
        nodes.append(helper.make_node("Gemm", [f"h{k}", f"w{k}", f"b{k}"],
                                      ["y" if last else f"s{k}"]))
        if not last:
            nodes.append(helper.make_node("Tanh", [f"s{k}"], [f"h{k + 1}"]))
    keep("network", nodes, constants, [("y", TensorProto.FLOAT, 1)], [model.predict(rows)])


def support_vectors():
    rows, value = data()
    model = SVR(gamma=0.2).fit(rows, value)
    node = helper.make_node(
        "SVMRegressor", ["X"], ["y"], domain="ai.onnx.ml", kernel_type="RBF",
        kernel_params=[0.2, 0.0, 3.0], n_supports=len(model.support_),
        support_vectors=model.support_vectors_.ravel().tolist(),
        coefficients=model.dual_coef_.ravel().tolist(), rho=model.intercept_.tolist())
    keep("support_vectors", [node], {}, [("y", TensorProto.FLOAT, 1)], [model.predict(rows)])


forest()
network()
support_vectors()

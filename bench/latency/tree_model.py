"""Tree ensembles for benchmarks: complete trees of one depth, with random splits and leaves.

write_ensemble(path, trees, depth, features) writes one as LightGBM's text, the same for the same arguments.
"""
import pathlib
import random


def complete_tree(index, depth, features, draw):
    """Nodes are numbered as in a heap; a child that is no node is a leaf, and leaves count from -1 down."""
    nodes, leaves = 2**depth - 1, 2**depth
    child = lambda number: number if number < nodes else -(number - nodes) - 1
    joined = lambda values: " ".join(str(value) for value in values)
    fields = {
        "num_leaves": leaves,
        "num_cat": 0,
        "split_feature": joined(draw.randrange(features) for _ in range(nodes)),
        "threshold": joined(f"{draw.uniform(-2, 2):.6f}" for _ in range(nodes)),
        "decision_type": joined([2] * nodes),
        "left_child": joined(child(2 * node + 1) for node in range(nodes)),
        "right_child": joined(child(2 * node + 2) for node in range(nodes)),
        "leaf_value": joined(f"{draw.uniform(-0.1, 0.1):.6f}" for _ in range(leaves)),
        "is_linear": 0,
        "shrinkage": 1,
    }
    return f"Tree={index}\n" + "".join(f"{name}={value}\n" for name, value in fields.items()) + "\n\n"


def write_ensemble(path, trees, depth, features):
    draw = random.Random(1)
    texts = [complete_tree(index, depth, features, draw) for index in range(trees)]
    head = {
        "version": "v4",
        "num_class": 1,
        "num_tree_per_iteration": 1,
        "label_index": 0,
        "max_feature_idx": features - 1,
        "objective": "regression",
        "feature_names": " ".join(f"Column_{feature}" for feature in range(features)),
        "feature_infos": " ".join(["[-10:10]"] * features),
        "tree_sizes": " ".join(str(len(text)) for text in texts),
    }
    pathlib.Path(path).write_text("tree\n" + "".join(f"{name}={value}\n" for name, value in head.items()) + "\n" +
                                  "".join(texts) + "end of trees\n\nparameters:\nend of parameters\n")

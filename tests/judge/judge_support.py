"""What the judges share: tables of the shared data, and CSV text."""
import gzip
import io


def rows_of(path, separator):
    opened = gzip.open(path, "rt") if path.endswith(".gz") else open(path)
    with opened as file:
        return [line.strip().split(separator) for line in file][1:]


def table_of(path, separator, label, left_out):
    """Features and labels; empty fields are NaN."""
    import numpy
    rows = rows_of(path, separator)
    width = len(rows[0])
    label %= width
    kept = [j for j in range(width) if j != label and j not in left_out]
    number = lambda text: float(text) if text else float("nan")
    x = numpy.array([[number(row[j]) for j in kept] for row in rows], dtype=numpy.float32)
    return x.astype(float), numpy.array([float(row[label]) for row in rows])


def csv_of(matrix):
    import numpy
    text = io.StringIO()
    numpy.savetxt(text, matrix, fmt="%.9g", delimiter=",")
    return text.getvalue().replace("nan", "")

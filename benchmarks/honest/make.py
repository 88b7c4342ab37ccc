"""Writes honest files: every recipe's object, in the forms in which objects are kept.

    PYTHON benchmarks/honest/make.py FOLDER [RECIPES...]

Run by the interpreter whose libraries are to speak; an object whose library is missing, or that cannot be kept in a
form, is passed over. Python 2.7 reads this file too.
"""

from __future__ import print_function

import os
import pickle
import signal
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 120  # for one object


def pickled(protocol):
    return lambda thing, path: keep(pickle.dumps(thing, protocol), path)


def keep(data, path):
    with open(path, "wb") as file:
        file.write(data)


def by_joblib(thing, path):
    import joblib

    joblib.dump(thing, path)


def by_joblib_packed(thing, path):
    import joblib

    joblib.dump(thing, path, compress=3)


def by_cloudpickle(thing, path):
    import cloudpickle

    keep(cloudpickle.dumps(thing), path)


def by_dill(thing, path):
    import dill

    keep(dill.dumps(thing), path)


def by_torch(thing, path):
    import torch

    torch.save(thing, path)


def by_torch_legacy(thing, path):
    import torch

    torch.save(thing, path, _use_new_zipfile_serialization=False)


FORMS = [("%d.pkl" % protocol, pickled(protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)] + [
    ("joblib", by_joblib),
    ("gz.joblib", by_joblib_packed),
    ("cloud.pkl", by_cloudpickle),
    ("dill", by_dill),
    ("pt", by_torch),
    ("legacy.pt", by_torch_legacy),
]


def recipes(path):
    """Name and maker of every object that a file of recipes describes."""
    found = {"__name__": "recipes", "__file__": path}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), found)
    for number, line in enumerate(found.get("EXPRESSIONS", "").split("\n")):
        if line.strip():
            yield "%03d" % number, evaluated(line)
    for name, maker in sorted(found.items()):
        if "__" in name and name[0] != "_":
            yield name.replace("__", "/"), maker


def evaluated(line):
    """An expression, as a maker; what it names is imported."""

    def maker():
        space = {}
        for _ in range(4):
            try:
                return eval(line, space)
            except NameError as error:
                module = str(error).split("'")[1]
                space[module] = __import__(module)
            except AttributeError:
                __import__(line.split("(")[0].split("[")[0].rpartition(".")[0])
        return eval(line, space)

    return maker


def write(folder, name, maker):
    """One object in every form; how many were kept."""
    thing, kept = maker(), 0
    for form, saver in FORMS:
        path = os.path.join(folder, name + "." + form)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        try:
            saver(thing, path)
            kept += 1
        except Exception:
            if os.path.exists(path):
                os.remove(path)
    return kept


def written(folder, name, maker):
    """What became of one recipe."""
    try:
        signal.alarm(SECONDS)
        return "%d files" % write(folder, name, maker)
    except ImportError as error:
        return "left out: %s" % error
    except Exception:
        return "fails: " + traceback.format_exc().strip().split("\n")[-1][:200]
    finally:
        signal.alarm(0)


def every(folder, made, first):
    """Recipes from `first` on, in a process of their own: a library that aborts takes only itself along."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        for number in range(first, len(made)):
            os.write(writer, b".")
            print(made[number][0], written(folder, *made[number]))
            sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    started = 0
    while True:
        told = os.read(reader, 4096)
        if not told:
            break
        started += len(told)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    return len(made) if status == 0 else first + max(started, 1)


def main():
    folder, chosen = sys.argv[1], sys.argv[2:]
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    for path in chosen or [os.path.join(HERE, "recipes", "standard.py")]:
        made = list(recipes(path))
        first = 0
        while first < len(made):
            first = every(folder, made, first)


def late(*_):
    raise RuntimeError("took too long")


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, late)
    sys.path = [one for one in sys.path if os.path.abspath(one or ".") != HERE]
    main()

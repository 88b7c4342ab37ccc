"""What other unpicklers do with a stream. No name is looked up: each stands for an inert class that takes notes."""

import _pickle
import copyreg
import io
import pickle
import pickletools
from collections.abc import Callable
from typing import NamedTuple

EXTENSION, EXTENDED = 17, ("fuzzed", "extension")
copyreg.add_extension(*EXTENDED, EXTENSION)


class Notes(NamedTuple):
    """In order: names looked up (as spelled), names called, ids loaded, states given; and whether it ended well."""

    imports: list[tuple[str, str]]
    calls: list[str]
    ids: list[object]
    builds: list[int]
    ended: bool


NOTES = Notes([], [], [], [], False)


class Inert:
    """Stands for whatever a name would have been."""

    spelled = "?"

    def __new__(cls, *args, **kwargs):
        NOTES.calls.append(cls.spelled)
        return object.__new__(cls)

    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, **kwargs):
        NOTES.calls.append("result of " + self.spelled)
        return Result()

    def __setstate__(self, *state):
        NOTES.builds.append(1)

    def __setitem__(self, key, value):
        pass

    def extend(self, *items):
        pass

    append = add = extend


class Result(Inert):
    def __new__(cls, *args, **kwargs):
        return object.__new__(cls)


CLASSES: dict[tuple[str, str], type] = {}


def class_of(module: str, name: str) -> type:
    found = CLASSES.get((module, name))
    if found is None:
        found = CLASSES[module, name] = type("Stub", (Inert,), {"spelled": f"{module}.{name}"})
    return found


class Recording:
    def find_class(self, module, name):
        NOTES.imports.append((module, name))
        return class_of(module, name)

    def persistent_load(self, id):
        NOTES.ids.append(id)
        return Result()


class Native(Recording, _pickle.Unpickler):
    """C's unpickler."""


class Ahead(Native):
    """C's unpickler, reading a file that lets it look ahead."""

    def __init__(self, file, **options):
        super().__init__(io.BufferedReader(file), **options)


class Python(Recording, pickle._Unpickler):
    """The one written in Python."""


def notes_of(unpickler: Callable[..., object], data: bytes) -> Notes:
    """What an unpickler would import, call, load and build before it ends or breaks."""
    global NOTES
    NOTES = Notes([], [], [], [], False)
    copyreg._extension_cache.clear()
    try:
        unpickler(io.BytesIO(data), encoding="latin-1", buffers=[b"outside"] * 3).load()
    except Exception:
        return NOTES
    return NOTES._replace(ended=True)


def listed(data: bytes) -> set[tuple[str, str]]:
    """The names that `pickletools` sees, up to where it breaks."""
    found: set[tuple[str, str]] = set()
    try:
        for op, argument, _ in pickletools.genops(data):
            if op.name in ("GLOBAL", "INST"):
                module, _, name = argument.partition(" ")
                found.add((module, name))
    except Exception:
        return found
    return found

"""HDF5 against its own library, and against pyfive: what h5py writes, in every layout, is read."""

import pytest

h5py = pytest.importorskip("h5py")
numpy = pytest.importorskip("numpy")

from tests.conformance.oracle import allowed, blob  # noqa: E402
from weighbridge.policy.verdict import EvalOutcome  # noqa: E402
from weighbridge.readers.hdf5 import Attribute, Outward, contents  # noqa: E402

VERSIONS = ["earliest", "v108", "v110", "v112", "v114", "latest", ("earliest", "latest"), ("v108", "v110")]


def texts(file):
    """Fixed and variable, alone and in arrays, empty, beyond ASCII, opaque, and of a named type."""
    file.attrs["keras_version"] = "3.0.0"
    file.attrs["letters"] = "żółw"
    file.attrs.create("list", ["a" * 300, "b", '{"c": 1}'], dtype=h5py.string_dtype())
    file.attrs["fixed"] = numpy.array([b"one", b"three"])
    file.attrs.create("raw", numpy.void(b"\x01\x02\x03"))
    file.attrs["empty"] = h5py.Empty("S1")
    file["type"] = h5py.string_dtype()
    file.attrs.create("of a named type", "committed", dtype=file["type"])


def numbers(file):
    """Attributes that hold no text."""
    file.attrs["whole"], file.attrs["half"] = 1, numpy.float16(2)
    file.attrs["pair"] = numpy.array([(1, b"x")], dtype=[("n", "i4"), ("s", "S3")])
    file.attrs["list"] = numpy.arange(9)


def many(file):
    """So many attributes that they lie in a heap, and one that is too long for the others' company."""
    for number in range(300):
        file.attrs[f"a{number}"] = f"value {number}"
    file.attrs["model_config"] = '{"a": "' + "x" * 100_000 + '"}'


def long(file):
    """Of fixed length, and longer than a header."""
    file.attrs.create("long", numpy.bytes_(b"x" * 100_000))


def groups(file):
    """A tree, with links of every kind within the file."""
    for name in ("a", "b/c", "b/d/e"):
        file.create_group(name).attrs["name"] = name
    file["soft"], file["hard"] = h5py.SoftLink("/b/c"), file["b/d"]


def wide(file):
    """More links than a header holds."""
    for number in range(500):
        file.create_group(f"g{number:03}").attrs["n"] = str(number)


def ordered(file):
    """As they came, not as they are called."""
    inner = file.create_group("t", track_order=True)
    for number in range(40):
        inner.create_dataset(f"d{number}", data=numpy.arange(3)).attrs["n"] = str(number)
        inner.attrs[f"k{number}"] = str(number)


def arrays(file):
    """Contiguous, compact, chunked, packed, filled, growing, of texts, and none at all."""
    file.create_dataset("whole", data=numpy.zeros((30, 40)))
    file.create_dataset("chunks", (1000, 100), chunks=(10, 10), compression="gzip", data=numpy.ones((1000, 100)))
    file.create_dataset("growing", (5, 5), "f4", maxshape=(None, None), chunks=True, shuffle=True, fletcher32=True)
    file.create_dataset("filled", (9,), "f4", fillvalue=3).attrs["unit"] = "m"
    file.create_dataset("texts", data=["a", "b"], dtype=h5py.string_dtype())
    file.create_dataset("nothing", data=h5py.Empty("f4"))
    file.create_dataset("reference", data=file["whole"].ref, dtype=h5py.ref_dtype)


def own_pieces(file):
    """A virtual array of the file itself."""
    file["d"] = numpy.zeros(100, "f4")
    layout = h5py.VirtualLayout(shape=(4, 100), dtype="f4")
    for number in range(4):
        layout[number] = h5py.VirtualSource(".", "d", shape=(100,))
    file.create_virtual_dataset("v", layout)


MAKERS = [texts, numbers, many, long, groups, wide, ordered, arrays, own_pieces]


def written(path, maker, **options):
    try:
        with h5py.File(path, "w", **options) as file:
            maker(file)
    except OSError as error:
        pytest.skip(f"the library does not write it: {error}")
    return path


def theirs(path):
    """Every attribute of every object, by the library: texts as bytes, of numbers the name alone."""
    found = set()

    def told(_, thing):
        for name in thing.attrs:
            identifier = h5py.h5a.open(thing.id, name.encode())
            held = identifier.get_type()
            told_as = () if identifier.get_space().get_simple_extent_type() == h5py.h5s.NULL else None
            if told_as is None:
                told_as = values(thing.attrs[name]) if held.get_class() in (h5py.h5t.STRING, h5py.h5t.OPAQUE) else ()
            found.add((name, told_as))

    with h5py.File(path) as file:
        told("", file)
        file.visititems(told)
    return found


def values(held):
    flat = [held] if isinstance(held, (str, bytes, numpy.void)) else list(numpy.asarray(held).reshape(-1))
    return tuple(bytes(v.tobytes()).rstrip(b"\0") if isinstance(v, numpy.void) else encoded(v) for v in flat)


def encoded(text):
    return text.encode() if isinstance(text, str) else bytes(text).rstrip(b"\0")


def ours(path):
    found = [each for each in contents(blob(path)) if isinstance(each, Attribute)]
    return {(each.name, tuple(value.rstrip(b"\0") for value in each.values)) for each in found}


@pytest.mark.parametrize("version", VERSIONS, ids=str)
@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_attributes_are_those_of_the_library(maker, version, tmp_path):
    """Every one, by name and text, whatever the layout; and the file is ALLOWED."""
    path = written(tmp_path / "m.h5", maker, libver=version)

    assert ours(path) == theirs(path)
    allowed(path, "hdf5")


@pytest.mark.parametrize("size", [512, 4096])
def test_file_behind_a_user_block_is_the_same(size, tmp_path):
    """Addresses count from the superblock."""
    path = written(tmp_path / "m.h5", many, userblock_size=size)

    assert ours(path) == theirs(path)


@pytest.mark.parametrize("version", ["earliest", "v110", "latest"])
def test_whatever_leads_out_of_the_file_is_found(version, tmp_path):
    """External links, storages, and pieces of virtual arrays: the files that the library would open."""

    def outward(file):
        file["link"] = h5py.ExternalLink("linked.h5", "/d")
        file.create_dataset("storage", (100,), dtype="f4", external=[("stored.bin", 0, h5py.h5f.UNLIMITED)])
        layout = h5py.VirtualLayout(shape=(6, 100), dtype="f4")
        for number in range(6):
            source = h5py.VirtualSource("." if number % 3 == 2 else f"piece{number // 3}.h5", "d", shape=(100,))
            layout[number, ::2] = source[:50]
        file.create_virtual_dataset("virtual", layout)
        wide(file)

    path = written(tmp_path / "m.h5", outward, libver=version)
    found = {each.target for each in contents(blob(path)) if isinstance(each, Outward)}

    assert found == {"linked.h5", "stored.bin", "piece0.h5", "piece1.h5"}


@pytest.mark.parametrize("maker", [groups, wide, ordered], ids=lambda maker: maker.__name__)
def test_objects_are_those_of_pyfive(maker, tmp_path):
    """A second reader, in Python, that shares no code with the library."""
    pyfive = pytest.importorskip("pyfive")
    path = written(tmp_path / "m.h5", maker, libver="v108")
    seen = set()

    def visit(group, here):
        for name in group:
            thing = group[name]
            seen.update((f"{here}/{name}", key) for key in thing.attrs)
            if isinstance(thing, pyfive.Group):
                visit(thing, f"{here}/{name}")

    with pyfive.File(str(path)) as file:
        visit(file, "")
    found = {(each.path, each.name) for each in contents(blob(path)) if isinstance(each, Attribute) and each.path}

    assert found <= seen
    assert {name for _, name in seen} == {name for _, name in found}


def test_keras_models_of_either_kind_are_told(tmp_path):
    """A configuration is read as Keras would, and code in it is found, also where it lies in a heap."""

    def model(file):
        layer = '{"class_name": "Lambda", "config": {"function": ["4wEAAAA=", null, null]}}'
        file.attrs["model_config"] = '{"class_name": "Sequential", "config": {"layers": [' + layer + "]}}"
        many_others(file)

    def many_others(file):
        for number in range(20):
            file.attrs[f"a{number}"] = "x"

    for version in ("earliest", "latest"):
        path = written(tmp_path / f"{version}.h5", model, libver=version)
        from weighbridge.gate import scan
        from weighbridge.settings import Settings

        [verdict] = scan(Settings((str(path),))).verdicts
        assert verdict.eval_outcome is EvalOutcome.BLOCKED
        assert any(finding.threat.code.startswith("KERAS-") for finding in verdict.violations)

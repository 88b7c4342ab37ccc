"""Numbers by name: NumPy, safetensors, GGUF and MessagePack, against the libraries that write them."""

import io
import json
import random
import struct

import pytest

numpy = pytest.importorskip("numpy")

from tests.builders.models import weighed  # noqa: E402
from tests.conformance.oracle import allowed, blob  # noqa: E402
from weighbridge.artifact import Blob, Limits  # noqa: E402
from weighbridge.policy.finding import Severity  # noqa: E402

KINDS = """? b B h H i I l L q Q e f d g F D G S5 U7 V9 M8[ns] m8[D] >i4 <f8 >U3 (2,3)f4""".split()
FIELDS = [
    [("a", "f4"), ("b", "S5", (2,))],
    [("a", [("b", "i8"), ("ż", "U2")])],
    {"names": ["x", "y"], "formats": ["i1", "f8"], "offsets": [0, 16], "itemsize": 40},
    numpy.dtype([("a", "i1"), ("b", "f8")], align=True),
    [(("title", "name"), "f4")],
]
SHAPES = [(), (0,), (7,), (3, 4), (1, 1, 1, 1, 2)]


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("kind", [*KINDS, *FIELDS, "O", [("a", "O"), ("b", "f4")]], ids=str)
def test_header_of_an_array_is_that_of_numpy(kind, version):
    """Where its numbers begin, how many bytes they take, and whether they are objects."""
    from weighbridge.readers.npy import header

    for shape in SHAPES:
        array = numpy.zeros(shape, kind)
        made = io.BytesIO()
        try:
            numpy.lib.format.write_array(made, array, version=version, allow_pickle=True)
        except (UnicodeEncodeError, ValueError) as error:
            pytest.skip(f"the library does not write it: {error}")
        data = made.getvalue()
        found = header(Blob("w.npy", data, Limits()))
        assert found.objects == array.dtype.hasobject
        if not found.objects:
            assert (found.start, found.size) == (len(data) - array.nbytes, array.nbytes)


@pytest.mark.parametrize("packed", [False, True])
def test_archive_of_arrays_is_read(packed, tmp_path):
    """Stored or packed."""
    save = numpy.savez_compressed if packed else numpy.savez
    save(tmp_path / "w.npz", a=numpy.zeros(3000), b=numpy.array(["x"]), c=numpy.zeros((2, 2), order="F"))
    allowed(tmp_path / "w.npz", "numpy_zip")


def test_safetensors_of_every_kind_are_allowed(tmp_path):
    """As the library lays them."""
    library = pytest.importorskip("safetensors.numpy")
    kinds = "? u1 i1 u2 i2 u4 i4 u8 i8 f2 f4 f8 c8".split()
    tensors = {f"layer.{kind}": numpy.zeros((2, 3), kind) for kind in kinds}
    tensors |= {"scalar": numpy.zeros((), "f4"), "empty": numpy.zeros((0, 9), "f4")}
    for name, metadata in (("a", None), ("b", {"format": "np"}), ("c", {"format": "np", "ż": "x" * 5000})):
        library.save_file(tensors, tmp_path / f"{name}.safetensors", metadata)
        allowed(tmp_path / f"{name}.safetensors", "safetensors")
    library.save_file({}, tmp_path / "none.safetensors")
    allowed(tmp_path / "none.safetensors", "safetensors")


def test_what_safetensors_refuses_is_never_allowed(tmp_path):
    """Headers with numbers, names and brackets changed: where the library reads no file, a rule fails; else none."""
    library = pytest.importorskip("safetensors")
    entries = {f"w{n}": {"dtype": "F32", "shape": [2, 2], "data_offsets": [16 * n, 16 * n + 16]} for n in range(4)}
    base = json.dumps({"__metadata__": {"format": "pt"}, **entries})
    chance = random.Random(41)
    refused = read = 0
    for _ in range(1500):
        header = bytearray(base.encode())
        for _ in range(chance.randrange(1, 3)):
            at = chance.randrange(len(header))
            header[at] = chance.choice([*b'0123456789{}[],":F"w', header[at] ^ 1])
        data = struct.pack("<Q", len(header)) + header + bytes(64)
        path = tmp_path / "m.safetensors"
        path.write_bytes(data)
        verdict = weighed(data, "m.safetensors")
        found = [f.threat.code for f in (*verdict.violations, *verdict.reported) if f.threat.severity > Severity.INFO]
        try:
            with library.safe_open(path, "np") as file:
                list(file.keys())
        except Exception:
            refused += 1
            assert found, bytes(header)
        else:
            read += 1
            assert set(found) <= {"SFT-402", "SFT-403"}, (found, bytes(header))
    assert refused > 300 and read > 30


def test_gguf_of_every_kind_is_read(tmp_path):
    """Keys, and names, shapes and places of tensors, as the library reads its own file."""
    library = pytest.importorskip("gguf")
    from weighbridge.readers.gguf import Header

    path = tmp_path / "m.gguf"
    writer = library.GGUFWriter(path, "llama")
    for kind in "uint8 int8 uint16 int16 uint32 int32 uint64 int64".split():
        getattr(writer, f"add_{kind}")(f"n.{kind}", 1)
    writer.add_float32("f", 1.0)
    writer.add_float64("d", 2.0)
    writer.add_bool("b", True)
    writer.add_string("s", "ż" * 300)
    writer.add_array("texts", ["a", "b" * 99])
    writer.add_array("numbers", [1, 2, 3])
    writer.add_array("halves", [0.5, 1.5])
    for number, kind in enumerate(["f4", "f2", "f8", "i1", "i2", "i4", "i8"]):
        writer.add_tensor(f"blk.{number}.w", numpy.zeros((4, 32), kind))
    for kind in (library.GGMLQuantizationType.Q8_0, library.GGMLQuantizationType.Q4_0):
        packed = library.quants.quantize(numpy.ones((4, 256), "f4"), kind)
        writer.add_tensor(f"q.{kind.name}", packed, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    theirs = library.GGUFReader(path)
    header = Header(blob(path))
    keys = {entry.key for entry in header.metadata()}
    tensors = [(t.name, list(t.dimensions), int(t.type), t.offset) for t in header.tensors()]

    assert keys == {key for key in theirs.fields if not key.startswith("GGUF.")}
    begin = min(tensor.data_offset for tensor in theirs.tensors)
    assert tensors == [
        (t.name, [int(n) for n in t.shape], int(t.tensor_type), t.data_offset - begin) for t in theirs.tensors
    ]
    allowed(path, "gguf")


def test_messages_are_read_as_by_the_library():
    """Values of every width, counted, and the end found."""
    library = pytest.importorskip("msgpack")
    from weighbridge.readers.msgpack import values

    texts = ["", "a", "b" * 31, "c" * 32, "d" * 300, "e" * 70_000]
    numbers = [0, 127, 128, 255, 256, 65535, 65536, 2**32, 2**63, -1, -32, -33, -129, -(2**15) - 1, -(2**31) - 1]
    things = [None, True, False, 1.5, *numbers, *texts, *(t.encode() for t in texts), *map(list, texts[:5])]
    things += [{}, {"k": 1}, {str(n): n for n in range(20)}, {str(n): n for n in range(70_000)}]
    things += [library.ExtType(n, bytes(size)) for n, size in enumerate((1, 2, 4, 8, 16, 17, 300, 70_000), 1)]

    data = library.packb(things)
    found = list(values(Blob("m", data, Limits())))

    assert found[0].length == len(things)
    assert sum(value.kind == "extension" for value in found) == 8
    assert sum(value.kind == "binary" for value in found) == len(texts)
    last = found[-1]
    assert last.offset + last.length == len(data)
    assert [value.code for value in found if value.kind == "extension"] == list(range(1, 9))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 14, 15, 16, 100])
def test_parameters_of_flax_are_allowed(count):
    """Trees of any number of branches, with every extension that Flax writes."""
    serialization = pytest.importorskip("flax.serialization")
    tree = {
        f"layer{n}": {"kernel": numpy.zeros((3, 3)), "step": n, "c": 1 + 2j, "s": numpy.float32(1)}
        for n in range(count)
    }

    verdict = weighed(bytes(serialization.msgpack_serialize(tree)), "flax_model.msgpack")

    assert verdict.files[0].formats == ("flax",)
    assert not verdict.violations or {f.threat.code for f in verdict.violations} == {"UNAPPROVED_FORMATS"}

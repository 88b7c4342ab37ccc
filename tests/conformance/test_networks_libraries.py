"""Networks: PyTorch, Keras, Flax, Orbax, OpenVINO, ExecuTorch and CoreML, as their libraries save them."""

import pytest

from tests.conformance.oracle import allowed


@pytest.fixture(scope="module")
def net():
    """A small network of PyTorch, and what goes in."""
    torch = pytest.importorskip("torch")
    layers = (
        torch.nn.Conv2d(3, 8, 3),
        torch.nn.BatchNorm2d(8),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(288, 2),
    )
    return torch.nn.Sequential(*layers).eval(), torch.rand(4, 3, 8, 8)


@pytest.mark.parametrize("zipped", [True, False])
def test_torch_checkpoints(zipped, net, tmp_path):
    """Of weights, of an optimiser, of every kind of number, and of a whole network."""
    import torch

    module, x = net
    optimiser = torch.optim.AdamW(module.parameters())
    module(x).sum().backward()
    optimiser.step()
    kinds = (
        "float64 float16 bfloat16 float8_e4m3fn complex64 complex128 int8 uint8 int16 uint16 int64 uint64 bool".split()
    )
    things = {
        "weights": module.state_dict(),
        "all": {
            "model": module.state_dict(),
            "optimizer": optimiser.state_dict(),
            "rng": torch.get_rng_state(),
            "n": 3,
        },
        "kinds": {kind: torch.zeros(3).to(getattr(torch, kind)) for kind in kinds},
        "views": {"a": x[0], "b": x[1].T, "sparse": torch.eye(3).to_sparse(), "shape": x.shape, "type": x.dtype},
        "packed": {"q": torch.quantize_per_tensor(torch.rand(3), 0.1, 0, torch.quint8)},
        "whole": module,
    }
    for name, thing in things.items():
        path = tmp_path / f"{name}.pt"
        torch.save(thing, path, _use_new_zipfile_serialization=zipped)
        allowed(path, "pytorch_v1_13" if zipped else "pytorch_v0_1_10")


def test_storages_are_where_the_library_puts_them(net, tmp_path):
    """What is jumped is what torch reads as numbers: as many members as there are storages."""
    import torch

    from tests.conformance.oracle import blob
    from weighbridge.readers.torchzip import directory, is_storage, lowered

    path = tmp_path / "m.pt"
    torch.save(net[0].state_dict(), path)
    found = directory(blob(path))
    reader = torch._C.PyTorchFileReader(str(path))
    names = {member.name.partition("/")[2] for member in found.members}

    assert names == set(reader.get_all_records())
    storages = [member for member in found.members if is_storage(member.name.lower(), lowered(found))]
    assert sorted(m.size for m in storages) == sorted(
        t.untyped_storage().nbytes() for t in net[0].state_dict().values()
    )


def test_torchscript(net, tmp_path):
    """Traced and scripted."""
    import torch

    module, x = net
    torch.jit.trace(module, x).save(str(tmp_path / "traced.pt"))
    torch.jit.script(module).save(str(tmp_path / "scripted.ptl"))
    for name in ("traced.pt", "scripted.ptl"):
        allowed(tmp_path / name, "pytorch_torch_script")


def test_exported_programs(net, tmp_path):
    """Of fixed and of moving shapes."""
    import torch

    module, x = net
    batch = torch.export.Dim("batch")
    for name, more in (("fixed", {}), ("moving", {"dynamic_shapes": ({0: batch},)})):
        torch.export.save(torch.export.export(module, (x,), **more), tmp_path / f"{name}.pt2")
        allowed(tmp_path / f"{name}.pt2", "pytorch_export")


def test_packages_and_distributed_checkpoints(net, tmp_path):
    """A package with a source, and a checkpoint in pieces."""
    import torch
    import torch.distributed.checkpoint as distributed

    with torch.package.PackageExporter(str(tmp_path / "p.pt")) as package:
        package.extern("**")
        package.save_pickle("m", "w.pkl", net[0].state_dict())
        package.save_source_string("m.code", "x = 1\n")
    allowed(tmp_path / "p.pt", "pytorch_package")
    distributed.save(net[0].state_dict(), checkpoint_id=str(tmp_path / "pieces"))
    allowed(tmp_path / "pieces", "pytorch_v1_13", "pickle")


def test_keras(tmp_path):
    """Every form in which Keras 3 keeps a model."""
    pytest.importorskip("torch")
    keras = pytest.importorskip("keras")
    h5py = pytest.importorskip("h5py")
    layers = keras.layers
    start = layers.Input((8, 8, 3))
    ways = layers.Conv2D(4, 3)(start), layers.Conv2D(4, 3, activation="relu")(start)
    end = layers.Dense(2, kernel_regularizer="l2")(layers.Flatten()(layers.Add()(ways)))
    model = keras.Model(start, end)
    model.compile("adam", "mse", metrics=["accuracy"])
    model.save(tmp_path / "m.keras")
    model.save(tmp_path / "m.h5")
    model.save_weights(tmp_path / "m.weights.h5")
    (tmp_path / "m.json").write_text(model.to_json())
    allowed(tmp_path / "m.keras", "keras3", "keras_model_json", "hdf5")
    allowed(tmp_path / "m.h5", "keras_legacy_h5", "keras_model_json")
    allowed(tmp_path / "m.weights.h5", "keras_weights", "hdf5")
    allowed(tmp_path / "m.json", "keras_model_json")
    with h5py.File(tmp_path / "m.h5") as file:
        assert '"Functional"' in file.attrs["model_config"]


def test_flax_and_orbax(tmp_path):
    """A tree of parameters as MessagePack, and as a folder of OCDBT."""
    jax = pytest.importorskip("jax")
    linen = pytest.importorskip("flax.linen")
    checkpoint = pytest.importorskip("orbax.checkpoint")
    tree = linen.Dense(2).init(jax.random.key(0), jax.numpy.zeros((1, 4)))
    from flax import serialization

    (tmp_path / "flax_model.msgpack").write_bytes(serialization.to_bytes(tree))
    allowed(tmp_path / "flax_model.msgpack", "flax")
    keeper = checkpoint.StandardCheckpointer()
    keeper.save(tmp_path / "orbax", tree)
    keeper.wait_until_finished()
    allowed(tmp_path / "orbax", "ocdbt")


def test_openvino(net, tmp_path):
    """A net, and its numbers beside it."""
    openvino = pytest.importorskip("openvino")
    openvino.save_model(openvino.convert_model(net[0], example_input=net[1]), str(tmp_path / "m" / "net.xml"))
    allowed(tmp_path / "m", "openvino_xml", "raw_weights")


def test_executorch(net, tmp_path):
    """Portable operators, and a delegate; the operators are those that the program's plan names."""
    exir = pytest.importorskip("executorch.exir")
    import torch

    made = exir.to_edge(torch.export.export(net[0], (net[1],))).to_executorch()
    path = tmp_path / "m.pte"
    path.write_bytes(made.buffer)
    allowed(path, "executorch")

    from tests.conformance.oracle import blob
    from weighbridge.readers.flatbuffers import root

    [plan] = root(blob(path)).tables(1)
    theirs = [operator.name for operator in made.executorch_program.execution_plan[0].operators]
    assert [operator.text(0) for operator in plan.tables(6)] == theirs


def test_coreml(net, tmp_path):
    """A network in one file, and a program in a folder."""
    coremltools = pytest.importorskip("coremltools")
    import torch

    traced = torch.jit.trace(net[0], net[1])
    kinds = coremltools.TensorType(shape=(4, 3, 8, 8))
    for name, form in (("m.mlmodel", "neuralnetwork"), ("m.mlpackage", "mlprogram")):
        coremltools.convert(traced, inputs=[kinds], convert_to=form).save(str(tmp_path / name))
        allowed(tmp_path / name, "coreml")

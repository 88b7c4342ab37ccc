"""jax.export and SentencePiece: what the libraries write is read."""

import pytest

from tests.builders.models import assert_blocked, weighed
from weighbridge.policy.verdict import EvalOutcome

jax = pytest.importorskip("jax")
numpy = pytest.importorskip("numpy")


def shape():
    return jax.ShapeDtypeStruct((4, 4), numpy.float32)


def test_exported_program_is_read():
    """Linear algebra and random numbers are custom calls as well, and honest."""
    function = jax.jit(lambda x: jax.numpy.sin(x) @ x + jax.random.normal(jax.random.key(0), (4, 4)))

    verdict = weighed(bytes(jax.export.export(function)(shape()).serialize()), "f.jax")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.files[0].formats == ("jax_export", "stablehlo")


@pytest.mark.parametrize("kind", ["pure_callback", "debug.print"])
def test_callback_is_found_in_bytecode(kind):
    """By the name that this version of XLA has for it."""
    from jax._src.interpreters.mlir import module_to_bytecode

    def calls(x):
        if kind == "debug.print":
            jax.debug.print("{}", x)
            return x
        return jax.pure_callback(numpy.asarray, shape(), x)

    data = module_to_bytecode(jax.jit(calls).lower(shape()).compiler_ir("stablehlo"))

    assert assert_blocked(weighed(data, "f.mlirbc")).threat.code == "HLO-401"


@pytest.mark.parametrize("kind", ["unigram", "bpe", "char"])
def test_trained_vocabulary_is_read(kind, tmp_path):
    """Of every kind of model."""
    sentencepiece = pytest.importorskip("sentencepiece")
    corpus = tmp_path / "words.txt"
    corpus.write_text("the quick brown fox jumps over the lazy dog\nhello world exec( ../a\n" * 100)
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(tmp_path / "m"), vocab_size=40, model_type=kind, hard_vocab_limit=False
    )

    verdict = weighed((tmp_path / "m.model").read_bytes(), "tokenizer.model")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.files[0].formats == ("sentencepiece",)

"""States of JAX, Keras and torch's younger relations, as their users keep them: library__object."""

import os
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(40, 4).astype("float32")
Y = (X[:, 0] > 0.5).astype(int)


def jax__arrays():
    import jax
    import jax.numpy as jnp

    return {
        "a": jnp.ones(3), "key": jax.random.PRNGKey(0), "half": jnp.ones(2, jnp.bfloat16),
        "shape": jax.ShapeDtypeStruct((2,), jnp.float32), "tree": jax.tree_util.tree_structure({"a": [1, 2]}),
        "spec": jax.sharding.PartitionSpec("data", None),
    }  # fmt: skip


def jax__typed_keys():
    import jax

    return jax.random.key_data(jax.random.key(1))


def flax__linen():
    import flax.linen as nn

    return nn.Sequential([nn.Dense(4), nn.relu, nn.Dense(2)])


def flax__params():
    import flax.linen as nn
    import jax

    return nn.Dense(4).init(jax.random.PRNGKey(0), X)


def flax__train_state():
    import flax.linen as nn
    import jax
    import optax
    from flax.core import freeze
    from flax.training.train_state import TrainState

    params = nn.Dense(4).init(jax.random.PRNGKey(0), X)["params"]
    state = TrainState.create(apply_fn=nn.Dense(4).apply, params=freeze(params), tx=optax.sgd(0.1))
    return {"params": state.params, "opt_state": state.opt_state, "step": state.step}


def flax__nnx():
    from flax import nnx

    return nnx.state(nnx.Linear(4, 2, rngs=nnx.Rngs(0)))


def flax__nnx_module():
    from flax import nnx

    return nnx.Linear(4, 2, rngs=nnx.Rngs(0))


def optax__states():
    import jax.numpy as jnp
    import optax

    params = {"w": jnp.ones(3)}
    return [
        optax.adam(0.1).init(params),
        optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(0.1)).init(params),
        optax.MultiSteps(optax.lion(0.1), 2).init(params),
    ]


def haiku__params():
    import haiku as hk
    import jax

    def forward(x):
        return hk.nets.MLP([4, 2])(x)

    return hk.transform(forward).init(jax.random.PRNGKey(0), X)


def haiku__initializers():
    import haiku as hk

    return [hk.initializers.VarianceScaling(1.0), hk.initializers.Constant(0.0)]


def equinox__module():
    import equinox as eqx
    import jax

    return eqx.nn.MLP(4, 2, 8, 1, key=jax.random.PRNGKey(0))


def equinox__layers():
    import equinox as eqx
    import jax

    return [eqx.nn.Linear(2, 2, key=jax.random.PRNGKey(0)), eqx.nn.LayerNorm(3), eqx.nn.Dropout(0.1)]


def chex__kinds():
    import chex

    return chex.Dimensions(A=3)


def numpyro__samples():
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist
    from numpyro.infer import MCMC, NUTS

    def model(y=None):
        numpyro.sample("y", dist.Normal(numpyro.sample("m", dist.Normal(0, 1)), 1), obs=y)

    chain = MCMC(NUTS(model), num_warmup=5, num_samples=5, progress_bar=False)
    chain.run(jax.random.PRNGKey(0), y=jnp.ones(3))
    return [chain.get_samples(), chain.last_state]


def numpyro__distributions():
    import numpyro.distributions as dist

    return [dist.Normal(0.0, 1.0), dist.Gamma(1.0, 2.0), dist.constraints.positive, dist.Dirichlet(np.ones(3))]


def jaxopt__solved():
    import jax.numpy as jnp
    import jaxopt

    return jaxopt.LBFGS(jnp.sum, maxiter=2).init_state(jnp.ones(2))


def jaxopt__solver():
    import jaxopt

    return [jaxopt.BFGS(jaxopt.objective.least_squares), jaxopt.OptStep(1, 2)]


def diffrax__solution():
    import diffrax

    return [diffrax.Tsit5(), diffrax.PIDController(rtol=1e-3, atol=1e-3), diffrax.SaveAt(t1=True)]


def blackjax__state():
    import blackjax
    import jax.numpy as jnp

    return blackjax.nuts.init({"x": jnp.ones(2)}, lambda p: -(p["x"] ** 2).sum())


def tinygp__process():
    import jax.numpy as jnp
    import tinygp

    return [tinygp.kernels.Matern32(1.5), tinygp.GaussianProcess(tinygp.kernels.ExpSquared(1.0), jnp.ones(3), diag=0.1)]


def distrax__distributions():
    import distrax

    return [distrax.Normal(0.0, 1.0), distrax.Categorical(probs=np.ones(3) / 3)]


def jraph__graph():
    import jraph

    return jraph.GraphsTuple(X, X, np.array([0]), np.array([1]), np.ones(1), np.array([2]), np.array([1]))


def keras_net():
    import keras

    net = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")])
    net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return net


def keras__whole():
    return keras_net()


def keras__fitted():
    net = keras_net()
    net.fit(X, Y, epochs=1, verbose=0)
    return {"config": net.get_config(), "weights": net.get_weights()}


def keras__history():
    return keras_net().fit(X, Y, epochs=1, verbose=0).history


def keras__layers():
    import keras

    return [keras.layers.Dense(3), keras.optimizers.SGD(0.1), keras.losses.Huber(), keras.regularizers.L2(0.1)]


def keras__inner():
    import keras

    return {"config": keras.layers.Dense(3).get_config(), "optimizer": keras.optimizers.Adam().get_config()}


def tensorflow__arrays():
    import tensorflow as tf

    return [tf.constant([1.0, 2.0]), tf.TensorShape([2, None]), tf.float32, tf.TensorSpec([1], tf.int32)]


def tensorflow__module():
    import tensorflow as tf

    return {
        "weights": [one.numpy() for one in tf.keras.Sequential([tf.keras.layers.Dense(2)]).weights],
        "dtype": tf.int8,
    }


def tree__structure():
    import tree

    return tree.map_structure(np.ones, {"a": 1, "b": [2, 3]})


def ignite__engine():
    from ignite.engine import Engine, Events
    from ignite.metrics import Accuracy, Loss
    from torch import nn

    return [Events.EPOCH_COMPLETED, Accuracy(), Loss(nn.CrossEntropyLoss()), Engine.state_dict]


def ignite__state():
    from ignite.engine import State

    return State(metrics={"a": 0.5})


def torch_ema__average():
    from torch import nn
    from torch_ema import ExponentialMovingAverage

    return ExponentialMovingAverage(nn.Linear(2, 2).parameters(), 0.9).state_dict()


def ema_pytorch__model():
    from ema_pytorch import EMA
    from torch import nn

    return EMA(nn.Linear(2, 2), beta=0.9)


def torchsde__brownian():
    import torchsde

    return torchsde.BrownianInterval


def nflows__flow():
    from nflows.distributions.normal import StandardNormal
    from nflows.flows.base import Flow
    from nflows.transforms.autoregressive import MaskedAffineAutoregressiveTransform
    from nflows.transforms.base import CompositeTransform
    from nflows.transforms.permutations import ReversePermutation

    steps = [ReversePermutation(2), MaskedAffineAutoregressiveTransform(features=2, hidden_features=4)]
    return Flow(CompositeTransform(steps), StandardNormal([2]))


def zuko__flow():
    import zuko

    return zuko.flows.NSF(features=2, transforms=1, hidden_features=(8,))


def normflows__flow():
    import normflows as nf

    net = nf.nets.MLP([1, 4, 2], init_zeros=True)
    return nf.NormalizingFlow(nf.distributions.base.DiagGaussian(2), [nf.flows.AffineCouplingBlock(net)])


def sbi__prior():
    import torch
    from sbi.utils import BoxUniform

    return BoxUniform(torch.zeros(2), torch.ones(2))


def laplace__fitted():
    import torch
    from laplace import Laplace
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    net = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2))
    fitted = Laplace(net, "classification", subset_of_weights="last_layer", hessian_structure="diag")
    fitted.fit(DataLoader(TensorDataset(torch.tensor(X), torch.tensor(Y)), batch_size=8))
    return fitted


def lightly__heads():
    from lightly.loss import NTXentLoss
    from lightly.models.modules import SimCLRProjectionHead

    return [SimCLRProjectionHead(8, 8, 4), NTXentLoss(0.5)]


def vit_pytorch__models():
    from vit_pytorch import SimpleViT, ViT

    return [
        ViT(image_size=32, patch_size=16, num_classes=2, dim=16, depth=1, heads=2, mlp_dim=16),
        SimpleViT(image_size=32, patch_size=16, num_classes=2, dim=16, depth=1, heads=2, mlp_dim=16),
    ]


def piq__losses():
    import piq

    return [piq.SSIMLoss(), piq.TVLoss(), piq.MultiScaleGMSDLoss()]


def torchio__subject():
    import torch
    import torchio as tio

    return [
        tio.Subject(image=tio.ScalarImage(tensor=torch.rand(1, 4, 4, 4)), age=3),
        tio.Compose([tio.RandomFlip(), tio.ZNormalization()]),
    ]


def tianshou__batch():
    from tianshou.data import Batch, ReplayBuffer

    buffer = ReplayBuffer(5)
    return [Batch(a=1, b=X), buffer]


def tianshou__statistics():
    from tianshou.data import SequenceSummaryStats
    from tianshou.utils import MovAvg, RunningMeanStd

    return [MovAvg(), RunningMeanStd(), SequenceSummaryStats.from_sequence(X[:, 0])]


def pettingzoo__game():
    from pettingzoo.classic import tictactoe_v3

    return tictactoe_v3.raw_env()


def d3rlpy__dataset():
    import d3rlpy

    return [d3rlpy.dataset.Episode(X, X[:, :1], X[:, :1], True), d3rlpy.algos.DQNConfig()]


def diffusers__config():
    from diffusers import DDPMScheduler, UNet2DModel

    return [
        DDPMScheduler(10),
        UNet2DModel(sample_size=8, block_out_channels=(8, 8), norm_num_groups=4, down_block_types=("DownBlock2D",) * 2,
                    up_block_types=("UpBlock2D",) * 2, layers_per_block=1),
    ]  # fmt: skip


def diffusers__ema():
    from diffusers.training_utils import EMAModel
    from torch import nn

    return EMAModel(nn.Linear(2, 2).parameters()).state_dict()


def datasets__table():
    from datasets import ClassLabel, Dataset, Features, Value

    return [
        Dataset.from_dict({"a": [1, 2], "b": ["x", "y"]}),
        Features({"label": ClassLabel(names=["no", "yes"]), "text": Value("string")}),
    ]


def datasets__views():
    from datasets import Dataset, DatasetDict

    data = Dataset.from_dict({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    return DatasetDict({"train": data.select([0, 1]), "test": data.select([2])})


def pytorch_tabular__config():
    from pytorch_tabular.config import DataConfig, OptimizerConfig, TrainerConfig

    return [DataConfig(target=["y"], continuous_cols=["a"]), TrainerConfig(), OptimizerConfig()]


def torchcrf__layer():
    from torchcrf import CRF

    return CRF(3, batch_first=True)


def pykeen__triples():
    from pykeen.triples import TriplesFactory

    return TriplesFactory.from_labeled_triples(np.array([["a", "r", "b"], ["b", "r", "c"]]))


def pykeen__model():
    from pykeen.models import TransE
    from pykeen.triples import TriplesFactory

    triples = TriplesFactory.from_labeled_triples(np.array([["a", "r", "b"], ["b", "r", "c"]]))
    return TransE(triples_factory=triples, embedding_dim=4)


def torchtuples__net():
    import torchtuples as tt

    return [tt.practical.MLPVanilla(4, [8], 1), tt.optim.Adam(0.01)]


def pycox__model():
    import torchtuples as tt
    from pycox.models import CoxPH, LogisticHazard

    return [CoxPH(tt.practical.MLPVanilla(4, [8], 1)).net, LogisticHazard.label_transform(3)]


def audiomentations__compose():
    from audiomentations import AddGaussianNoise, Compose, PitchShift

    return Compose([AddGaussianNoise(p=0.5), PitchShift(p=0.5)])


def pretty_midi__song():
    import pretty_midi

    song = pretty_midi.PrettyMIDI()
    player = pretty_midi.Instrument(0)
    player.notes.append(pretty_midi.Note(100, 60, 0, 1))
    song.instruments.append(player)
    return song


def music21__stream():
    from music21 import chord, note, stream

    return stream.Stream([note.Note("C4"), chord.Chord(["E4", "G4"])])


def imagehash__hash():
    import imagehash
    from PIL import Image

    return imagehash.average_hash(Image.new("L", (16, 16)))


def nlpaug__augmenter():
    import nlpaug.augmenter.char as nac

    return [nac.RandomCharAug(), nac.KeyboardAug()]


def torchcde__path():
    import torch
    import torchcde

    return torchcde.CubicSpline(torchcde.natural_cubic_coeffs(torch.rand(2, 5, 3)))


def tsai__models():
    from tsai.models.InceptionTime import InceptionTime
    from tsai.models.TST import TST

    return [InceptionTime(1, 2, nf=4), TST(1, 2, 16, d_model=8, d_ff=8, n_heads=2, n_layers=1)]


def gpflow__model():
    import gpflow

    return gpflow.utilities.parameter_dict(
        gpflow.models.GPR((X.astype(float), X[:, :1].astype(float)), gpflow.kernels.RBF())
    )


def usearch__index():
    from usearch.index import Index

    index = Index(ndim=4)
    index.add(np.arange(40), X)
    return bytes(index.save())


def cornac__model():
    import cornac

    data = cornac.data.Dataset.from_uir([("u1", "i1", 3.0), ("u2", "i1", 4.0), ("u1", "i2", 5.0)])
    return [cornac.models.MF(k=2, max_iter=2, seed=1).fit(data), data]


def duckdb__types():
    import duckdb

    return {"rows": duckdb.sql("select 1 as a, date '2024-01-01' as b").fetchall()}


def transformers__arguments():
    from transformers import BatchEncoding, BertConfig, TrainerState, TrainingArguments
    from transformers.modeling_outputs import BaseModelOutput

    return [
        TrainingArguments("out", report_to=[], use_cpu=True), BatchEncoding({"input_ids": [[1, 2]]}),
        BertConfig(hidden_size=8), TrainerState(), BaseModelOutput(last_hidden_state=X),
    ]  # fmt: skip


def pyg__data():
    import torch
    from torch_geometric.data import Batch, Data, HeteroData
    from torch_geometric.nn import GCNConv

    edges = torch.tensor([[0, 1], [1, 0]])
    data = Data(x=torch.rand(2, 3), edge_index=edges)
    mixed = HeteroData()
    mixed["a"].x, mixed["a", "to", "a"].edge_index = torch.rand(2, 3), edges
    return [data, Batch.from_data_list([data, data]), mixed, GCNConv(3, 2)]


def lightning__checkpoint():
    import lightning
    import torch
    from lightning.fabric.utilities.data import AttributeDict
    from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint

    net = torch.nn.Linear(2, 2)
    return {
        "pytorch-lightning_version": lightning.__version__, "state_dict": net.state_dict(), "epoch": 1,
        "global_step": 2,
        "callbacks": {"early": EarlyStopping("loss").state_dict(), "best": ModelCheckpoint("x").state_dict()},
        "hyper_parameters": AttributeDict(lr=0.1, width=3), "hparams_name": "kwargs", "lr_schedulers": [],
        "optimizer_states": [torch.optim.Adam(net.parameters()).state_dict()],
    }  # fmt: skip

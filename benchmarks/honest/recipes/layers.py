"""Networks, optimizers and layers of further families: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(80, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0]) + 0.1 * CHANCE.randn(80)
SERIES = np.sin(np.arange(300) / 3.0) + 0.1 * CHANCE.randn(300)
TEXTS = ["the first document", "a second document", "and the third one", "is this the first"]


def lin():
    import torch

    return torch.nn.Linear(4, 2)


def stepped(cls, **kw):
    import torch

    n = lin()
    o = cls(n.parameters(), **kw)
    n(torch.rand(3, 4)).sum().backward()
    o.step()
    return o


def torchoptimizer__opts():
    import torch_optimizer as to

    return [stepped(to.RAdam, lr=0.1), stepped(to.Yogi, lr=0.1), to.Lookahead(stepped(to.DiffGrad, lr=0.1))]


def pytorchoptimizer__opts():
    import pytorch_optimizer as po

    return [stepped(po.AdaBelief, lr=0.1), stepped(po.Lion, lr=0.1), stepped(po.Prodigy)]


def torchensemble__model():
    from torchensemble import VotingRegressor

    return VotingRegressor(estimator=lin(), n_estimators=2)


def tabtransformer__model():
    from tab_transformer_pytorch import FTTransformer

    return FTTransformer(categories=(3, 4), num_continuous=2, dim=8, depth=1, heads=2)


def rtdl__model():
    from rtdl_revisiting_models import MLP, FTTransformer

    return [
        MLP(d_in=4, d_out=1, n_blocks=1, d_block=4, dropout=0.1),
        FTTransformer(
            n_cont_features=2, cat_cardinalities=[3], d_out=1, **FTTransformer.get_default_kwargs(n_blocks=1)
        ),
    ]


def torchframe__data():
    import pandas as pd
    import torch_frame
    from torch_frame.data import Dataset

    d = Dataset(
        pd.DataFrame({"a": X[:, 0], "c": ["x", "y"] * 40, "y": Y}),
        {"a": torch_frame.numerical, "c": torch_frame.categorical, "y": torch_frame.categorical},
        target_col="y",
    )
    d.materialize()
    return d.tensor_frame


def torchframe__stats():
    import pandas as pd
    import torch_frame
    from torch_frame.data import Dataset

    d = Dataset(
        pd.DataFrame({"a": X[:, 0], "c": ["x", "y"] * 40, "y": Y}),
        {"a": torch_frame.numerical, "c": torch_frame.categorical, "y": torch_frame.categorical},
        target_col="y",
    )
    d.materialize()
    return d


def torchrl__spec():
    from torchrl.data import Bounded, Composite, OneHot, Unbounded

    return [Bounded(0, 1, (3,)), Composite(a=Unbounded((2,))), OneHot(3)]


def torchrl__modules():
    from torchrl.modules import MLP, NormalParamExtractor

    return [MLP(4, 2, num_cells=[4]), NormalParamExtractor()]


def torchrl__buffer():
    from torchrl.data import ListStorage, ReplayBuffer

    b = ReplayBuffer(storage=ListStorage(10))
    b.extend([1, 2, 3])
    return b


def geoopt__params():
    import geoopt
    import torch

    return [
        geoopt.ManifoldParameter(torch.rand(3), manifold=geoopt.Sphere()),
        geoopt.PoincareBall(),
        geoopt.ManifoldTensor(torch.rand(2)),
    ]


def geoopt__optim():
    import geoopt
    import torch

    return geoopt.optim.RiemannianAdam([geoopt.ManifoldParameter(torch.rand(3), manifold=geoopt.Sphere())])


def opacus__module():
    import opacus
    from opacus.accountants import RDPAccountant

    return [RDPAccountant(), opacus.layers.DPLSTM(4, 4), opacus.optimizers.DPOptimizer]


def torchpruning__graph():
    import torch_pruning as tp

    return tp.importance.MagnitudeImportance(p=2)


def facenet__net():
    from facenet_pytorch import InceptionResnetV1

    return InceptionResnetV1(pretrained=None, classify=False).last_linear


def effdet__config():
    from effdet import get_efficientdet_config

    return get_efficientdet_config("tf_efficientdet_d0")


def performer__model():
    from performer_pytorch import PerformerLM

    return PerformerLM(num_tokens=10, max_seq_len=16, dim=8, depth=1, heads=2, dim_head=4)


def linformer__model():
    from linformer import Linformer

    return Linformer(dim=8, seq_len=16, depth=1, heads=2, k=4)


def localattention__model():
    from local_attention import LocalAttention

    return LocalAttention(window_size=4, dim=8)


def rotary__embedding():
    from rotary_embedding_torch import RotaryEmbedding

    return RotaryEmbedding(dim=8)


def torchani__aev():
    import torchani

    return [torchani.utils.ChemicalSymbolsToInts(["H", "C"])]


def torchsurv__loss():
    from torchsurv.metrics.cindex import ConcordanceIndex

    return ConcordanceIndex()


def neuralop__fno():
    from neuralop.models import FNO

    return FNO(n_modes=(2, 2), hidden_channels=4, in_channels=1, out_channels=1, n_layers=1)


def neuralop__norm():
    import torch
    from neuralop.data.transforms.normalizers import UnitGaussianNormalizer

    n = UnitGaussianNormalizer(dim=[0])
    n.fit(torch.rand(4, 4))
    return n


def entmax__module():
    import entmax

    return [entmax.Entmax15(), entmax.SparsemaxLoss()]


def kan__model():
    from kan import KAN

    return KAN(width=[2, 2, 1], grid=3, k=3, auto_save=False)


def msssim__module():
    import pytorch_msssim

    return pytorch_msssim.SSIM()


def lpips__layer():
    import lpips

    return lpips.NetLinLayer(4)


def minigrid__grid():
    from minigrid.core.grid import Grid
    from minigrid.core.world_object import Door

    g = Grid(4, 4)
    g.set(1, 1, Door("red"))
    return g


def mushroom__table():
    from mushroom_rl.utils.table import Table

    return Table((2, 2))


def imitation__types():
    from imitation.data.types import Trajectory

    return Trajectory(obs=X, acts=Y[:-1], infos=None, terminal=True)


def optimum__config():
    from optimum.configuration_utils import BaseConfig

    return BaseConfig()


def torchdyn__node():
    from torchdyn.core import NeuralODE

    return NeuralODE(lin(), sensitivity="adjoint")


def nnaudio__stft():
    from nnAudio.features import STFT, MelSpectrogram

    return [STFT(n_fft=16, verbose=False), MelSpectrogram(n_fft=64, n_mels=4, verbose=False)]


def asteroidfb__encoder():
    from asteroid_filterbanks import STFTFB, Encoder, FreeFB

    return [Encoder(FreeFB(4, 4)), Encoder(STFTFB(8, 8))]


def stanza__doc():
    from stanza.models.common.doc import Document

    return Document([[{"id": 1, "text": "a", "lemma": "a", "upos": "DET", "head": 0, "deprel": "root"}]], text="a")


def stanza__vocab():
    from stanza.models.pos.vocab import CharVocab, WordVocab

    return [CharVocab([[["a", "X"], ["bc", "Y"]]], "en"), WordVocab([[["a", "X"]]], "en", ignore=["_"], idx=0)]


def pyldavis__prepared():
    import pyLDAvis

    return pyLDAvis.prepare(np.full((2, 4), 0.25), np.full((5, 2), 0.5), [4] * 5, list("abcd"), [5] * 4)


def octis__dataset():
    from octis.dataset.dataset import Dataset

    return Dataset([["a", "b"], ["c"]], vocabulary=["a", "b", "c"])


def chemprop__data():
    from chemprop.data import MoleculeDatapoint

    return [MoleculeDatapoint.from_smi("CCO", [1.0])]


def chemprop__model():
    from chemprop import models, nn

    return models.MPNN(nn.BondMessagePassing(d_h=8), nn.MeanAggregation(), nn.RegressionFFN(input_dim=8, hidden_dim=8))


def chemprop__dataset():
    from chemprop.data import MoleculeDatapoint, MoleculeDataset

    return MoleculeDataset([MoleculeDatapoint.from_smi("CCO", [1.0])])


def chgnet__graph():
    from chgnet.graph import CrystalGraphConverter

    return CrystalGraphConverter()


def matgl__layers():
    from matgl.layers import MLP

    return MLP([4, 2])


def neuralprophet__model():
    from neuralprophet import NeuralProphet

    return NeuralProphet(epochs=1)


def hierarchical__reconciler():
    from hierarchicalforecast.core import HierarchicalReconciliation
    from hierarchicalforecast.methods import BottomUp, MinTrace

    return HierarchicalReconciliation([BottomUp(), MinTrace("ols")])


def tabpfn__classifier():
    from tabpfn import TabPFNClassifier

    return TabPFNClassifier()


def deepxde__geometry():
    import os

    os.environ["DDE_BACKEND"] = "pytorch"
    import deepxde as dde

    return [
        dde.geometry.Interval(0, 1),
        dde.nn.FNN([2, 4, 1], "tanh", "Glorot normal"),
        dde.geometry.Rectangle([0, 0], [1, 1]),
    ]


def lightningck__hparams():
    from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
    from lightning.pytorch.utilities.parsing import AttributeDict

    return [AttributeDict(lr=0.1), ModelCheckpoint(dirpath="/tmp/ck"), EarlyStopping("loss")]


def hypothesisx__lightning():
    from lightning.pytorch.tuner.lr_finder import _LRFinder

    return _LRFinder("exponential", 1e-5, 1, 10)


def fastcore__l():
    from fastcore.basics import NS
    from fastcore.foundation import L

    return [L([1, 2]), NS(a=1)]


def plum__dispatcher():
    import plum

    return plum.Signature(int, str)


def ray__tune():
    from ray import tune

    return [tune.uniform(0, 1), tune.choice(["a", "b"]), tune.loguniform(1e-4, 1)]


def rayx__result():
    from ray.train import RunConfig, ScalingConfig

    return [ScalingConfig(num_workers=1), RunConfig(storage_path="/tmp/x")]


def jsonschema__validator():
    import jsonschema

    try:
        jsonschema.validate(1, {"type": "string"})
    except jsonschema.ValidationError as e:
        return e


def aiohttp__types():
    from aiohttp import ClientTimeout

    return [ClientTimeout(3)]


def starlette__types():
    from starlette.datastructures import URL, Headers
    from starlette.exceptions import HTTPException

    return [URL("http://x.org/a"), Headers({"a": "b"}), HTTPException(404, "not found")]


def bs4__soup():
    import bs4

    return bs4.BeautifulSoup("<a href='x'>t <b>u</b></a>", "html.parser")


def tornado__httputil():
    from tornado.httputil import HTTPHeaders

    return HTTPHeaders({"A": "b"})


def linearoperator__ops():
    import torch
    from linear_operator import operators as o

    return [o.DiagLinearOperator(torch.ones(3)), o.DenseLinearOperator(torch.eye(3)) + o.ZeroLinearOperator(3, 3)]


def typingx__ftfy():
    import ftfy

    return ftfy.fix_and_explain("schÃ¶n")


def wandbx__lightning():
    import torchmetrics

    return torchmetrics.MetricCollection([torchmetrics.MeanMetric(), torchmetrics.R2Score()])

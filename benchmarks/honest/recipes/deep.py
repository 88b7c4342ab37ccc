"""Networks, checkpoints and what trains them, as their users keep them: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
X = np.random.RandomState(0).rand(40, 4).astype("float32")
Y = (X[:, 0] > 0.5).astype(int)


def net():
    from torch import nn

    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 2))


def checkpoint(model):
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    return {
        "epoch": 3,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "rng": torch.get_rng_state(),
        "numpy": np.random.get_state(),
        "loss": torch.tensor(0.5),
        "best": np.float64(0.1),
    }


def torch__whole():
    return net()


def torch__checkpoint():
    return checkpoint(net())


def torch__modules():
    from torch import nn

    return [
        nn.LSTM(4, 8, 2), nn.GRU(4, 8), nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 1),
        nn.MultiheadAttention(8, 2), nn.Conv2d(3, 4, 3), nn.Embedding(10, 4, padding_idx=0),
        nn.ModuleDict({"a": nn.ReLU()}), nn.ParameterList([nn.Parameter(nn.Linear(1, 1).weight)]),
        nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)),
        nn.utils.spectral_norm(nn.Linear(2, 2)), nn.CrossEntropyLoss(), nn.GELU(), nn.LayerNorm(4),
        nn.Upsample(scale_factor=2),
    ]  # fmt: skip


def torch__tensors():
    import torch

    kinds = [torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.bool, torch.complex64, torch.float8_e4m3fn]
    return {
        **{str(kind): torch.zeros(3).to(kind) for kind in kinds},
        "sparse": torch.eye(3).to_sparse(),
        "csr": torch.eye(3).to_sparse_csr(),
        "quantized": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
        "channels": torch.quantize_per_channel(torch.ones(2, 2), torch.ones(2), torch.zeros(2), 0, torch.qint8),
        "view": torch.arange(10)[2:5],
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "buffer": torch.nn.Buffer(torch.ones(2)),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "layout": torch.strided,
        "format": torch.channels_last,
        "size": torch.Size([1, 2]),
        "meta": torch.empty(2, device="meta"),
        "generator": torch.get_rng_state(),
        "finfo": torch.__version__,
    }


def torch__nested():
    import torch

    return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])


def torch__quantized():
    import torch

    return torch.ao.quantization.quantize_dynamic(net(), {torch.nn.Linear}, dtype=torch.qint8)


def torch__pruned():
    import torch
    from torch.nn.utils import prune

    model = torch.nn.Linear(4, 4)
    prune.l1_unstructured(model, "weight", 0.5)
    return model


def torch__hooked():
    import functools

    import torch

    model = torch.nn.Linear(4, 4)
    model.register_forward_hook(functools.partial(print))
    return model


def torch__optimizers():
    import torch

    return [
        kind(net().parameters(), lr=0.1)
        for kind in (torch.optim.SGD, torch.optim.Adam, torch.optim.RMSprop, torch.optim.Adagrad)
    ]


def torch__schedulers():
    import torch

    optimizer = torch.optim.SGD(net().parameters(), lr=0.1)
    lr = torch.optim.lr_scheduler
    return [
        lr.StepLR(optimizer, 2),
        lr.ReduceLROnPlateau(optimizer),
        lr.OneCycleLR(optimizer, 0.1, 10),
        lr.CosineAnnealingWarmRestarts(optimizer, 3),
    ]


def torch__data():
    import torch
    from torch.utils.data import DataLoader, TensorDataset, random_split

    data = TensorDataset(torch.tensor(X), torch.tensor(Y))
    return [data, random_split(data, [30, 10]), DataLoader(data, 4, shuffle=True)]


def torch__distributions():
    import torch

    d = torch.distributions
    return [
        d.Normal(0.0, 1.0),
        d.Categorical(torch.ones(3) / 3),
        d.MultivariateNormal(torch.zeros(2), torch.eye(2)),
        d.TransformedDistribution(d.Normal(0.0, 1.0), [d.ExpTransform()]),
    ]


def torch__fx():
    import torch

    return torch.fx.symbolic_trace(net())


def torch__ema():
    import torch

    return torch.optim.swa_utils.AveragedModel(net())


def pytorch_lightning__checkpoint():
    import pytorch_lightning as pl

    return {
        **checkpoint(net()),
        "pytorch-lightning_version": pl.__version__,
        "callbacks": {
            "ModelCheckpoint{'monitor': 'loss'}": {
                "monitor": "loss",
                "dirpath": "/home/me/out",
                "best_model_path": "/home/me/out/a.ckpt",
            }
        },
        "hyper_parameters": pl.utilities.parsing.AttributeDict({"lr": 0.1, "layers": [1, 2], "activation": "relu"}),
        "loops": {},
    }


def pytorch_lightning__callbacks():
    from pytorch_lightning.callbacks import EarlyStopping, LearningRateMonitor, ModelCheckpoint

    return [EarlyStopping("loss"), LearningRateMonitor(), ModelCheckpoint(monitor="loss")]


def pytorch_lightning__demo():
    from pytorch_lightning.demos.boring_classes import BoringModel

    return BoringModel()


def transformers__model():
    from transformers import BertConfig, BertModel

    return BertModel(
        BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=20)
    )


def transformers__generation():
    from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

    return [
        GPT2LMHeadModel(GPT2Config(n_embd=8, n_layer=1, n_head=2, vocab_size=20)),
        GenerationConfig(max_new_tokens=3),
    ]


def transformers__arguments():
    from transformers import Seq2SeqTrainingArguments, TrainingArguments

    return [TrainingArguments("out", report_to=[]), Seq2SeqTrainingArguments("out", report_to=[])]


def transformers__state():
    from transformers import TrainerState
    from transformers.trainer_utils import EvalPrediction, PredictionOutput

    return [TrainerState(), EvalPrediction(X, Y), PredictionOutput(X, Y, {"loss": 0.1})]


def transformers__outputs():
    import torch
    from transformers import DynamicCache
    from transformers.modeling_outputs import BaseModelOutput
    from transformers.tokenization_utils_base import BatchEncoding

    return [BaseModelOutput(torch.ones(1, 2, 3)), BatchEncoding({"input_ids": [1, 2]}), DynamicCache]


def sentence_transformers__model():
    import tempfile

    from sentence_transformers import SentenceTransformer, models
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tempfile.mkdtemp()
    PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]")), pad_token="[UNK]"
    ).save_pretrained(folder)
    BertModel(
        BertConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, vocab_size=20)
    ).save_pretrained(folder)
    words = models.Transformer(folder)
    return SentenceTransformer(modules=[words, models.Pooling(8)], device="cpu")


def botorch__gp():
    import torch
    from botorch.models import SingleTaskGP

    return SingleTaskGP(torch.tensor(X).double(), torch.tensor(X[:, :1]).double())


def pyro__module():
    import pyro
    from pyro.nn import PyroModule

    return [PyroModule[__import__("torch").nn.Linear](2, 2), pyro.distributions.Normal(0.0, 1.0)]


def pyro__store():
    import pyro

    return pyro.get_param_store().get_state()


def kornia__augment():
    from kornia import augmentation

    return augmentation.AugmentationSequential(
        augmentation.RandomHorizontalFlip(), augmentation.ColorJitter(0.1), data_keys=["input"]
    )


def captum__attribution():
    from captum.attr import IntegratedGradients

    return IntegratedGradients(net())


def torch_geometric__data():
    import torch
    from torch_geometric.data import Batch, Data, HeteroData

    data = Data(x=torch.ones(3, 2), edge_index=torch.tensor([[0, 1], [1, 2]]))
    return [data, Batch.from_data_list([data, data]), HeteroData(a={"x": torch.ones(1)})]


def torch_geometric__gcn():
    from torch_geometric.nn import GAT, GCN, GraphSAGE, SAGEConv

    return [GCN(2, 4, 2), GAT(2, 4, 2), GraphSAGE(2, 4, 2), SAGEConv(2, 2)]


def torch_geometric__transforms():
    from torch_geometric import transforms

    return transforms.Compose([transforms.NormalizeFeatures(), transforms.AddSelfLoops()])


def pytorch_tabnet__classifier():
    from pytorch_tabnet.tab_model import TabNetClassifier

    model = TabNetClassifier(verbose=0)
    model.fit(X, Y, max_epochs=1, batch_size=8, virtual_batch_size=4)
    return model


def monai__transforms():
    from monai.transforms import Compose, EnsureChannelFirst, RandFlip, ScaleIntensity

    return Compose([EnsureChannelFirst(), ScaleIntensity(), RandFlip(0.5)])


def monai__unet():
    from monai.networks.nets import UNet

    return UNet(2, 1, 2, (4, 8), (2,))


def monai__meta():
    import torch
    from monai.data import MetaTensor

    return MetaTensor(torch.ones(1, 2, 2))


def fastai__learner():
    import pandas as pd
    from fastai.tabular.all import (
        Categorify,
        CategoryBlock,
        FillMissing,
        Normalize,
        TabularDataLoaders,
        accuracy,
        tabular_learner,
    )

    table = pd.DataFrame(X, columns=list("abcd"))
    table["k"], table["y"] = ["u", "v"] * 20, Y
    loaders = TabularDataLoaders.from_df(
        table,
        procs=[Categorify, FillMissing, Normalize],
        cat_names=["k"],
        cont_names=list("abcd"),
        y_names="y",
        y_block=CategoryBlock(),
        bs=8,
    )
    return tabular_learner(loaders, layers=[4], metrics=accuracy)


def fastai__transforms():
    from fastai.vision.all import Normalize, Resize, ToTensor, aug_transforms, imagenet_stats

    return [Resize(8), ToTensor(), Normalize.from_stats(*imagenet_stats), *aug_transforms()]


def fastai__parts():
    from fastai.data.block import DataBlock
    from fastai.data.transforms import CategoryMap, RandomSplitter, parent_label
    from fastcore.all import L, Path

    return [L(1, 2), Path("a"), CategoryMap(["a", "b"]), DataBlock(splitter=RandomSplitter(), get_y=parent_label)]


def ultralytics__yolo():
    from ultralytics.nn.tasks import DetectionModel

    model = DetectionModel("yolov8n.yaml", verbose=False)
    return {
        "epoch": -1,
        "model": model.half(),
        "ema": None,
        "optimizer": None,
        "train_args": dict(vars(model.args)) if hasattr(model, "args") else {},
        "date": "2024-01-01",
    }


def ultralytics__results():
    import torch
    from ultralytics.engine.results import Results

    return [Results(np.zeros((4, 4, 3), "uint8"), "a.jpg", {0: "cat"}, boxes=torch.ones(1, 6))]


def segmentation_models_pytorch__unet():
    import segmentation_models_pytorch as smp

    return [smp.Unet("resnet18", encoder_weights=None), smp.losses.DiceLoss("binary")]


def efficientnet_pytorch__b0():
    from efficientnet_pytorch import EfficientNet

    return EfficientNet.from_name("efficientnet-b0")


def stable_baselines3__policy():
    from stable_baselines3 import A2C, PPO

    return [PPO("MlpPolicy", "CartPole-v1", n_steps=8, batch_size=4).policy, A2C("MlpPolicy", "CartPole-v1").policy]


def stable_baselines3__buffer():
    from gymnasium import spaces
    from stable_baselines3.common.buffers import ReplayBuffer
    from stable_baselines3.common.running_mean_std import RunningMeanStd

    return [ReplayBuffer(10, spaces.Box(0, 1, (2,)), spaces.Discrete(2)), RunningMeanStd()]


def stable_baselines3__normalized():
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.vec_env import VecNormalize

    return VecNormalize(make_vec_env("CartPole-v1"))


def open_clip__model():
    import open_clip

    return open_clip.create_model("RN50", pretrained=None).visual.attnpool


def e3nn__irreps():
    from e3nn import o3

    return [o3.Irreps("2x0e+1o"), o3.Linear("2x0e", "0e")]


def e3nn__product():
    from e3nn import o3

    return o3.FullyConnectedTensorProduct("0e+1o", "0e+1o", "0e")


def pytorch_metric_learning__losses():
    from pytorch_metric_learning import losses, miners

    return [losses.TripletMarginLoss(), miners.MultiSimilarityMiner(), losses.ArcFaceLoss(3, 4)]


def flair__sentence():
    from flair.data import Dictionary, Sentence

    names = Dictionary()
    names.add_item("a")
    return [names, Sentence("the model is kept")]


def flair__tagger():
    from flair.data import Dictionary
    from flair.embeddings import OneHotEmbeddings
    from flair.models import SequenceTagger

    names, tags = Dictionary(), Dictionary(add_unk=False)
    names.add_item("model")
    tags.add_item("A")
    return SequenceTagger(OneHotEmbeddings(names), tags, "ner", hidden_size=8)


def pytorch_forecasting__dataset():
    import pandas as pd
    from pytorch_forecasting import TemporalFusionTransformer, TimeSeriesDataSet
    from pytorch_forecasting.data import GroupNormalizer

    table = pd.DataFrame({"t": np.arange(40), "g": "a", "v": X[:, 0]})
    data = TimeSeriesDataSet(
        table,
        "t",
        "v",
        ["g"],
        max_encoder_length=8,
        max_prediction_length=2,
        time_varying_unknown_reals=["v"],
        target_normalizer=GroupNormalizer(["g"]),
    )
    return [data, TemporalFusionTransformer.from_dataset(data, hidden_size=4)]


def darts__models():
    from darts import TimeSeries
    from darts.models import ExponentialSmoothing, LinearRegressionModel, NaiveSeasonal

    series = TimeSeries.from_values(X[:, 0])
    return [
        series,
        NaiveSeasonal(3).fit(series),
        LinearRegressionModel(lags=3).fit(series),
        ExponentialSmoothing(seasonal=None).fit(series),
    ]


def darts__deep():
    from darts import TimeSeries
    from darts.models import NBEATSModel

    return NBEATSModel(4, 2, n_epochs=1, num_stacks=1, num_blocks=1, layer_widths=4).fit(
        TimeSeries.from_values(X[:, 0])
    )


def neuralforecast__model():
    from neuralforecast.models import NHITS

    return NHITS(h=2, input_size=4, max_steps=1)


def pomegranate__mixture():
    import torch
    from pomegranate.distributions import Normal
    from pomegranate.gmm import GeneralMixtureModel

    return GeneralMixtureModel([Normal(), Normal()], max_iter=2).fit(torch.tensor(X))


def lion__optimizer():
    from lion_pytorch import Lion

    return Lion(net().parameters())


def einops__layers():
    from einops.layers.torch import Rearrange, Reduce

    return [Rearrange("b c h w -> b (c h w)"), Reduce("b c h w -> b c", "mean")]


def speechbrain__parts():
    from speechbrain.dataio.encoder import CategoricalEncoder
    from speechbrain.lobes.features import Fbank

    return [CategoricalEncoder(), Fbank()]


def timm__model():
    import timm

    return [timm.create_model("resnet10t", pretrained=False), timm.data.create_transform(32)]


def torchvision__parts():
    from torchvision import models, transforms
    from torchvision.transforms import v2

    return [
        models.resnet18(),
        transforms.Compose([transforms.Resize(8), transforms.ToTensor()]),
        v2.Compose([v2.RandomCrop(3), v2.ToImage()]),
    ]


def torchmetrics__metrics():
    from torchmetrics import MetricCollection
    from torchmetrics.classification import BinaryAccuracy, MulticlassF1Score

    return MetricCollection([BinaryAccuracy(), MulticlassF1Score(3)])


def accelerate__state():
    from accelerate.utils import DistributedType, ProjectConfiguration

    return [DistributedType.NO, ProjectConfiguration("out")]


def omegaconf__config():
    from omegaconf import OmegaConf

    return OmegaConf.create({"model": {"lr": 0.1, "layers": [1, 2], "path": "${oc.env:HOME}"}})

"""Fitted models, measurements and networks of the sciences, as their users keep them: library__object."""

import warnings

import numpy as np

warnings.simplefilter("ignore")
CHANCE = np.random.RandomState(0)
X = CHANCE.rand(60, 4)
Y = (X[:, 0] + X[:, 1] > 1).astype(int)
Z = X @ np.array([1.0, 2.0, 3.0, 4.0]) + 0.1 * CHANCE.randn(60)
SERIES = np.sin(np.arange(80) / 3.0) + 0.1 * CHANCE.randn(80)
TEXTS = ["the first document", "a second document", "and the third one", "is this the first"]


def frame():
    import pandas as pd

    table = pd.DataFrame(X, columns=list("abcd"))
    table["city"] = ["riga", "oslo", "rome"] * 20
    table["y"], table["z"] = Y, Z
    return table


def celer__lasso():
    from celer import ElasticNet, Lasso

    return [Lasso(alpha=0.01).fit(X, Z), ElasticNet(alpha=0.1).fit(X, Z)]


def skglm__models():
    from skglm import GeneralizedLinearEstimator, Lasso, MCPRegression
    from skglm.datafits import Quadratic
    from skglm.penalties import L1

    return [Lasso(0.1).fit(X, Z), MCPRegression(0.1).fit(X, Z), GeneralizedLinearEstimator(Quadratic(), L1(0.1))]


def skglm__fitted():
    from skglm import GeneralizedLinearEstimator
    from skglm.datafits import Quadratic
    from skglm.penalties import L1

    return GeneralizedLinearEstimator(Quadratic(), L1(0.1)).fit(X, Z)


def kneed__locator():
    from kneed import KneeLocator

    return KneeLocator(np.arange(1, 11), 1 / np.arange(1, 11), curve="convex", direction="decreasing")


def pacmap__embedding():
    import pacmap

    reducer = pacmap.PaCMAP(n_components=2, n_neighbors=5, num_iters=20)
    reducer.fit_transform(X.astype("float32"))
    return reducer


def fcmeans__fitted():
    from fcmeans import FCM

    model = FCM(n_clusters=2)
    model.fit(X)
    return model


def emcee__sampler():
    import emcee
    import scipy.stats

    sampler = emcee.EnsembleSampler(8, 2, scipy.stats.multivariate_normal([0, 0]).logpdf)
    sampler.run_mcmc(np.random.rand(8, 2), 10)
    return sampler


def emcee__state():
    import emcee

    return [emcee.State(np.random.rand(8, 2), log_prob=np.zeros(8)), emcee.moves.StretchMove()]


def iminuit__minimum():
    from iminuit import Minuit
    from iminuit.cost import LeastSquares

    minuit = Minuit(np.hypot, 1.0, 2.0)
    minuit.migrad()
    return [minuit.values.to_dict(), minuit.fmin, minuit.params, LeastSquares([1, 2], [1, 2], [0.1, 0.1], np.multiply)]


def lark__tree():
    import lark

    grammar = 'start: WORD+\n%import common.WORD\n%ignore " "'
    parser = lark.Lark(grammar, parser="lalr")
    return parser.parse("hello world")


def lark__parser():
    import io

    import lark

    parser = lark.Lark('start: WORD+\n%import common.WORD\n%ignore " "', parser="lalr")
    kept = io.BytesIO()
    parser.save(kept)
    import pickle

    return pickle.loads(kept.getvalue())


def jieba__tokenizer():
    import jieba

    tokenizer = jieba.Tokenizer()
    return {"freq": dict(list(tokenizer.FREQ.items())[:5]), "kind": jieba.Tokenizer}


def tiktoken__encoding():
    import tiktoken

    ranks = {bytes([i]): i for i in range(256)}
    return tiktoken.Encoding("mine", pat_str=r"\w+|\W", mergeable_ranks=ranks, special_tokens={"<|end|>": 256})


def sacremoses__tokenizer():
    from sacremoses import MosesDetokenizer, MosesTokenizer

    return [MosesTokenizer(lang="en"), MosesDetokenizer(lang="en")]


def ot__transport():
    import ot

    return [ot.da.SinkhornTransport().fit(Xs=X, Xt=X + 1), ot.da.EMDTransport().fit(Xs=X, Xt=X)]


def pysindy__model():
    import pysindy

    model = pysindy.SINDy()
    model.fit(X, t=0.1)
    return model


def pysindy__library():
    import pysindy

    return [pysindy.PolynomialLibrary(degree=2).fit(X), pysindy.FourierLibrary().fit(X), pysindy.STLSQ()]


def unyt__quantities():
    import unyt

    return [3 * unyt.km, unyt.unyt_array([1.0, 2.0], "kg*m/s**2"), unyt.Unit("m/s")]


def quantities__kinds():
    import quantities as pq

    return [3 * pq.m, np.arange(3) * pq.s, pq.UncertainQuantity(1, pq.m, 0.1)]


def datasketch__sketches():
    from datasketch import HyperLogLog, MinHash, MinHashLSH, WeightedMinHashGenerator

    sketch = MinHash(num_perm=16)
    sketch.update(b"word")
    index = MinHashLSH(threshold=0.5, num_perm=16)
    index.insert("a", sketch)
    counter = HyperLogLog()
    counter.update(b"x")
    return [sketch, index, counter, WeightedMinHashGenerator(4).minhash([1, 2, 3, 4])]


def ahocorasick__automaton():
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, word in enumerate("he she his hers".split()):
        automaton.add_word(word, (number, word))
    automaton.make_automaton()
    return automaton


def marisa_trie__tries():
    import marisa_trie

    return [
        marisa_trie.Trie(["key1", "key2"]),
        marisa_trie.BytesTrie([("a", b"x")]),
        marisa_trie.RecordTrie("<H", [("a", (1,))]),
    ]


def rtree__index():
    from rtree import index

    tree = index.Index()
    tree.insert(0, (0, 0, 1, 1), obj="first")
    return tree


def pykrige__kriging():
    from pykrige.ok import OrdinaryKriging
    from pykrige.rk import RegressionKriging
    from sklearn.svm import SVR

    return [
        OrdinaryKriging(X[:, 0], X[:, 1], Z, variogram_model="linear"),
        RegressionKriging(SVR(), n_closest_points=3).fit(X[:, 2:], X[:, :2], Z),
    ]


def gstools__fields():
    import gstools

    model = gstools.Gaussian(dim=2, var=1, len_scale=0.3)
    return [model, gstools.SRF(model, seed=1), gstools.krige.Ordinary(model, X[:5, :2].T, Z[:5])]


def geopy__places():
    from geopy import Point
    from geopy.distance import geodesic
    from geopy.location import Location

    return [Point(56.9, 24.1), Location("Riga", (56.9, 24.1), {"id": 1}), geodesic(kilometers=3)]


def pydicom__dataset():
    from pydicom.dataset import Dataset

    data = Dataset()
    data.PatientName, data.StudyDate, data.Rows = "Doe^John", "20240102", 4
    data.PixelSpacing = [0.5, 0.5]
    return data


def pyomo__model():
    import pyomo.environ as pyo

    model = pyo.ConcreteModel()
    model.x = pyo.Var([1, 2], domain=pyo.NonNegativeReals)
    model.cost = pyo.Objective(expr=2 * model.x[1] + 3 * model.x[2])
    model.limit = pyo.Constraint(expr=3 * model.x[1] + 4 * model.x[2] >= 1)
    return model


def mealpy__agent():
    from mealpy import FloatVar
    from mealpy.utils.agent import Agent
    from mealpy.utils.target import Target

    return [FloatVar(lb=(-1.0,) * 2, ub=(1.0,) * 2), Agent(np.zeros(2), Target([1.0]))]


def boost_histogram__histograms():
    import boost_histogram as bh

    return bh.Histogram(bh.axis.Regular(5, 0, 1), bh.axis.StrCategory(["a"]), storage=bh.storage.Weight())


def hist__histogram():
    from hist import Hist

    return Hist.new.Reg(5, 0, 1, name="x").IntCat([1, 2], name="c").Double().fill(x=X[:, 0], c=Y + 1)


def awkward__array():
    import awkward as ak

    return ak.Array([[1, 2], [], [3.5]])


def vector__vectors():
    import vector

    return [vector.obj(x=1, y=2), vector.array({"x": [1.0], "y": [2.0], "z": [3.0]})]


def particle__particle():
    from particle import Particle

    return Particle.from_pdgid(211)


def flint__numbers():
    import flint

    return [flint.fmpz(3), flint.fmpq(1, 2)]


def gmpy2__numbers():
    import gmpy2

    return [gmpy2.mpz(10**30), gmpy2.mpq(1, 3), gmpy2.mpfr("1.5"), gmpy2.mpc(1, 2)]


def galois__field():
    import galois

    return galois.Poly([1, 0, 1, 1])


def ripser__diagrams():
    import ripser

    return ripser.Rips(verbose=False)


def persim__images():
    from persim import PersistenceImager

    imager = PersistenceImager(pixel_size=0.5)
    imager.fit([np.array([[0, 1], [0.5, 2.0]])])
    return imager


def sknetwork__models():
    from sknetwork.clustering import Louvain
    from sknetwork.data import karate_club
    from sknetwork.embedding import Spectral
    from sknetwork.ranking import PageRank

    graph = karate_club()
    return [Louvain().fit(graph), PageRank().fit(graph), Spectral(3).fit(graph)]


def sknetwork__graph():
    from sknetwork.data import karate_club

    return karate_club(metadata=True)


def skdim__estimators():
    import skdim

    return [skdim.id.TwoNN().fit(X), skdim.id.lPCA().fit(X), skdim.id.MLE().fit(X)]


def deslib__selection():
    from deslib.des import KNORAE
    from sklearn.ensemble import BaggingClassifier

    return KNORAE(BaggingClassifier(n_estimators=3).fit(X, Y)).fit(X, Y)


def miceforest__kernel():
    import miceforest

    holes = frame()[["a", "b", "c"]].copy()
    holes.loc[:5, "a"] = np.nan
    kernel = miceforest.ImputationKernel(holes, random_state=1)
    kernel.mice(1, num_threads=1, num_iterations=2)
    return kernel


def wittgenstein__rules():
    import wittgenstein

    model = wittgenstein.RIPPER()
    model.fit(frame()[["a", "b", "y"]], class_feat="y")
    return model


def tomotopy__topics():
    import tomotopy

    model = tomotopy.LDAModel(k=2)
    for text in TEXTS:
        model.add_doc(text.split())
    model.train(2)
    return model.saves()


def skfda__grid():
    import skfda

    data = skfda.FDataGrid(X, grid_points=[0, 1, 2, 3])
    return [
        data,
        skfda.preprocessing.dim_reduction.FPCA(2).fit(data),
        data.to_basis(skfda.representation.basis.BSplineBasis(n_basis=4)),
    ]


def skfda__classifier():
    import skfda
    from skfda.ml.classification import KNeighborsClassifier

    return KNeighborsClassifier(n_neighbors=3).fit(skfda.FDataGrid(X), Y)


def smt__kriging():
    from smt.surrogate_models import KRG, RBF

    models = [KRG(print_global=False), RBF(print_global=False)]
    for model in models:
        model.set_training_values(X[:20], Z[:20])
        model.train()
    return models


def chaospy__expansion():
    import chaospy

    joint = chaospy.J(chaospy.Normal(0, 1), chaospy.Uniform(-1, 1))
    return [joint, chaospy.generate_expansion(2, joint)]


def quantecon__chains():
    import quantecon

    return [quantecon.MarkovChain([[0.9, 0.1], [0.5, 0.5]]), quantecon.LinearStateSpace([[1.0]], [[1.0]], [[1.0]])]


def asdf__tree():
    import asdf

    return asdf.tagged.TaggedDict({"a": 1}, "tag:example.org:a-1.0.0")


def dateparser__settings():
    import datetime

    import dateparser

    return [dateparser.parse("3 May 2024 10:00 +0200"), dateparser.parse("yesterday"), datetime.UTC]


def whenever__moments():
    import whenever

    return [
        whenever.Instant.from_utc(2024, 1, 2, hour=3), whenever.Date(2024, 1, 2), whenever.Time(1, 2),
        whenever.ZonedDateTime(2024, 1, 2, tz="Europe/Riga"), whenever.TimeDelta(hours=3),
    ]  # fmt: skip


def croniter__schedule():
    import datetime

    from croniter import croniter

    return croniter("*/5 * * * *", datetime.datetime(2024, 1, 2))


def ml_collections__config():
    from ml_collections import ConfigDict, FrozenConfigDict

    config = ConfigDict({"lr": 0.1, "net": {"width": 8, "act": "relu"}})
    return [config, FrozenConfigDict(config)]


def yacs__config():
    from yacs.config import CfgNode

    return CfgNode({"LR": 0.1, "NET": CfgNode({"WIDTH": 8})})


def gluonts__dataset():
    import pandas as pd
    from gluonts.dataset.common import ListDataset
    from gluonts.dataset.pandas import PandasDataset

    series = pd.Series(SERIES, index=pd.date_range("2024", periods=80, freq="D"))
    return [ListDataset([{"start": "2024-01-01", "target": SERIES}], freq="D"), PandasDataset(series)]


def gluonts__forecast():
    import pandas as pd
    from gluonts.model.forecast import QuantileForecast, SampleForecast

    start = pd.Period("2024-01", "M")
    return [SampleForecast(X, start), QuantileForecast(X[:2], start, ["0.1", "0.9"])]


def pymanopt__manifold():
    from pymanopt.manifolds import Sphere, Stiefel

    return [Sphere(3), Stiefel(4, 2)]


def rouge_score__scores():
    from rouge_score import rouge_scorer, scoring

    scorer = rouge_scorer.RougeScorer(["rouge1", "rougeL"])
    gathered = scoring.BootstrapAggregator()
    gathered.add_scores(scorer.score("a b c", "a c"))
    return [scorer, scorer.score("a b c", "a c"), gathered]


def textdistance__measures():
    import textdistance

    return [textdistance.Levenshtein(), textdistance.JaroWinkler(), textdistance.Cosine(qval=2)]


def symspellpy__speller():
    from symspellpy import SymSpell

    speller = SymSpell()
    speller.create_dictionary_entry("word", 5)
    return speller


def yake__extractor():
    import yake

    return yake.KeywordExtractor(n=2, top=3)


def libpysal__weights():
    from libpysal import weights

    return [weights.KNN.from_array(X[:, :2], k=3), weights.lat2W(3, 3)]


def libpysal__graph():
    from libpysal.graph import Graph

    return Graph.from_arrays([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0])


def esda__moran():
    import esda
    from libpysal import weights

    near = weights.KNN.from_array(X[:, :2], k=3)
    return [esda.Moran(Z, near), esda.Moran_Local(Z, near), esda.G(Z, near)]


def spreg__models():
    import spreg
    from libpysal import weights

    near = weights.KNN.from_array(X[:, :2], k=3)
    return [spreg.OLS(Z, X), spreg.GM_Lag(Z[:, None], X, w=near)]


def mgwr__gwr():
    from mgwr.gwr import GWR

    return GWR(X[:, :2], Z[:, None], X[:, 2:], bw=30).fit()


def mapclassify__breaks():
    import mapclassify

    return [mapclassify.Quantiles(Z, k=4), mapclassify.NaturalBreaks(Z, k=3)]


def biopandas__structure():
    from biopandas.pdb import PandasPdb

    line = "ATOM      1  N   GLY A   1      11.104   6.134  -6.504  1.00  0.00           N  \n"
    return PandasPdb().read_pdb_from_list([line])


def prody__atoms():
    import prody

    atoms = prody.AtomGroup("x")
    atoms.setCoords(np.zeros((3, 3)))
    atoms.setNames(["N", "CA", "C"])
    return atoms


def prody__model():
    import prody

    net = prody.GNM("x")
    net.buildKirchhoff(np.random.rand(10, 3) * 5)
    net.calcModes(3)
    return net


def mdtraj__trajectory():
    import mdtraj

    top = mdtraj.Topology()
    residue = top.add_residue("ALA", top.add_chain())
    top.add_atom("CA", mdtraj.element.carbon, residue)
    return mdtraj.Trajectory(np.zeros((2, 1, 3)), top)


def mdanalysis__universe():
    import MDAnalysis

    return MDAnalysis.Universe.empty(3, trajectory=True)


def pymatgen__structure():
    from pymatgen.core import Composition, Lattice, Molecule, Structure

    return [
        Structure(Lattice.cubic(4.2), ["Na", "Cl"], [[0, 0, 0], [0.5, 0.5, 0.5]]),
        Molecule("CO", [[0, 0, 0], [0, 0, 1.1]]),
        Composition("Fe2O3"),
    ]


def dipy__gradients():
    from dipy.core.gradients import gradient_table
    from dipy.data import get_sphere

    return [
        get_sphere(name="repulsion100"),
        gradient_table(np.array([0, 1000.0]), bvecs=np.array([[0, 0, 0], [1, 0, 0.0]])),
    ]


def pyvista__mesh():
    import pyvista

    return pyvista.Sphere(theta_resolution=4, phi_resolution=4)


def cantera__solution():
    import cantera

    return cantera.Solution("h2o2.yaml")


def qutip__states():
    import qutip

    return [qutip.basis(2, 0), qutip.sigmax(), qutip.mesolve(qutip.sigmaz(), qutip.basis(2, 0), [0, 0.1])]


def qiskit__circuit():
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter
    from qiskit.quantum_info import SparsePauliOp, Statevector

    circuit = QuantumCircuit(2, 1)
    circuit.h(0)
    circuit.rx(Parameter("a"), 1)
    circuit.cx(0, 1)
    circuit.measure(0, 0)
    return [circuit, SparsePauliOp(["XX", "ZI"], [1, 2]), Statevector([1, 0])]


def pennylane__tape():
    import pennylane as qml

    ops = [qml.RX(0.1, wires=0), qml.CNOT([0, 1])]
    return [qml.tape.QuantumScript(ops, [qml.expval(qml.PauliZ(0))]), qml.Hamiltonian([1.0], [qml.PauliZ(0)])]


def sklearn_genetic__search():
    from sklearn.tree import DecisionTreeClassifier
    from sklearn_genetic import GASearchCV
    from sklearn_genetic.space import Continuous, Integer

    space = {"max_depth": Integer(1, 4), "ccp_alpha": Continuous(0, 0.1)}
    return GASearchCV(DecisionTreeClassifier(), param_grid=space, cv=2, population_size=3, generations=1).fit(X, Y)


def lifetimes__fitted():
    from lifetimes import BetaGeoFitter

    fitter = BetaGeoFitter(penalizer_coef=0.1)
    fitter.fit(np.arange(30) % 5, np.arange(30) % 20 + 5.0, np.full(30, 40.0))
    return fitter


def imbens__ensemble():
    from imbens.ensemble import SelfPacedEnsembleClassifier

    return SelfPacedEnsembleClassifier(n_estimators=3).fit(X, Y)


def hyppo__tests():
    from hyppo.independence import Dcorr, Hsic

    return [Dcorr(), Hsic()]


def tbats__model():
    from tbats import TBATS

    return TBATS(seasonal_periods=[7], use_arma_errors=False, use_box_cox=False, use_trend=False, n_jobs=1).fit(
        SERIES + 3
    )


def dtaidistance__clusters():
    from dtaidistance import clustering, dtw

    model = clustering.Hierarchical(dtw.distance_matrix_fast, {})
    return [model, dtw.distance_matrix(X[:4])]


def plotly__figure():
    import plotly.express as px
    import plotly.graph_objects as go

    return [go.Figure(go.Scatter(x=[1, 2], y=[3, 4])), px.histogram(frame(), x="a", color="city")]


def bokeh__figure():
    from bokeh.plotting import ColumnDataSource

    return ColumnDataSource(frame()).data


def treelib__tree():
    from treelib import Tree

    tree = Tree()
    tree.create_node("Root", "root")
    tree.create_node("Leaf", "leaf", parent="root", data=[1])
    return tree


def anytree__tree():
    from anytree import AnyNode, Node

    root = Node("root")
    Node("leaf", parent=root)
    return [root, AnyNode(id=1)]


def dendropy__tree():
    import dendropy

    return dendropy.Tree.get(data="((A:1,B:2):1,C:3);", schema="newick")


def cobra__model():
    import cobra

    model = cobra.Model("m")
    reaction = cobra.Reaction("r1")
    reaction.add_metabolites(
        {cobra.Metabolite("a_c", compartment="c"): -1, cobra.Metabolite("b_c", compartment="c"): 1}
    )
    model.add_reactions([reaction])
    return model


def obspy__trace():
    import obspy

    return obspy.Stream([obspy.Trace(SERIES, {"station": "ABC", "sampling_rate": 20.0})])


def metpy__units():
    from metpy.units import units

    return [3 * units.degC, np.arange(3) * units("m/s")]


def sunpy__map():
    from sunpy.time import TimeRange, parse_time

    return [TimeRange("2024-01-01", "2024-01-02"), parse_time("2024-01-01")]


def casadi__function():
    import casadi

    x = casadi.SX.sym("x")
    return [casadi.Function("f", [x], [x**2]), casadi.DM([1, 2])]


def cvxopt__matrices():
    import cvxopt

    return [cvxopt.matrix([1.0, 2.0]), cvxopt.spmatrix([1.0], [0], [0])]


def h5py__kinds():
    import h5py

    return [h5py.string_dtype(), h5py.special_dtype(vlen=np.int32), h5py.Empty("f")]


def blosc2__array():
    import blosc2

    return [blosc2.Codec.ZSTD, blosc2.asarray(X).to_cframe()]


def networkit__graph():
    import networkit

    graph = networkit.Graph(3)
    graph.addEdge(0, 1)
    return graph

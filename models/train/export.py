"""Writes the student as ONNX: plain operators, batch normalisation folded, weights int8 with a scale for each output.

Each weight is an int8 constant behind Cast and Mul. ONNX Runtime computes these once, when it loads the model
(DequantizeLinear it would keep, and then run a slower convolution), and so does rten.
"""

import hashlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from student import CENTRE, CLASSES, EMBEDDING, HALF_WIDTH, Bottleneck

OPSET, IR_VERSION = 17, 8


class Graph:
    """Nodes and constants in the making."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, values):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def weights(self, name, values):
        """Int8 of `values` `[outputs, …]`, and the float32 it stands for."""
        flat = np.abs(values.reshape(len(values), -1)).max(axis=1)
        scale = (np.maximum(flat, 1e-12) / 127.0).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
        self.constant(f"{name}.int8", np.clip(np.round(values / scale), -127, 127).astype(np.int8))
        self.constant(f"{name}.scale", scale)
        cast = self.node("Cast", [f"{name}.int8"], f"{name}.cast", to=TensorProto.FLOAT)
        return self.node("Mul", [cast, f"{name}.scale"], f"{name}.weights")

    def conv(self, name, x, layer):
        conv, norm = layer.conv, layer.norm
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        kernel = (conv.weight * gain[:, None, None, None]).numpy()
        bias = self.constant(f"{name}.bias", (norm.bias - norm.running_mean * gain).numpy())
        size, pad = conv.kernel_size[0], conv.padding[0]
        return self.node(
            "Conv",
            [x, self.weights(name, kernel), bias],
            name,
            kernel_shape=[size, size],
            strides=list(conv.stride),
            pads=[pad] * 4,
        )

    def relu(self, x):
        return self.node("Relu", [x], f"{x}.relu")


@torch.no_grad()
def build(student):
    graph = Graph()
    axis = graph.constant("axis", np.array([1], np.int64))
    x = graph.node("Unsqueeze", ["patches", axis], "image")
    x = graph.node("Add", [x, graph.constant("centre", np.float32(-CENTRE))], "centred")
    x = graph.node("Mul", [x, graph.constant("half_width", np.float32(1 / HALF_WIDTH))], "normal")
    for number, block in enumerate(student.body):
        if isinstance(block, Bottleneck):
            y = graph.relu(graph.conv(f"{number}.reduce", x, block.reduce))
            y = graph.relu(graph.conv(f"{number}.mix", y, block.mix))
            y = graph.conv(f"{number}.expand", y, block.expand)
            x = graph.relu(graph.node("Add", [x, y], f"{number}.sum"))
        else:
            x = graph.relu(graph.conv(f"{number}.step", x, block.layer))
    x = graph.relu(graph.conv("top", x, student.top))
    x = graph.node("GlobalAveragePool", [x], "pooled")
    embeddings = graph.node("Flatten", [x], "embeddings", axis=1)
    thin = graph.weights("head_in", student.head_in.weight.numpy())
    x = graph.node("Gemm", [embeddings, thin], "head", transB=1)
    wide = graph.weights("head_out", student.head_out.weight.numpy())
    bias = graph.constant("head_out.bias", student.head_out.bias.numpy())
    x = graph.node("Gemm", [x, wide, bias], "logits", transB=1)
    graph.node("Sigmoid", [x], "scores")
    info = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])
    whole = helper.make_graph(
        graph.nodes,
        "scatter-mini",
        [info("patches", [96, 64])],
        [info("embeddings", [EMBEDDING]), info("scores", [CLASSES])],
        graph.constants,
    )
    model = helper.make_model(
        whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="scatter-sounds"
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def write(student, path):
    """The file, whole or not at all."""
    data = build(student.eval()).SerializeToString(deterministic=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)
    print(f"{path}: {len(data):,} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}", flush=True)

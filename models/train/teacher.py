"""YAMNet in PyTorch, for a GPU: the graph of `yamnet.onnx`, node by node, with its own weights, in float32."""

import time

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch.nn import functional as F

# Patches at a time.
SLICE = 1_024
# Largest relative difference to ONNX Runtime's answers, ‖a − b‖ / ‖b‖.
TOLERANCE = 1e-3


def padded(x, pads):
    """ONNX's pads are top, left, bottom, right."""
    top, left, bottom, right = pads
    if top == bottom and left == right:
        return x, (top, left)
    return F.pad(x, (left, right, top, bottom)), 0


def convolution(x, weight, bias, attributes):
    x, padding = padded(x, attributes.get("pads", [0] * 4))
    return F.conv2d(x, weight, bias, attributes.get("strides", 1), padding, groups=attributes.get("group", 1))


def gemm(x, weight, bias, attributes):
    return torch.addmm(bias, x, weight.T if attributes.get("transB") else weight)


OPERATORS = {
    "Conv": convolution,
    "Relu": lambda x, _: F.relu_(x),
    "Unsqueeze": lambda x, axes, _: x.unsqueeze(int(axes)),
    "GlobalAveragePool": lambda x, _: x.mean(dim=(2, 3), keepdim=True),
    "Flatten": lambda x, _: x.flatten(1),
    "Gemm": gemm,
    "Sigmoid": lambda x, _: torch.sigmoid(x),
}


class DeviceTeacher:
    """Answers like `corpus.Teacher`, on the device."""

    def __init__(self, path, device):
        # The tensor cores' shortened float32 would make another teacher.
        torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
        graph = onnx.load(str(path)).graph
        unknown = {node.op_type for node in graph.node} - OPERATORS.keys()
        if unknown:
            raise SystemExit(f"{path}: no YAMNet as `scatter-prep model fetch` makes it (operators {sorted(unknown)})")
        self.device = device
        self.nodes = [
            (node, {a.name: helper.get_attribute_value(a) for a in node.attribute}, OPERATORS[node.op_type])
            for node in graph.node
        ]
        # Shapes and axes stay on the host.
        place = lambda array: torch.tensor(array, device=device if array.dtype == np.float32 else "cpu")
        self.weights = {tensor.name: place(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
        self.pooled = next(node.input[0] for node in graph.node if node.op_type == "GlobalAveragePool")
        self.last_use = {name: k for k, node in enumerate(graph.node) for name in node.input}
        self.arrange(torch.contiguous_format)
        if device.type == "cuda":
            self.arrange(min((torch.contiguous_format, torch.channels_last), key=self.seconds))

    def arrange(self, layout):
        """From now on images and kernels lie in memory like this."""
        self.layout = layout
        for name, tensor in self.weights.items():
            if tensor.dim() == 4:
                self.weights[name] = tensor.contiguous(memory_format=layout)

    def seconds(self, layout):
        """Time for five slices in this layout."""
        self.arrange(layout)
        patches = torch.rand(SLICE, 96, 64, device=self.device)
        for _ in range(3):
            self.slice(patches)
        torch.cuda.synchronize()
        started = time.perf_counter()
        for _ in range(5):
            self.slice(patches)
        torch.cuda.synchronize()
        return time.perf_counter() - started

    @torch.no_grad()
    def slice(self, patches):
        values = {"patches": patches}
        for k, (node, attributes, operator) in enumerate(self.nodes):
            inputs = [values[name] if name in values else self.weights[name] for name in node.input]
            found = operator(*inputs, attributes)
            if node.op_type == "Unsqueeze":
                found = found.contiguous(memory_format=self.layout)
            values[node.output[0]] = found
            for name in node.input:
                if self.last_use[name] == k and name not in (self.pooled, "embeddings"):
                    values.pop(name, None)
        return values["embeddings"], values["scores"], values[self.pooled]

    def __call__(self, patches):
        """Embeddings `[n, 1024]`, scores `[n, 521]` and areas `[n, 1024, 3, 2]` of `[n, 96, 64]`, float32."""
        return tuple(torch.cat(parts) for parts in zip(*(self.slice(part) for part in patches.split(SLICE))))

    def check(self, reference):
        """Stops unless the answers are those of `reference`, a `corpus.Teacher`."""
        patches = np.random.default_rng(1).uniform(-7, 2, (32, 96, 64)).astype(np.float32)
        found = self(torch.from_numpy(patches).to(self.device))
        for name, wanted, got in zip(("embeddings", "scores"), reference(patches), found):
            error = np.linalg.norm(got.cpu().numpy() - wanted) / np.linalg.norm(wanted)
            print(f"teacher on {self.device.type}: {name} within {error:.1e} of ONNX Runtime's", flush=True)
            if not error < TOLERANCE:
                raise SystemExit(f"the teacher's {name} on {self.device} differ from ONNX Runtime's by {error:.1e}")

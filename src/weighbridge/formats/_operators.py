"""PyTorch's operators: which of them reach out of the model, and whose the others are."""

from __future__ import annotations

REACHES_OUT = {
    "aten::save": "writes a file",
    "aten::from_file": "maps a file, and may write to it",
    "prim::PythonOp": "calls Python",
    "prim::IgnoredPythonOp": "calls Python",
    "prim::rpc_async": "runs on another machine",
    "prim::rpc_sync": "runs on another machine",
    "prim::rpc_remote": "runs on another machine",
    "image::read_file": "reads a file",
    "image::write_file": "writes a file",
    "video_reader::read_video_from_file": "reads a file",
    "video_reader::probe_video_from_file": "reads a file",
    "sox_io::load_audio_file": "reads a file",
    "sox_io::save_audio_file": "writes a file",
    "torchaudio::sox_io_load_audio_file": "reads a file",
    "torchaudio::sox_io_save_audio_file": "writes a file",
    "torchaudio::sox_effects_apply_effects_file": "reads a file",
    "torchtext::load_sp_model": "reads a file",
}
OURS = frozenset(  # PyTorch's own namespaces, and those of the libraries of its family
    """aten prim prims quantized _quantized quantization quantized_decomposed mkldnn mkldnn_prepacked mkl onednn sparse
    static_runtime inductor profiler onnx prepacked xnnpack vulkan vulkan_prepack metal metal_prepack caffe2 _caffe2
    tensorexpr cuda cudnn c10d _c10d_functional c10d_functional symm_mem higher_order export debugprims rngprims
    torchvision image video_reader torchaudio sox_io sox_effects torchtext torchrec fbgemm torchao rnn dist_rpc
    torch_scatter torch_sparse torch_cluster torch_spline_conv pyg tensorrt torch_ipex ipex_prepack neuron _nnapi
    backends executorch _test _native _dtensor""".split()
)


def operator_of(name: str) -> str:
    """The operator (`aten::save`) or class (`ns::Class`) that a dotted name stands for; "" where it is none."""
    parts = name.split(".")
    if parts[0] == "torch" and len(parts) == 2:
        return f"aten::{parts[1]}"
    if parts[0] == "ops" and len(parts) >= 3:
        return f"{parts[1]}::{parts[2]}"
    if parts[:2] == ["torch", "ops"] and len(parts) >= 4:
        return f"{parts[2]}::{parts[3]}"
    if parts[:3] == ["__torch__", "torch", "classes"] and len(parts) >= 5:
        return f"{parts[3]}::{parts[4]}"
    return ""

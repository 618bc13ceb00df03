"""The encoders of SAM and MobileSAM, rearranged on the loaded network: the same answers, sooner and in less memory.

Only this network's own modules are changed; the libraries stay as they are. What pays, and why:

* Normalisation that follows a convolution is folded into its weights, and photos go through the convolutions with the
  channels last, as the processor's vector units like them.
* Attention is asked of PyTorch's own fused operation, a head at a time. The library writes down every score of every
  head at once, together with what the relative positions add to them: 2 GB in SAM's global layers. On a processor
  SAM's scores are computed a few rows at a time instead, so that they never leave its cache.
* In half precision the weights are converted once, not with every photo.

With random weights the features differ from the library's by about 1e-6 of their size in fp32, by less than 1e-2 in
bf16.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

from core.device import Device, Precision

if TYPE_CHECKING:
    import torch
    from torch import Tensor

_SCORES_AT_ONCE = 1 << 20
"""How many of a head's scores are there at a time on a processor: 4 MB, well within its cache."""


def half_kind(precision: Precision) -> "torch.dtype | None":
    """Return PyTorch's name of a half precision, None for fp32."""
    import torch

    return {Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}.get(precision)


def rearrange(encoder: Any, device: Device) -> None:
    """Rearrange an encoder for where it is going to compute; it still counts in fp32.

    Parameters
    ----------
    encoder
        The image encoder of SAM or MobileSAM with its weights, ready to answer, on the processor. Changed in place.
    """
    import torch

    with torch.no_grad():
        _fold_normalisation(encoder)
        for module in encoder.modules():
            _replace_forward(module)
        if device is not Device.MPS:
            encoder.to(memory_format=torch.channels_last)


def to_half(encoder: Any, precision: Precision) -> None:
    """Convert the weights of a rearranged encoder in place, if it is to count in half precision."""
    import torch

    kind = half_kind(precision)
    if kind is None:
        return
    with torch.no_grad():
        # What autocast converts anyway; sums, normalisation and positions stay in fp32.
        for module in encoder.modules():
            if isinstance(module, torch.nn.Conv2d | torch.nn.Linear):
                module.to(kind)


def _fold_normalisation(module: Any) -> None:
    for name, child in module.named_children():
        if type(child).__name__ == "Conv2d_BN":
            setattr(module, name, child.fuse().requires_grad_(False))
        else:
            _fold_normalisation(child)


def _replace_forward(module: Any) -> None:
    kind = type(module).__name__
    if kind == "LayerNorm2d":
        module.forward = partial(_normalise, module)
    elif kind == "TinyViTBlock":
        module.forward = partial(_look_around, module)
    elif kind == "PatchMerging":
        module.forward = partial(_merge, module)
    elif kind == "Attention" and hasattr(module, "attention_biases"):
        module.forward = partial(_attend_in_window, module)
    elif kind == "Attention" and hasattr(module, "rel_pos_h"):
        module.forward = partial(_attend_on_grid, module)


def _normalise(norm: Any, x: "Tensor") -> "Tensor":
    """Normalise each place of ``(B, C, H, W)`` over its channels, in one pass where the channels are last."""
    from torch.nn.functional import layer_norm

    return layer_norm(x.permute(0, 2, 3, 1), norm.weight.shape, norm.weight, norm.bias, norm.eps).permute(0, 3, 1, 2)


def _look_around(block: Any, x: "Tensor") -> "Tensor":
    """Answer as MobileSAM's block ``(B, H * W, C)``: attention in windows, a convolution, and two layers."""
    from torch.nn.functional import pad

    (height, width), side = block.input_resolution, block.window_size
    count, channels = len(x), x.shape[2]
    rows, columns = -(-height // side), -(-width // side)
    grid = pad(x.view(count, height, width, channels), (0, 0, 0, columns * side - width, 0, rows * side - height))
    cells = grid.view(count, rows, side, columns, side, channels).transpose(2, 3).reshape(-1, side * side, channels)
    cells = block.attn(cells).view(count, rows, columns, side, side, channels).transpose(2, 3)
    grid = cells.reshape(count, rows * side, columns * side, channels)[:, :height, :width]
    x = x + grid.reshape(x.shape)
    x = _to_rows(block.local_conv(_to_grid(x, height, width)))
    return x + block.mlp(x)  # type: ignore[no-any-return] # the libraries are untyped


def _merge(merging: Any, x: "Tensor") -> "Tensor":
    """Answer as MobileSAM's merging of patches: a grid, or rows of it, to rows of a coarser one."""
    grid = _to_grid(x, *merging.input_resolution) if x.ndim == 3 else x
    return _to_rows(merging.conv3(merging.act(merging.conv2(merging.act(merging.conv1(grid))))))


def _to_grid(rows: "Tensor", height: int, width: int) -> "Tensor":
    """Return ``(B, H * W, C)`` as ``(B, C, H, W)``, a view with the channels last in memory.

    Written as one permutation, here and back, because OpenVINO sees that nothing has to be moved for it.
    """
    return rows.view(len(rows), height, width, -1).permute(0, 3, 1, 2)


def _to_rows(grid: "Tensor") -> "Tensor":
    """Return ``(B, C, H, W)`` as ``(B, H * W, C)``; a view where the channels are last in memory."""
    return grid.permute(0, 2, 3, 1).flatten(1, 2)


def _attend_in_window(attention: Any, x: "Tensor") -> "Tensor":
    """Answer as MobileSAM's window attention: ``(B, N, C)``, with a learned bias for every pair of places."""
    count, places, _ = x.shape
    joint = attention.qkv(attention.norm(x)).view(count, places, attention.num_heads, -1)
    parts = joint.split([attention.key_dim, attention.key_dim, attention.d], dim=3)
    q, k, v = (part.transpose(1, 2) for part in parts)
    answer = _attend(q, k, v, attention.ab[None], attention.scale)
    return attention.proj(answer.transpose(1, 2).flatten(2))  # type: ignore[no-any-return] # the libraries are untyped


def _attend_on_grid(attention: Any, x: "Tensor") -> "Tensor":
    """Answer as SAM's attention ``(B, H, W, C)``, whose scores depend on how far rows and columns are apart.

    One head after the other: what the positions add is as large as the scores, and only one head's is ever there.
    """
    import torch

    count, height, width, _ = x.shape
    joint = attention.qkv(x).view(count, height * width, 3, attention.num_heads, -1).permute(3, 2, 0, 1, 4)
    rows, columns = _offsets(attention.rel_pos_h, height), _offsets(attention.rel_pos_w, width)
    answers = []
    for q, k, v in joint:
        by_row, by_column = _position_scores(q, rows, columns)
        if q.device.type == "cpu":
            answers.append(_attend_by_rows(q, k, v, by_row, by_column, attention.scale))
        else:
            bias = (by_row[..., :, None] + by_column[..., None, :]).reshape(count, 1, height * width, -1)
            answers.append(_attend(q[:, None], k[:, None], v[:, None], bias, attention.scale)[:, 0])
    return attention.proj(torch.cat(answers, dim=2).view(count, height, width, -1))  # type: ignore[no-any-return] # untyped


def _offsets(table: "Tensor", side: int) -> "Tensor":
    """Return for each pair of places on an axis of `side` the entry ``(side, side, C)`` of their distance."""
    import torch

    places = torch.arange(side, device=table.device)
    return table[places[:, None] - places[None, :] + side - 1]


def _position_scores(q: "Tensor", rows: "Tensor", columns: "Tensor") -> "tuple[Tensor, Tensor]":
    """Return what the positions add to the scores of ``(B, H * W, C)`` queries, by row and by column of the keys.

    ``(B, H, W, H)`` and ``(B, H, W, W)``; the score of a key gets the sum of both.
    """
    import torch

    with torch.autocast(q.device.type, enabled=False):
        q, rows, columns = (_exact(part) for part in (q, rows.to(q.dtype), columns.to(q.dtype)))
        grid = q.reshape(q.shape[0], len(rows), len(columns), -1)
        return torch.einsum("bhwc,hkc->bhwk", grid, rows), torch.einsum("bhwc,wkc->bhwk", grid, columns)


def _attend_by_rows(
    q: "Tensor", k: "Tensor", v: "Tensor", by_row: "Tensor", by_column: "Tensor", scale: float
) -> "Tensor":
    """Return one head's attention ``(B, H * W, C)``: products in the kind of `q`, scores in fp32, a few rows a time."""
    import torch

    count, places, _ = q.shape
    _, height, width, _ = by_row.shape
    step = max(1, _SCORES_AT_ONCE // (count * width * places))
    blocks = []
    with torch.autocast(q.device.type, enabled=False):
        keys = (k * scale).transpose(1, 2)
        for start in range(0, height, step):
            scores = torch.bmm(q[:, start * width : (start + step) * width], keys).float()
            shares = scores.view(count, -1, width, height, width)
            shares += by_row[:, start : start + step, :, :, None]
            shares += by_column[:, start : start + step, :, None, :]
            blocks.append(torch.bmm(scores.softmax(dim=2).to(v.dtype), v))
    return torch.cat(blocks, dim=1)


def _attend(q: "Tensor", k: "Tensor", v: "Tensor", bias: "Tensor", scale: float) -> "Tensor":
    """Return the attention of ``(B, heads, N, C)`` with `bias` added to its scores, in the kind of `q`."""
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    with torch.autocast(q.device.type, enabled=False):
        kind = q.dtype
        q, k, v = _exact(q), _exact(k), _exact(v)
        return scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype), scale=scale).to(kind)


def _exact(x: "Tensor") -> "Tensor":
    """Return `x` as fp32 on the processor, where PyTorch's fused attention is faster in it than in bf16."""
    return x.float() if x.device.type == "cpu" else x
